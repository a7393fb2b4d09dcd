import TernSyntax
import TernTensor

/// Arithmetic leaf by leaf: of a record, list or model with one like it, or with one number.
extension Machine {
  func treeArithmetic(
    _ operation: BinaryOperator, _ left: Registers, _ right: Registers, ownsLeft: Bool, ownsRight: Bool
  ) throws(Fault) -> Value {
    let result = Registers.allocate(capacity: 1)
    result.initialize(to: .none)
    defer {
      result.deinitialize(count: 1)
      result.deallocate()
    }
    var path = TreePath()
    try combineTrees(operation, into: result, left, right, ownsLeft: ownsLeft, ownsRight: ownsRight, &path)
    return result.take()
  }

  /// Where in the trees we are, for messages, and how deep.
  struct TreePath {
    var steps: [String] = []
    /// In a model, what is neither a param nor holds some stays as the left side has it.
    var isInModel = false
    var text: String { steps.joined().isEmpty ? "" : " at `\(steps.joined().drop { $0 == "." })`" }
  }

  private func combineTrees(
    _ operation: BinaryOperator, into target: Registers, _ left: Registers, _ right: Registers, ownsLeft: Bool,
    ownsRight: Bool, _ path: inout TreePath
  ) throws(Fault) {
    guard path.steps.count < 1000 else { throw tooDeep() }
    let leftIsTree = left.isTree
    let rightIsTree = right.isTree
    if !leftIsTree && !rightIsTree {
      return try combineLeaves(operation, into: target, left, right, ownsLeft: ownsLeft, ownsRight: ownsRight, path)
    }
    if operation == .matmul { throw Fault.badOperands("@", left.pointee, right.pointee) }
    if leftIsTree && rightIsTree { try checkAlike(left.pointee, right.pointee, operation, path) }
    // The tree whose structure the result takes: the left one's, else the right one's.
    let source = leftIsTree ? left : right
    let ownsSource = leftIsTree ? ownsLeft : ownsRight
    target.pointee = ownsSource && source.isUniqueTree ? source.take() : source.pointee.treeCopy
    let wasInModel = path.isInModel
    path.isInModel = wasInModel || target.tag == Tag.model
    defer { path.isInModel = wasInModel }
    for position in 0..<target.treeCount {
      guard let step = target.pointee.treeStep(position) else { continue }
      if wasInModel && target.tag != Tag.model && !target.treeItem(position).pointee.holdsParams { continue }
      path.steps.append(step)
      let slot = target.treeItem(position)
      let ours = leftIsTree ? slot : left
      let theirs = rightIsTree ? (leftIsTree ? right.treeItem(matching: target, position) : slot) : right
      try combineTrees(
        operation, into: slot, ours, theirs, ownsLeft: ours == slot, ownsRight: theirs == slot, &path)
      path.steps.removeLast()
    }
  }

  private func combineLeaves(
    _ operation: BinaryOperator, into target: Registers, _ left: Registers, _ right: Registers, ownsLeft: Bool,
    ownsRight: Bool, _ path: TreePath
  ) throws(Fault) {
    if left.asDouble != nil && right.asDouble != nil || left.tag == Tag.tensor || right.tag == Tag.tensor {
      let flags: UInt8 = (ownsLeft && target == left ? 1 : 0) | (ownsRight && target == right ? 2 : 0)
      return try arithmetic(operation, flags, target, left, right)
    }
    if let result = try Quantities.apply(operation, left.pointee, right.pointee) { target.pointee = result; return }
    if left.tag == Tag.unset || right.tag == Tag.unset { throw Fault.uninitialised(path.steps.last ?? "a param") }
    let odd = left.pointee.isLeaf ? right.pointee : left.pointee
    throw Fault(.notATree, "a leaf of a tree is a number or a tensor; this is \(odd.description)\(path.text)")
  }

