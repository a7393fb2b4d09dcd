internal import TernTensor

/// Fitted recipes as JSON, for checkpoints:
///
///     {"columns": [{"name": "bill_length_mm", "type": "float", "chain": [{"do": "standardize", "mean": 44.0, "std": 5.4}]}]}
///
/// Cells keep their kind: `{"int": 3}`, `{"str": "Dream"}`. Floats whose bits JSON cannot hold are refused when fitting.
extension FittedRecipe {
  package var json: JSONValue { ["columns": .array(columns.map(\.json))] }

  /// - Throws: `unexpectedJSON`.
  package init(json: JSONValue) throws(DataError) {
    var columns: [FittedColumn] = []
    for column in try json.array("columns") { columns.append(try FittedColumn(json: column)) }
    self.init(columns: columns)
  }
}

extension FittedColumn {
  fileprivate var json: JSONValue {
    ["name": .string(name), "type": .string(type.name), "chain": .array(transforms.map(\.json))]
  }

  fileprivate init(json: JSONValue) throws(DataError) {
    guard let type = ColumnType(name: try json.string("type")) else {
      throw .unexpectedJSON(at: "type", needed: "a column's type")
    }
    var transforms: [FittedTransform] = []
    for transform in try json.array("chain") { transforms.append(try FittedTransform(json: transform)) }
    guard !transforms.isEmpty else { throw .unexpectedJSON(at: "chain", needed: "a transform") }
    self.init(name: try json.string("name"), type: type, transforms: transforms)
  }
}

extension ColumnType {
  /// The type that a name such as `int` or `u8[28, 28]` stands for.
  fileprivate init?(name: String) {
    if let found = [ColumnType.int, .float, .bool, .text, .time].first(where: { $0.name == name }) {
      self = found
      return
    }
    let parts = name.split(separator: "[", maxSplits: 1)
    guard let dtype = parts.first.flatMap({ DType(name: String($0)) }) else { return nil }
    let words = parts.dropFirst().flatMap { $0.dropLast().split(separator: ",") }
    let sizes = words.compactMap { CellSyntax.int(String($0.drop { $0 == " " })) }
    guard sizes.count == words.count else { return nil }
    self = .tensor(dtype, sizes)
  }
}

extension FittedTransform {
  fileprivate var json: JSONValue {
    switch self {
    case .keep: ["do": "keep"]
    case .standardize(let mean, let std): ["do": "standardize", "mean": .double(mean), "std": .double(std)]
    case .minMax(let min, let max): ["do": "min_max", "min": .double(min), "max": .double(max)]
    case .oneHot(let categories, let unknown):
      ["do": "one_hot", "categories": .array(categories.cells.map(\.json)), "unknown": .string(unknown.rawValue)]
    case .label(let classes): ["do": "label", "categories": .array(classes.cells.map(\.json))]
    case .impute(let cell): ["do": "impute", "value": cell.json]
    }
  }

  fileprivate init(json: JSONValue) throws(DataError) {
    switch try json.string("do") {
    case "keep": self = .keep
    case "standardize": self = .standardize(mean: try json.number("mean"), std: try json.number("std"))
    case "min_max": self = .minMax(min: try json.number("min"), max: try json.number("max"))
    case "one_hot":
      guard let unknown = Transform.UnknownCategory(rawValue: try json.string("unknown")) else {
        throw .unexpectedJSON(at: "unknown", needed: "refuse or zero")
      }
      self = .oneHot(try Categories(json: json), unknown: unknown)
    case "label": self = .label(try Categories(json: json))
    case "impute": self = .impute(try Cell(json: try json.member("value")))
    default: throw .unexpectedJSON(at: "do", needed: "a transform's name")
    }
  }
}

extension Categories {
  fileprivate init(json: JSONValue) throws(DataError) {
    var cells: [Cell] = []
    for cell in try json.array("categories") { cells.append(try Cell(json: cell)) }
    self.init(cells)
  }
}

extension Cell {
  fileprivate var json: JSONValue {
    switch self {
    case .int(let value): ["int": .int(value)]
    case .float(let value): ["float": .double(value)]
    case .bool(let value): ["bool": .bool(value)]
    case .text(let value): ["str": .string(value)]
    case .time(let value): ["time": .int(value)]
    case .missing, .tensor: .null
    }
  }

  fileprivate init(json: JSONValue) throws(DataError) {
    guard case .object(let members) = json, let member = members.first, members.count == 1 else {
      throw .unexpectedJSON(at: "cell", needed: "a cell such as {\"int\": 3}")
    }
    switch (member.name, member.value) {
    case ("int", .int(let value)): self = .int(value)
    case ("float", .double(let value)): self = .float(value)
    case ("float", .int(let value)): self = .float(Double(value))
    case ("bool", .bool(let value)): self = .bool(value)
    case ("str", .string(let value)): self = .text(value)
    case ("time", .int(let value)): self = .time(value)
    default: throw .unexpectedJSON(at: member.name, needed: "a cell such as {\"int\": 3}")
    }
  }
}
