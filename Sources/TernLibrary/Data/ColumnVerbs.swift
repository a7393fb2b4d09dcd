import TernData
import TernRuntime
import TernSyntax

/// Verbs that choose, name and make columns.
enum ColumnVerbs {
  static var builtins: [Builtin] {
    [
      Builtin(
        "select(data: dataset, ...columns) -> dataset", "The columns named, in that order.",
        example: "keys(select(sample(\"iris\"), \"species\", \"petal_width\"))  #> [\"species\", \"petal_width\"]", body: select),
      Builtin(
        "drop(data: dataset, ...columns) -> dataset", "The dataset without the columns named.",
        example: "len(keys(drop(sample(\"iris\"), \"species\")))  #> 4", body: drop),
      Builtin(
        "rename(data: dataset, labels: record = none) -> dataset", "The dataset with columns renamed: `old: \"new\"`.",
        example: "keys(rename(dataset({a: [1], b: [2]}), a: \"x\"))  #> [\"x\", \"b\"]", body: rename),
      Builtin(
        "derive(data: dataset, labels: record = none) -> dataset",
        "The dataset with columns added or replaced, each by a function that sees whole columns.",
        example: "derive(dataset({x: [1, 2]}), y: d => d.x * 10).y[1]  #> 20", body: derive),
      Builtin(
        "group(data: dataset, ...columns, labels: record = none) -> dataset",
        "One row for each combination of cells in the columns, with what functions say of its rows; without any, their count.",
        example: "group(sample(\"iris\"), \"species\", petal: d => max(d.petal_length)).petal[0]  #> 1.9", body: group),
    ]
  }

  private static func select(_ call: borrowing Call) throws(Fault) -> Value {
    let data = try call.dataset(0)
    return try call.result(data.dataset.select(try call.names(1)), from: data)
  }

  private static func drop(_ call: borrowing Call) throws(Fault) -> Value {
    let data = try call.dataset(0)
    return try call.result(data.dataset.drop(try call.names(1)), from: data)
  }

  private static func rename(_ call: borrowing Call) throws(Fault) -> Value {
    let data = try call.dataset(0)
    var changes: [(old: String, new: String)] = []
    for (old, value) in call.labels(1) {
      guard case .string(let new) = value else {
        throw Fault(.badArgument, "a column's new name is a str; this is \(value.description)", hint: "`rename(d, old: \"new\")`")
      }
      changes.append((old, new.text))
    }
    return try call.result(data.dataset.rename(changes), from: data)
  }

  /// One after the other, so that a later column may be made of an earlier one.
  private static func derive(_ call: borrowing Call) throws(Fault) -> Value {
    let data = try call.dataset(0)
    var dataset = data.dataset
    for (name, value) in call.labels(1) {
      guard value.isFunction else {
        let column = DerivedColumn(value)
        dataset = dataset.derive(name) { try column.column(name, $0) }
        continue
      }
      let function = try TableFunction(value, call.machine)
      dataset = dataset.derive(name) { try Column(try function($0), name: name, rows: $0.rowCount) }
    }
    return try call.result(dataset, from: data)
  }

  private static func group(_ call: borrowing Call) throws(Fault) -> Value {
    let data = try call.dataset(0)
    var summaries: [GroupSummary] = []
    for (name, value) in call.labels(2) {
      guard value.isFunction else {
        throw Fault(
          .badArgument, "`\(name)` says something of each group by a function; this is \(value.description)",
          hint: "`\(name): d => mean(d.column)`")
      }
      let function = try TableFunction(value, call.machine)
      summaries.append(GroupSummary(name) { table, part in try Cell.of(try function(table, part: part), in: name) })
    }
    if summaries.isEmpty { summaries = [GroupSummary("count") { table, _ in .int(table.rowCount) }] }
    return try call.result(data.dataset.group(try call.names(1), summaries), from: data)
  }
}

/// A column given as it is, to a verb that runs later.
///
/// `@unchecked Sendable`: as `TableFunction`.
private struct DerivedColumn: @unchecked Sendable {
  private let value: Value
  init(_ value: Value) { self.value = value }
  func column(_ name: String, _ table: Table) throws(Fault) -> Column { try Column(value, name: name, rows: table.rowCount) }
}

extension Value {
  /// Something to call.
  var isFunction: Bool {
    switch self {
    case .function, .builtin, .model: true
    case .foreign(let foreign): foreign.value is any CallableValue
    default: false
    }
  }
}
