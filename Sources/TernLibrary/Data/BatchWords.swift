import TernData
import TernRuntime
import TernSyntax
import TernTensor

/// Data a few rows at a time.
enum BatchWords {
  private static let sentence =
    "Records of tensors with so many rows each, the last with the rest; `shuffle` or a `seed` gives them in random order."

  static var builtins: [Builtin] {
    [
      Builtin(
        "batches(data: dataset, \(options))", sentence,
        example: "for {x} in batches(dataset({x: arange(3)}), 2) { print(x) }  #> i64[2]  [0, 1]\ni64[1]  [2]", effect: .draws
      ) { call throws(Fault) in
        try batches(of: try dataCall { [table = try call.dataset(0).table()] in try table.fields() }.map(BatchField.init), call)
      },
      Builtin("batches(data: record, \(options))", sentence, effect: .draws) { call throws(Fault) in
        var fields: [BatchField] = []
        for (name, value) in call.labels(0) { fields.append(try BatchField(name, value)) }
        return try batches(of: fields, call)
      },
      Builtin("batches(data: tensor, \(options))", "Tensors of so many rows each, the last with the rest.", effect: .draws) {
        call throws(Fault) in try batches(of: [try BatchField("data", call[0])], call, isLone: true)
      },
    ]
  }

  private static let options = "size: int, shuffle: bool = false, seed: int = none, drop_last: bool = false"

  private static func batches(of fields: [BatchField], _ call: borrowing Call, isLone: Bool = false) throws(Fault) -> Value {
    let count = fields.first?.count ?? 0
    for field in fields where field.count != count {
      throw Fault(DataError.columnLength(name: field.name, needed: count, found: field.count))
    }
    let isShuffled = try call.flag(2) || call.has(3)
    let key = isShuffled ? try call.key(3) : nil
    let size = try call.integer(1), dropLast = try call.flag(4)
    let rows = try dataCall { try BatchRows(of: count, size: size, dropLast: dropLast, order: key) }
    return .foreign(Foreign(BatchesValue(fields, rows, isLone: isLone)))
  }
}

/// What `batches` gives: something for `for` to go through.
final class BatchesValue: ForeignValue {
  private let fields: [BatchField]
  private let rows: BatchRows
  /// A tensor alone rather than a record of fields.
  private let isLone: Bool

  init(_ fields: [BatchField], _ rows: BatchRows, isLone: Bool) {
    self.fields = fields
    self.rows = rows
    self.isLone = isLone
  }

  var kind: String { "batches" }
  var count: Int? { rows.count }
  func text(width: Int) -> String {
    let batches = rows.count == 1 ? "1 batch" : "\(rows.count) batches"
    return "\(batches) of \(rows.size) rows, from \(rows.rowCount.counted("row"))"
  }

  func item(_ position: Int) throws(Fault) -> Value {
    let chosen = rows[position]
    if isLone, let field = fields.first { return try field.value(of: chosen) }
    let record = RecordObject()
    for field in fields { record.set(field.name, try field.value(of: chosen)) }
    return .record(record)
  }
}

/// A column of what is cut into batches: a tensor along its first axis, or a column that is none.
struct BatchField {
  let name: String
  private let data: Data
  private enum Data { case tensor(Tensor), column(Column) }

  init(_ field: (name: String, field: Table.Field)) {
    name = field.name
    switch field.field {
    case .tensor(let cells): data = .tensor(cells.tensor)
    case .column(let column): data = .column(column)
    }
  }

  init(_ name: String, _ value: Value) throws(Fault) {
    self.name = name
    if case .tensor(let tensor) = value, tensor.rank > 0 {
      data = .tensor(tensor)
    } else {
      let column = try Column(value, name: name, rows: nil)
      let whole = column.missingCount == 0 ? column.naturalDType : nil
      data = try dataCall { try whole.map { .tensor(try column.tensor($0, name: name)) } ?? .column(column) }
    }
  }

  var count: Int {
    switch data {
    case .tensor(let tensor): tensor.shape[0]
    case .column(let column): column.count
    }
  }

  func value(of rows: BatchRows.Rows) throws(Fault) -> Value {
    switch data {
    case .column(let column): return .column(column.cells(of: rows), name: name)
    case .tensor(let tensor):
      return .tensor(
        try tensorCall { () throws(TensorError) in
          switch rows {
          case .run(let run): try tensor.get([IndexEntry(.range(start: run.lowerBound, stop: run.upperBound))])
          case .scattered(let places): try tensor.get([IndexEntry(.positions(try Tensor.of(places)))])
          }
        })
    }
  }
}
