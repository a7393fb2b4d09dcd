/// The start of a CSV file: what separates its cells, and the names of its columns.
struct CSVHeader {
  /// A scanner at the first record that is no header.
  let rows: CSVScanner
  let names: [String]
  /// Where the first record ends.
  let recordEnd: Int

  private static let maxColumns = 1 << 20

  /// - Throws: `emptyFile`, `damagedFile` for a million columns, `badArgument` for the separator, and what the scanner throws.
  init(_ bytes: UnsafeBufferPointer<UInt8>, options: CSVOptions, path: String) throws(DataError) {
    let separator = try options.checkedSeparator ?? CSVHeader.likelySeparator(bytes)
    var scanner = CSVScanner(bytes, separator: separator, path: path)
    guard scanner.startsRecord() else { throw .emptyFile(path: path) }
    let start = scanner
    let first = try CSVHeader.record(&scanner, bytes)
    recordEnd = scanner.position
    rows = options.header ? scanner : start
    names = options.header ? CSVHeader.repaired(first) : first.indices.map { "c\($0)" }
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
