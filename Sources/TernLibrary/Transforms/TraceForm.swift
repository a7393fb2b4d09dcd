import TernRuntime
import TernSyntax
import TernTensor

/// What a trace was made for: the structure of its arguments, the types of their floats and tensors, and everything else as
/// it was. Floats and tensors are unknown to a trace; of a model, floats that are not its params or states are known, as they
/// say what the model is.
struct TraceForm {
  private(set) var parts: [Part] = []
  /// Where in the arguments each part is, for the note of what changed.
  private(set) var paths: [String] = []

  enum Part {
    case tensor(TensorType)
    case float
    case list(Int)
    case record(Layout)
    case model(ModelObject)
    case known(Value)
  }

  /// Does the same trace serve for these arguments? Collects their leaves on the way.
  func fits(_ arguments: [BoundArgument], leaves: inout [Value]) -> Bool {
    var position = 0
    for argument in arguments {
      guard fits(argument.value, isKnown: false, &position, &leaves) else { return false }
    }
    return position == parts.count
  }

  private func fits(_ value: Value, isKnown: Bool, _ position: inout Int, _ leaves: inout [Value]) -> Bool {
    guard position < parts.count else { return false }
    let part = parts[position]
    position += 1
    switch (part, value) {
    case (.tensor(let type), .tensor(let tensor)):
      guard tensor.has(type) else { return false }
      leaves.append(value)
      return true
    case (.float, .float):
      leaves.append(value)
      return true
    case (.list(let count), .list(let list)):
      guard list.count == count else { return false }
      for index in 0..<count { guard fits(list[index], isKnown: isKnown, &position, &leaves) else { return false } }
      return true
    case (.record(let layout), .record(let record)):
      guard record.layout === layout || record.layout.keys == layout.keys else { return false }
      for index in 0..<record.count { guard fits(record.items[index], isKnown: isKnown, &position, &leaves) else { return false } }
      return true
    case (.model(let known), .model(let model)):
      guard known.blueprint === model.blueprint, known.snapshot === model.snapshot, known.attachment === model.attachment else { return false }
      for index in 0..<model.count {
        let isLeaf = TraceForm.isLeaf(model, index)
        guard fits(model.items[index], isKnown: !isLeaf, &position, &leaves) else { return false }
      }
      return true
    case (.known(let known), _): return known.isSameKnown(as: value)
    default: return false
    }
  }

  fileprivate static func isLeaf(_ model: ModelObject, _ position: Int) -> Bool {
    switch model.blueprint.members[position] {
    case .param, .state: true
    case .argument, .binding: false
    }
  }

  /// Reads the form off arguments and puts `change` of each leaf in its place.
  mutating func read(_ value: Value, _ path: String, isKnown: Bool = false, depth: Int = 0, _ change: (Value) throws(Fault) -> Value) throws(Fault) -> Value {
    guard depth < 1000 else { throw Fault(.recursion, "this argument is nested too deep to be traced") }
    func note(_ part: Part) {
      parts.append(part)
      paths.append(path)
    }
    switch value {
    case .tensor(let tensor):
      note(.tensor(tensor.traceType))
      return try change(value)
    case .float where !isKnown:
      note(.float)
      return try change(value)
    case .list(let list):
      note(.list(list.count))
      let copy = ListObject(capacity: list.count)
      for index in 0..<list.count { copy.append(try read(list[index], "\(path)[\(index)]", isKnown: isKnown, depth: depth + 1, change)) }
      return .list(copy)
    case .record(let record):
      note(.record(record.layout))
      let copy = RecordObject(record.layout)
      for index in 0..<record.count {
        copy.items[index] = try read(record.items[index], "\(path).\(record.layout.keys[index].text)", isKnown: isKnown, depth: depth + 1, change)
      }
      return .record(copy)
    case .model(let model):
      note(.model(model))
      let copy = ModelObject(copying: model)
      for index in 0..<model.count {
        let path = "\(path).\(model.blueprint.layout.keys[index].text)"
        copy.items[index] = try read(model.items[index], path, isKnown: !TraceForm.isLeaf(model, index), depth: depth + 1, change)
      }
      return .model(copy)
    default:
      note(.known(value))
      return value
    }
  }

  /// The first place where another form differs, in words.
  func difference(from other: TraceForm) -> String {
    for (position, part) in parts.enumerated() {
      guard position < other.parts.count else { break }
      let before = other.parts[position]
      if let change = part.change(from: before) { return "`\(paths[position])` \(change)" }
    }
    return "the structure of its arguments"
  }
}

extension TraceForm.Part {
  fileprivate func change(from other: TraceForm.Part) -> String? {
    switch (self, other) {
    case (.tensor(let new), .tensor(let old)): return new == old ? nil : "was \(old.text) and is \(new.text)"
    case (.float, .float): return nil
    case (.list(let new), .list(let old)): return new == old ? nil : "had \(old) items and has \(new)"
    case (.record(let new), .record(let old)): return new.keys == old.keys ? nil : "has other keys"
    case (.model(let new), .model(let old)): return new.blueprint === old.blueprint && new.snapshot === old.snapshot ? nil : "is another model"
    case (.known(let new), .known(let old)): return old.isSameKnown(as: new) ? nil : "was \(old.inline) and is \(new.inline)"
    default: return "is of another kind"
    }
  }
}

extension Tensor {
  var traceType: TensorType { TensorType(dtype: dtype, shape: shape, axisNames: axisNames, isWeak: isWeak) }

  fileprivate func has(_ type: TensorType) -> Bool {
    dtype == type.dtype && shape == type.shape && isWeak == type.isWeak && axisNames == type.axisNames
  }
}

extension Value {
  /// The same for a trace: equal, or the same code with the same captures.
  fileprivate func isSameKnown(as other: Value) -> Bool {
    switch (self, other) {
    case (.function(let a), .function(let b)):
      if a === b { return true }
      guard a.prototype === b.prototype else { return false }
      return zip(a.captured, b.captured).allSatisfy { $0.isSameKnown(as: $1) }
    case (.function, _), (_, .function): return false
    case (.float(let a), .float(let b)): return a.bitPattern == b.bitPattern
    default: return (try? sameValue(self, other)) ?? false
    }
  }
}
