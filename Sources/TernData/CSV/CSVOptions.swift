/// How a CSV file is to be read.
package struct CSVOptions: Equatable, Sendable {
  /// nil finds out: the one of `,` `;` tab that the first record has most of.
  package var separator: UInt8?
  /// Whether the first record names the columns; without, they are `c0`, `c1`, …
  package var header: Bool

  package init(separator: UInt8? = nil, header: Bool = true) {
    self.separator = separator
    self.header = header
  }

  /// - Throws: `badArgument` for a quote, a newline or a byte that is no ASCII character.
  var checkedSeparator: UInt8? {
    get throws(DataError) {
      guard let separator else { return nil }
      let isTaken = separator == UInt8(ascii: "\"") || separator == 10 || separator == 13
      guard !isTaken, separator > 0, separator < 128 else {
        throw .badArgument(name: "separator", reason: "a cell may hold it")
      }
      return separator
    }
  }
}
