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
}
