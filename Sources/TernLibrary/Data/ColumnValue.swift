package import TernData
package import TernRuntime
import TernSyntax
package import TernTensor

/// A column of a table as a value of the language: cells of one type, of which some may be missing. One of numbers without
/// missing cells serves as a tensor.
package final class ColumnValue: ForeignValue {
  package let column: Column
  /// The name it has in its dataset, for messages; empty for what was calculated.
  package let name: String
  /// What was already said of its missing cells; nil says nothing.
  let remarks: Remarks?

  package init(_ column: Column, name: String = "", remarks: Remarks? = Remarks()) {
    self.column = column
    self.name = name
    self.remarks = remarks
  }

  package var kind: String { "column" }
  package var count: Int? { column.count }
  package func item(_ position: Int) -> Value { Value(column[position]) }
  package func text(width: Int) -> String { ColumnText(column, style: TextStyle(width: width)).text }

  /// `<column of 344: 39.1, 39.5, 40.3, …>`.
  package var inlineText: String {
    let first = (0..<min(count ?? 0, 3)).map { item($0).inline }.joined(separator: ", ")
    return "<column of \(column.count)\(first.isEmpty ? "" : ": \(first)")\(column.count > 3 ? ", …" : "")>"
  }

  package func tensor() throws(Fault) -> Tensor? {
    try dataCall { try column.tensor(column.naturalDType, name: name) }
  }

  package func equals(_ other: any ForeignValue) -> Bool {
    guard let other = other as? ColumnValue else { return false }
    return column.count == other.column.count && column.allCells == other.column.allCells
  }

  /// `c[3]` is a cell; `c[1..]`, `c[mask]` and `c[[0, 2]]` are columns.
  package func index(_ items: [IndexValue]) throws(Fault) -> Value? {
    guard let item = items.first, items.count == 1, item.axis == nil else { return nil }
    let whole = Value.foreign(Foreign(self))
    switch try RowChoice(item.value, count: column.count, of: whole) {
    case .one(let row): return Value(column[row])
    case .range(let rows): return .column(column.sliced(rows), name: name)
    case .several(let rows): return .column(column.gathered(rows), name: name)
    }
  }
}

extension Value {
  static func column(_ column: Column, name: String = "") -> Value { .foreign(Foreign(ColumnValue(column, name: name))) }
}

/// What was said of missing cells, once for each word and column.
package final class Remarks {
  private var said: Set<String> = []
  package init() {}

  func say(_ text: String, on machine: Machine) {
    if said.insert(text).inserted { machine.notes("note: \(text)\n") }
  }
}

/// The rows an index asks for.
enum RowChoice {
  case one(Int)
  case range(Range<Int>)
  case several([Int])

  init(_ index: Value, count: Int, of whole: Value) throws(Fault) {
    switch index {
    case .range(let range):
      let span = try Span(range, count: count, of: whole)
      self = span.step == 1 ? .range(span.start..<span.start + span.count) : .several(Array(span))
    case .foreign(let foreign):
      guard let column = foreign.value as? ColumnValue else { throw RowChoice.odd(index) }
      self = .several(try RowChoice.rows(column.column, count: count, of: whole))
    case .tensor(let tensor) where tensor.rank == 0: self = .one(try RowChoice.position(index, count, whole))
    case .list, .tensor: self = .several(try RowChoice.rows(Column(index, name: "index", rows: nil), count: count, of: whole))
    default: self = .one(try RowChoice.position(index, count, whole))
    }
  }

  /// The rows where a mask is true, or those at positions.
  private static func rows(_ column: Column, count: Int, of whole: Value) throws(Fault) -> [Int] {
    switch column.cells {
    case .bool(let keeps):
      guard keeps.count == count else { throw Fault(.columnLengths, "a mask of \(keeps.count.counted("row")) does not fit \(count)") }
      return keeps.indices.filter { keeps[$0] && column.isPresent($0) }
    case .int(let positions) where column.missingCount == 0:
      var rows: [Int] = []
      for position in positions { rows.append(try RowChoice.position(.int(position), count, whole)) }
      return rows
    default: throw Fault(.badIndex, "rows are chosen by ints, bools or a range; this is a column of \(column.type.name)")
    }
  }

  private static func position(_ index: Value, _ count: Int, _ whole: Value) throws(Fault) -> Int {
    guard case .int(let given)? = try Cell(index) else { throw odd(index) }
    let position = given < 0 ? given &+ count : given
    guard position >= 0, position < count else {
      let rows = count == 0 ? "no rows" : count == 1 ? "row 0 only" : "rows 0 to \(count - 1)"
      throw Fault(.indexOutOfRange, "index \(given) is out of range: \(whole.description) has \(rows)").marking(1, String(given))
    }
    return position
  }

  private static func odd(_ index: Value) -> Fault {
    Fault(.badIndex, "an index of rows is an int, a range, a list of ints or a mask; this is \(index.description)")
      .marking(1, index.description)
  }
}
