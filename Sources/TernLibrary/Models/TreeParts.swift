import TernData
import TernRuntime
import TernSyntax
import TernTensor

/// The params and states of models in a tree, and the other leaves of it, each with its path, such as `layers[0].w`: what
/// parts of models are named by.
enum TreeParts {
  struct Place {
    let path: String
    let isState: Bool
  }

  private static let maxDepth = 1000

  /// The same tree with other leaves; those without numbers yet are asked too.
  static func replacing(_ tree: Value, _ change: (Value, Place) throws(Fault) -> Value) throws(Fault) -> Value {
    try visit(tree, "", isInModel: false, 0, change)
  }

  static func named(_ tree: Value) throws(Fault) -> [(place: Place, leaf: Value)] {
    var leaves: [(Place, Value)] = []
    _ = try replacing(tree) { leaf, place throws(Fault) in
      leaves.append((place, leaf))
      return leaf
    }
    return leaves
  }

  private static func visit(
    _ value: Value, _ path: String, isInModel: Bool, _ depth: Int, _ change: (Value, Place) throws(Fault) -> Value
  ) throws(Fault) -> Value {
    guard depth < maxDepth else { throw Fault(.recursion, "this tree is nested too deep") }
    func named(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    switch value {
    case .int, .float, .tensor, .unset: return isInModel ? value : try change(value, Place(path: path, isState: false))
    case .list(let list):
      let copy = ListObject(capacity: list.count)
      for (index, item) in list.values.enumerated() {
        copy.append(try visit(item, "\(path)[\(index)]", isInModel: isInModel, depth + 1, change))
      }
      return .list(copy)
    case .record(let record):
      let copy = RecordObject(record.layout)
      for (position, key) in record.layout.keys.enumerated() {
        copy.items[position] = try visit(record.items[position], named(key.text), isInModel: isInModel, depth + 1, change)
      }
      return .record(copy)
    case .model(let model):
      let copy = ModelObject(copying: model)
      for (position, member) in model.blueprint.members.enumerated() {
        let path = named(model.blueprint.layout.keys[position].text)
        switch member {
        case .param, .state: copy.items[position] = try change(model.items[position], Place(path: path, isState: member == .state))
        case .binding: copy.items[position] = try visit(model.items[position], path, isInModel: true, depth + 1, change)
        case .argument: break
        }
      }
      return .model(copy)
    default: return value
    }
  }
}

/// Parts of a tree by their paths: each text is a path, the start of paths (`layers[0]` is all below it), or a pattern with
/// `*` for any text.
struct PathChoice {
  private let choices: [String]

  init(_ choices: [String]) { self.choices = choices }

  func contains(_ path: String) -> Bool { choices.contains { PathChoice.does($0, choose: path) } }

  private static func does(_ choice: String, choose path: String) -> Bool {
    if let pattern = Pattern(choice) { return pattern.matches(path) }
    guard path.utf8.starts(with: choice.utf8) else { return false }
    let rest = path.utf8.dropFirst(choice.utf8.count).first
    return rest == nil || rest == UInt8(ascii: ".") || rest == UInt8(ascii: "[")
  }

  /// Refuses a text that chooses nothing of these.
  func check(_ paths: [String], _ word: String) throws(Fault) {
    guard let idle = choices.first(where: { choice in !paths.contains { PathChoice.does(choice, choose: $0) } }) else { return }
    let near = didYouMean(idle, among: paths).map { "did you mean \($0.quoted)?" }
    throw Fault(
      .unknownKey, "`\(word)` names \(idle.quoted), and nothing in the model has such a path",
      hint: near ?? "its paths are \(paths.prefix(6).joined(separator: ", "))\(paths.count > 6 ? ", …" : "")")
  }
}

extension Machine {
  /// A text or a list of texts.
  func texts(_ value: Value, _ what: String) throws(Fault) -> [String] {
    switch value {
    case .none, .unset: return []
    case .string(let text): return [text.text]
    case .list(let list):
      var texts: [String] = []
      for item in list.values {
        guard case .string(let text) = item else { throw Fault(.badArgument, "\(what) is a text or a list of texts; this has \(item.description)") }
        texts.append(text.text)
      }
      return texts
    default: throw Fault(.badArgument, "\(what) is a text or a list of texts; this is \(value.description)")
    }
  }
}

// MARK: graft

extension ModelWords {
  static var graft: Builtin {
    Builtin(
      "graft(tree: any, other, paths)",
      """
      The tree with some of its leaves taken from another tree, or set to a number. `paths` names them: `"layers[0].w"`, \
      `"layers[0]"` for all below it, or a pattern such as `"*.b"`; states of models count too.
      """,
      example: "graft({a: 1.0, b: {c: 2.0}}, 0.0, \"b\")  #> {a: 1.0, b: {c: 0.0}}"
    ) { call throws(Fault) in
      let paths = try call.machine.texts(call[2], "`paths`")
      let choice = PathChoice(paths)
      let own = try TreeParts.named(call[0])
      try choice.check(own.map(\.place.path), "paths")
      switch call[1] {
      case .int, .float: return try filled(call[0], choice, with: try call.machine.double(call[1]))
      default: return try grafted(call[0], own, from: call[1], choice)
      }
    }
  }

  private static func filled(_ tree: Value, _ choice: PathChoice, with number: Double) throws(Fault) -> Value {
    try TreeParts.replacing(tree) { leaf, place throws(Fault) in
      guard choice.contains(place.path) else { return leaf }
      guard case .tensor(let tensor) = leaf else { return .float(number) }
      return .tensor(try tensorCall { () throws(TensorError) in
        try Tensor.full(shape: tensor.shape, .float(number), dtype: tensor.dtype, axisNames: tensor.axisNames)
      })
    }
  }

  private static func grafted(
    _ tree: Value, _ own: [(place: TreeParts.Place, leaf: Value)], from other: Value, _ choice: PathChoice
  ) throws(Fault) -> Value {
    var sources: [String: Value] = [:]
    for (place, leaf) in try TreeParts.named(other) { sources[place.path] = leaf }
    return try TreeParts.replacing(tree) { leaf, place throws(Fault) in
      guard choice.contains(place.path) else { return leaf }
      guard let source = sources[place.path] else { throw Fault(.treesDiffer, "the other tree has no leaf at `\(place.path)`") }
      if case .tensor(let a) = leaf, case .tensor(let b) = source, a.shape != b.shape || a.dtype != b.dtype {
        throw Fault(.treesDiffer, "`\(place.path)` is \(a.typeText) here and \(b.typeText) in the other tree")
      }
      return source
    }
  }
}
