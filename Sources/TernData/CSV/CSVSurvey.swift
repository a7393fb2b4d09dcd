/// What a CSV file turns out to hold, found by a first pass over all of it: names, types, how many rows.
///
/// Types depend on every cell of a column, so a column is read only when its type is certain. Two passes over bytes in
/// memory cost less than keeping each cell's text until the end.
struct CSVSurvey {
  /// A scanner at the first record that is no header.
  let rows: CSVScanner
  let names: [String]
  let types: [ColumnType]
  let rowCount: Int

  /// - Throws: `notUTF8`, `raggedRow`, and what the header and the scanner throw.
  init(_ bytes: UnsafeBufferPointer<UInt8>, options: CSVOptions, path: String) throws(DataError) {
    if let fault = UTF8Check.firstFault(bytes) {
      throw .notUTF8(path: path, line: UTF8Check.line(of: fault, in: bytes))
    }
    let header = try CSVHeader(bytes, options: options, path: path)
    rows = header.rows
    names = header.names
    var scanner = rows
    var evidence = Array(repeating: TypeEvidence(), count: names.count)
    rowCount = try CSVSurvey.survey(&scanner, bytes, &evidence)
    types = evidence.map(\.type)
  }

  private static func survey(
    _ scanner: inout CSVScanner, _ bytes: UnsafeBufferPointer<UInt8>, _ evidence: inout [TypeEvidence]
  ) throws(DataError) -> Int {
    var batch = CSVBatch(bytes, width: evidence.count), rows = 0
    while try batch.refill(&scanner) {
      for column in evidence.indices { evidence[column].add(batch, column) }
      rows += batch.rowCount
    }
    return rows
  }
}

/// What the cells of a column seen so far allow it to be.
private struct TypeEvidence {
  private var possible = CellKinds.all
  private var hasCells = false
  /// Nothing, or `NA`, stood in quotes: a text, if no other cell says otherwise.
  private var hasQuotedBlanks = false
  /// A number with a point or an exponent was there.
  private var hasDecimals = false
  /// An integer past 64 bits was there: an identifier, unless the column turns out to hold decimals.
  private var hasHugeIntegers = false

  mutating func add(_ batch: CSVBatch, _ column: Int) {
    guard !possible.isEmpty else { return }
    batch.forEach(in: column) { add($0, batch.bytes) }
  }

  private mutating func add(_ field: CSVField, _ bytes: UnsafeBufferPointer<UInt8>) {
    let cell = bytes.bytes(of: field, trimmed: true)
    if CellSyntax.isMissing(cell) {
      hasQuotedBlanks = hasQuotedBlanks || field.isQuoted
      return
    }
    let kinds = field.hasEscapes ? [] : CellSyntax.kinds(cell)
    if kinds == .float { note(cell) }
    hasCells = true
    possible.formIntersection(kinds)
  }

  private mutating func note(_ cell: UnsafeBufferPointer<UInt8>) {
    if CellSyntax.isDigits(cell) { hasHugeIntegers = true } else { hasDecimals = true }
  }

  /// A column without any cell is of floats, whose aggregates are then missing too.
  var type: ColumnType {
    if !hasCells { return hasQuotedBlanks ? .text : .float }
    if possible.contains(.int) { return .int }
    if possible.contains(.float) { return hasHugeIntegers && !hasDecimals ? .text : .float }
    if possible.contains(.bool) { return .bool }
    return possible.contains(.time) ? .time : .text
  }
}
