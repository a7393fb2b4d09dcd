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

  private static let maxColumns = 1 << 20

  /// - Throws: `notUTF8`, `emptyFile`, `raggedRow`, `damagedFile` for a million columns, `badArgument` for the separator, and
  ///   what the scanner throws.
  init(_ bytes: UnsafeBufferPointer<UInt8>, options: CSVOptions, path: String) throws(DataError) {
    if let fault = UTF8Check.firstFault(bytes) {
      throw .notUTF8(path: path, line: UTF8Check.line(of: fault, in: bytes))
    }
    let separator = try options.checkedSeparator ?? CSVSurvey.likelySeparator(bytes)
    var scanner = CSVScanner(bytes, separator: separator, path: path)
    guard scanner.startsRecord() else { throw .emptyFile(path: path) }
    let start = scanner
    let first = try CSVSurvey.record(&scanner, bytes)
    if !options.header { scanner = start }
    rows = scanner
    names = options.header ? CSVSurvey.repaired(first) : first.indices.map { "c\($0)" }
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

  private static func record(
    _ scanner: inout CSVScanner, _ bytes: UnsafeBufferPointer<UInt8>
  ) throws(DataError) -> [String] {
    var cells: [String] = []
    while cells.count < maxColumns {
      let field = try scanner.next()
      cells.append(bytes.text(of: field))
      if field.endsRecord { return cells }
    }
    throw .damagedFile(path: scanner.path, reason: "its first line has more than \(maxColumns) cells")
  }

  /// The separator the first line has most of outside quotes; a comma when it has none.
  private static func likelySeparator(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false, hasText = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      let isNewline = byte == 10 || byte == 13
      if isNewline, hasText { break }
      hasText = hasText || !isNewline
      if [UInt8(ascii: ","), UInt8(ascii: ";"), 9].contains(byte) { counts[byte, default: 0] += 1 }
    }
    let best = counts.values.max() ?? 0
    return [UInt8(ascii: ","), UInt8(ascii: ";"), 9].first { counts[$0, default: 0] == best } ?? UInt8(ascii: ",")
  }

  /// Names that are all there and all different: an empty one becomes `c` and its place, a repeated one gets `_2`, `_3`, …
  private static func repaired(_ names: [String]) -> [String] {
    var taken = Set(names), seen: Set<String> = [], numbers: [String: Int] = [:]
    return names.enumerated().map { place, name in
      let base = name.isEmpty ? "c\(place)" : name
      guard name.isEmpty ? taken.contains(base) : seen.contains(name) else {
        seen.insert(base)
        return base
      }
      var number = numbers[base, default: 2]
      while taken.contains("\(base)_\(number)") { number += 1 }
      numbers[base] = number + 1
      taken.insert("\(base)_\(number)")
      return "\(base)_\(number)"
    }
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
