/// The cells of some records in a row, found but not yet read: record after record, `width` cells each.
///
/// Cells are found row by row but read column by column, a few thousand at a time: so a loop knows the type it reads, and
/// the bytes are still in the cache.
struct CSVBatch {
  let bytes: UnsafeBufferPointer<UInt8>
  let width: Int
  private var fields: [CSVField] = []

  private static let cellCount = 4096

  init(_ bytes: UnsafeBufferPointer<UInt8>, width: Int) {
    self.bytes = bytes
    self.width = width
    fields.reserveCapacity(max(CSVBatch.cellCount, width))
  }

  var rowCount: Int { width == 0 ? 0 : fields.count / width }

  /// Takes the next records. False when there are none.
  /// - Throws: `raggedRow`, and what the scanner does.
  mutating func refill(_ scanner: inout CSVScanner) throws(DataError) -> Bool {
    fields.removeAll(keepingCapacity: true)
    repeat {
      guard scanner.startsRecord() else { break }
      try takeRecord(&scanner)
    } while fields.count + width <= CSVBatch.cellCount
    return !fields.isEmpty
  }

  /// Cells past the width are counted and not kept: a line of nothing but commas takes no memory.
  private mutating func takeRecord(_ scanner: inout CSVScanner) throws(DataError) {
    let line = scanner.line
    var found = 0, isLast = false
    repeat {
      let field = try scanner.next()
      if found < width { fields.append(field) }
      found += 1
      isLast = field.endsRecord
    } while !isLast
    guard found == width else { throw .raggedRow(path: scanner.path, line: line, needed: width, found: found) }
  }

  /// The cells of one column, first row first.
  @inline(__always)
  func forEach(in column: Int, _ body: (CSVField) -> Void) {
    fields.withUnsafeBufferPointer { fields in
      var index = column
      while index < fields.count {
        body(fields[index])
        index += width
      }
    }
  }
}