  private func checkAlike(_ a: Value, _ b: Value, _ operation: BinaryOperator, _ path: TreePath) throws(Fault) {
    let alike: Bool
    switch (a, b) {
    case (.list(let x), .list(let y)):
      if x.count != y.count {
        throw Fault(
          .treesDiffer, "lists of \(x.count) and \(y.count) do not add element by element\(path.text)",
          hint: operation == .add ? "`[...a, ...b]` joins lists" : nil)
      }
      alike = true
    case (.record(let x), .record(let y)):
      alike = x.count == y.count && x.layout.keys.allSatisfy { y.layout.position(of: $0) != nil }
    case (.model(let x), .model(let y)): alike = x.blueprint === y.blueprint
    default: alike = false
    }
    if !alike {
      throw Fault(
        .treesDiffer, "`\(operation.rawValue)` takes trees of the same structure; \(difference(a, b))\(path.text)"
      ).marking(0, a.description).marking(1, b.description)
    }
  }
}

/// How two trees differ: for records the keys that only one has.
private func difference(_ a: Value, _ b: Value) -> String {
  guard case .record(let x) = a, case .record(let y) = b else { return "these are \(a.description) and \(b.description)" }
  func onlyIn(_ one: RecordObject, _ other: RecordObject) -> String? {
    let keys = one.layout.keys.filter { other.layout.position(of: $0) == nil }.map { "`\($0.text)`" }
    guard !keys.isEmpty else { return nil }
    return keys.prefix(5).joined(separator: ", ") + (keys.count > 5 ? ", …" : "")
  }
  let left = onlyIn(x, y).map { "only the left has \($0)" }
  let right = onlyIn(y, x).map { "only the right has \($0)" }
  return [left, right].compactMap { $0 }.joined(separator: ", ")
}

extension UnsafeMutablePointer<Value> {
  var isTree: Bool { tag == Tag.list || tag == Tag.record || tag == Tag.model }

  var isUniqueTree: Bool {
    switch tag {
    case Tag.list: holdsUnique(ListObject.self)
    case Tag.record: holdsUnique(RecordObject.self)
    case Tag.model: holdsUnique(ModelObject.self)
    default: false
    }
  }

  var treeCount: Int {
    switch tag {
    case Tag.list: object(ListObject.self)._withUnsafeGuaranteedRef { $0.count }
    case Tag.record: object(RecordObject.self)._withUnsafeGuaranteedRef { $0.count }
    case Tag.model: object(ModelObject.self)._withUnsafeGuaranteedRef { $0.count }
    default: 0
    }
  }

  func treeItem(_ position: Int) -> Registers {
    switch tag {
    case Tag.list: object(ListObject.self)._withUnsafeGuaranteedRef { $0.items } + position
    case Tag.record: object(RecordObject.self)._withUnsafeGuaranteedRef { $0.items } + position
    default: object(ModelObject.self)._withUnsafeGuaranteedRef { $0.items } + position
    }
  }

  /// The item of this tree that pairs with an item of a like one; keys of records may stand in another order.
  func treeItem(matching other: Registers, _ position: Int) -> Registers {
    guard tag == Tag.record else { return treeItem(position) }
    let key = other.object(RecordObject.self)._withUnsafeGuaranteedRef { $0.layout.keys[position] }
    let mine = object(RecordObject.self)._withUnsafeGuaranteedRef { $0.layout.position(of: key) }
    return treeItem(mine ?? position)
  }
}

extension Value {
  var isLeaf: Bool {
    switch self {
    case .int, .float, .tensor: true
    default: false
    }
  }

  /// The same tree with items of its own, which are still shared.
  var treeCopy: Value {
    switch self {
    case .list(let list): .list(ListObject(copying: list))
    case .record(let record): .record(RecordObject(copying: record))
    case .model(let model): .model(ModelObject(copying: model))
    default: self
    }
  }

  /// How an item is reached, or nil where arithmetic leaves it as the left side has it: of a model only params and sub-models
  /// count.
  func treeStep(_ position: Int) -> String? {
    switch self {
    case .list: return "[\(position)]"
    case .record(let record): return "." + record.layout.keys[position].text
    case .model(let model):
      switch model.blueprint.members[position] {
      case .param: return "." + model.blueprint.layout.keys[position].text
      case .binding: return model.items[position].holdsParams ? "." + model.blueprint.layout.keys[position].text : nil
      case .state, .argument: return nil
      }
    default: return nil
    }
  }

  /// A model, or a list or record with models in it.
  package var holdsParams: Bool {
    switch self {
    case .model: true
    case .list(let list): list.values.contains { $0.holdsParams }
    case .record(let record): (0..<record.count).contains { record.items[$0].holdsParams }
    default: false
    }
  }
}
