import TernData
import TernRuntime
import TernSyntax

/// Verbs that choose, order and join rows.
enum RowVerbs {
  static var builtins: [Builtin] {
    [
      Builtin(
        "where(data: dataset, keep) -> dataset",
        "The rows whose condition holds: a function that sees whole columns, or a mask. A missing answer drops its row.",
        example: "len(where(sample(\"iris\"), d => d.petal_length > 5))  #> 42", body: keepRows),
      Builtin(
        "sort(data: dataset, by, descending: bool = false) -> dataset",
        "The rows in the order of a column, of several, or of what a function of whole columns gives; missing cells last.",
        example: "sort(dataset({x: [3, 1, 2]}), by: \"x\").x[0]  #> 1", body: sort),
      Builtin(
        "take(data: dataset, n: int) -> dataset", "The first n rows, or all when there are fewer.",
        example: "len(take(sample(\"iris\"), 10))  #> 10"
      ) { call throws(Fault) in try call.result(try call.dataset(0).dataset.take(try call.count(1)), from: try call.dataset(0)) },
      Builtin(
        "skip(data: dataset, n: int) -> dataset", "The dataset without its first n rows.",
        example: "len(skip(sample(\"iris\"), 10))  #> 140"
      ) { call throws(Fault) in try call.result(try call.dataset(0).dataset.skip(try call.count(1)), from: try call.dataset(0)) },
      Builtin(
        "reverse(data: dataset) -> dataset", "The rows from the last to the first.",
        example: "reverse(dataset({x: [1, 2]})).x[0]  #> 2"
      ) { call throws(Fault) in try call.result(try call.dataset(0).dataset.reverse(), from: try call.dataset(0)) },
      Builtin(
        "distinct(data: dataset, ...columns) -> dataset",
        "The first row of each combination of cells in the columns; without any named, in all.",
        example: "len(distinct(sample(\"iris\"), \"species\"))  #> 3", body: distinct),
      Builtin(
        "drop_missing(data: dataset, ...columns) -> dataset",
        "The rows without a missing cell in the columns; without any named, in all.",
        example: "len(drop_missing(sample(\"penguins\")))  #> 333", body: dropMissing),
      Builtin(
        "concat(data: dataset, ...more) -> dataset", "The rows of several datasets with the same columns, one after the other.",
        example: "let d = dataset({x: [1, 2]}); len(concat(d, d))  #> 4", body: concat),
      Builtin(
        "join(data: dataset, other: dataset, on, how: str = \"inner\") -> dataset",
        "The rows of two datasets that agree in some columns; with `how: \"left\"`, all of the first.",
        example: "join(dataset({k: [1, 2], a: [5, 6]}), dataset({k: [2], b: [7]}), on: \"k\").a[0]  #> 6", body: join),
    ]
  }

  private static func keepRows(_ call: borrowing Call) throws(Fault) -> Value {
    let data = try call.dataset(0), keep = call[1]
    guard keep.isFunction else {
      let mask = try Column(keep, name: "where", rows: nil)
      return try call.result(data.dataset.filter { _ in mask }, from: data)
    }
    let function = try TableFunction(keep, call.machine)
    return try call.result(data.dataset.filter { try Column(try function($0), name: "where", rows: $0.rowCount) }, from: data)
  }

  private static func sort(_ call: borrowing Call) throws(Fault) -> Value {
    let data = try call.dataset(0), descending = try call.flag(2)
    guard call[1].isFunction else {
      let keys = try call.names(1).map { SortKey($0, descending: descending) }
      return try call.result(data.dataset.sort(keys), from: data)
    }
    let function = try TableFunction(call[1], call.machine)
    return try call.result(
      data.dataset.sort(descending: descending) { table in try keys(try function(table), table.rowCount) }, from: data)
  }

  /// What the function of `by:` gives: a column, or a list of them, first key first.
  private static func keys(_ value: Value, _ rows: Int) throws(Fault) -> [Column] {
    guard case .list(let list) = value, case .foreign? = list.values.first else {
      return [try Column(value, name: "by", rows: rows)]
    }
    var keys: [Column] = []
    for item in list.values { keys.append(try Column(item, name: "by", rows: rows)) }
    return keys
  }

  private static func distinct(_ call: borrowing Call) throws(Fault) -> Value {
    let data = try call.dataset(0), names = try call.names(1)
    return try call.result(data.dataset.distinct(names.isEmpty ? nil : names), from: data)
  }

  private static func dropMissing(_ call: borrowing Call) throws(Fault) -> Value {
    let data = try call.dataset(0), names = try call.names(1)
    return try call.result(data.dataset.dropMissing(names.isEmpty ? nil : names), from: data)
  }

  private static func concat(_ call: borrowing Call) throws(Fault) -> Value {
    let data = try call.dataset(0)
    var others: [Dataset] = []
    for item in try call.list(1).values {
      guard case .foreign(let foreign) = item, let other = foreign.value as? DatasetValue else {
        throw Fault(.badArgument, "`concat` joins datasets; this is \(item.description)")
      }
      others.append(other.dataset)
    }
    return try call.result(data.dataset.concat(others), from: data)
  }

  private static func join(_ call: borrowing Call) throws(Fault) -> Value {
    let data = try call.dataset(0), other = try call.dataset(1), how = try call.string(3).text
    guard let kind = Join.Kind(rawValue: how) else {
      throw Fault(.badArgument, "rows are joined \"inner\" or \"left\"; this is \(how.quoted)")
    }
    return try call.result(data.dataset.join(other.dataset, on: try call.names(2), kind: kind), from: data)
  }
}
