/// Takes the cells of one column, batch after batch. One class a type, so that each has a loop of its own.
protocol CSVSink: AnyObject {
  func append(_ batch: CSVBatch, _ column: Int)
  func finished() -> Column
}

extension ColumnType {
  /// Where cells of a column of this type go.
  func sink(rowCount: Int) -> any CSVSink {
    switch self {
    case .int: IntSink(rowCount: rowCount)
    case .float: FloatSink(rowCount: rowCount)
    case .bool: BoolSink(rowCount: rowCount)
    case .time: TimeSink(rowCount: rowCount)
    case .text, .tensor: TextSink(rowCount: rowCount)
    }
  }
}

private final class IntSink: CSVSink {
  private var cells: ParsedCells<Int>
  init(rowCount: Int) { cells = ParsedCells(rowCount: rowCount) }
  func append(_ batch: CSVBatch, _ column: Int) { cells.append(batch, column, blank: 0) { CellSyntax.int($0) } }
  func finished() -> Column { .int(cells.values, validity: cells.validity) }
}

private final class FloatSink: CSVSink {
  private var cells: ParsedCells<Double>
  init(rowCount: Int) { cells = ParsedCells(rowCount: rowCount) }
  func append(_ batch: CSVBatch, _ column: Int) { cells.append(batch, column, blank: 0) { CellSyntax.float($0) } }
  func finished() -> Column { .float(cells.values, validity: cells.validity) }
}

private final class BoolSink: CSVSink {
  private var cells: ParsedCells<Bool>
  init(rowCount: Int) { cells = ParsedCells(rowCount: rowCount) }
  func append(_ batch: CSVBatch, _ column: Int) { cells.append(batch, column, blank: false) { CellSyntax.bool($0) } }
  func finished() -> Column { .bool(cells.values, validity: cells.validity) }
}

private final class TimeSink: CSVSink {
  private var cells: ParsedCells<Int>
  init(rowCount: Int) { cells = ParsedCells(rowCount: rowCount) }
  func append(_ batch: CSVBatch, _ column: Int) { cells.append(batch, column, blank: 0) { Moment(utf8: $0)?.nanoseconds } }
  func finished() -> Column { .time(cells.values, validity: cells.validity) }
}

/// Values of fixed size, and the rows where there was none.
private struct ParsedCells<Value> {
  private(set) var values: [Value] = []
  private var missing: [Int] = []

  init(rowCount: Int) { values.reserveCapacity(rowCount) }

  @inline(__always)
  mutating func append(
    _ batch: CSVBatch, _ column: Int, blank: Value, _ parse: (UnsafeBufferPointer<UInt8>) -> Value?
  ) {
    batch.forEach(in: column) { field in
      let cell = batch.bytes.bytes(of: field, trimmed: true)
      if !CellSyntax.isMissing(cell), let value = parse(cell) {
        values.append(value)
      } else {
        missing.append(values.count)
        values.append(blank)
      }
    }
  }

  var validity: Validity? {
    guard !missing.isEmpty else { return nil }
    var validity = Validity(count: values.count, allPresent: true)
    for row in missing { validity.clear(row) }
    return validity
  }
}

/// A column of texts. In quotes, nothing and `NA` are texts like others: so a file written here reads back the same.
private final class TextSink: CSVSink {
  private var codes: [Int32] = []
  private var encoder = TextEncoder()
  private var hasMissing = false

  init(rowCount: Int) { codes.reserveCapacity(rowCount) }

  func append(_ batch: CSVBatch, _ column: Int) {
    batch.forEach(in: column) { codes.append(code($0, batch.bytes)) }
  }

  private func code(_ field: CSVField, _ bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    if !field.isQuoted, CellSyntax.isMissing(bytes.bytes(of: field, trimmed: true)) {
      hasMissing = true
      return -1
    }
    let cell = bytes.bytes(of: field, trimmed: false)
    guard field.hasEscapes else { return encoder.code(cell) }
    return cell.withoutDoubledQuotes.withUnsafeBufferPointer { encoder.code($0) }
  }

  func finished() -> Column {
    let validity = hasMissing ? Validity(count: codes.count) { codes[$0] >= 0 } : nil
    return Column(.text(TextCells(codes: codes, categories: encoder.categories)), validity: validity)
  }
}
