/// Takes the cells of one column, from the first row to the last.
protocol CSVSink: AnyObject {
  func append(_ field: CSVField, _ bytes: UnsafeBufferPointer<UInt8>)
  func finished() -> Column
}

/// A column of values of fixed size, each read from its bytes by `parse`.
final class ValueSink<Value>: CSVSink {
  private var values: [Value] = []
  private var missing: [Int] = []
  private let blank: Value
  private let parse: (UnsafeBufferPointer<UInt8>) -> Value?
  private let column: ([Value], Validity?) -> Column

  init(
    rowCount: Int, blank: Value, column: @escaping ([Value], Validity?) -> Column,
    parse: @escaping (UnsafeBufferPointer<UInt8>) -> Value?
  ) {
    self.blank = blank
    self.parse = parse
    self.column = column
    values.reserveCapacity(rowCount)
  }

  func append(_ field: CSVField, _ bytes: UnsafeBufferPointer<UInt8>) {
    let cell = bytes.bytes(of: field, trimmed: true)
    if !CellSyntax.isMissing(cell), let value = parse(cell) {
      values.append(value)
    } else {
      missing.append(values.count)
      values.append(blank)
    }
  }

  func finished() -> Column {
    guard !missing.isEmpty else { return column(values, nil) }
    var validity = Validity(count: values.count, allPresent: true)
    for row in missing { validity.clear(row) }
    return column(values, validity)
  }
}

/// A column of texts. In quotes, nothing and `NA` are texts like others: so a file written here reads back the same.
final class TextSink: CSVSink {
  private var codes: [Int32] = []
  private var encoder = TextEncoder()
  private var hasMissing = false

  init(rowCount: Int) { codes.reserveCapacity(rowCount) }

  func append(_ field: CSVField, _ bytes: UnsafeBufferPointer<UInt8>) {
    if !field.isQuoted, CellSyntax.isMissing(bytes.bytes(of: field, trimmed: true)) {
      hasMissing = true
      codes.append(-1)
    } else if field.hasEscapes {
      let text = bytes.bytes(of: field, trimmed: false).withoutDoubledQuotes
      codes.append(text.withUnsafeBufferPointer { encoder.code($0) })
    } else {
      codes.append(encoder.code(bytes.bytes(of: field, trimmed: false)))
    }
  }

  func finished() -> Column {
    let validity = hasMissing ? Validity(count: codes.count) { codes[$0] >= 0 } : nil
    return Column(.text(TextCells(codes: codes, categories: encoder.categories)), validity: validity)
  }
}

extension ColumnType {
  /// Where cells of a column of this type go.
  func sink(rowCount: Int) -> any CSVSink {
    switch self {
    case .int: ValueSink(rowCount: rowCount, blank: 0, column: { .int($0, validity: $1) }) { CellSyntax.int($0) }
    case .float: ValueSink(rowCount: rowCount, blank: 0, column: { .float($0, validity: $1) }) { CellSyntax.float($0) }
    case .bool: ValueSink(rowCount: rowCount, blank: false, column: { .bool($0, validity: $1) }) { CellSyntax.bool($0) }
    case .time: ValueSink(rowCount: rowCount, blank: 0, column: { .time($0, validity: $1) }) { Moment(utf8: $0)?.nanoseconds }
    case .text, .tensor: TextSink(rowCount: rowCount)
    }
  }
}
