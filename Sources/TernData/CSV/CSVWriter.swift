internal import TernTensor

/// Writes a table as CSV: a header, one line a row, quotes where they are needed.
///
/// Missing cells are empty (`NA` in a table of one column, where an empty line would be no row); empty texts and the text
/// `NA` are quoted, and so read back as texts. Floats are the shortest text that reads back to the same bits.
package enum CSVWriter {
  /// - Throws: `columnType` for a tensor column, which has no place in a line.
  package static func bytes(of table: Table, separator: UInt8 = UInt8(ascii: ",")) throws(DataError) -> [UInt8] {
    for (name, column) in table.entries {
      guard case .tensor = column.type else { continue }
      throw .columnType(column: name, needed: "numbers, bools, texts or times", found: column.type.name)
    }
    let writer = CellWriter(separator: separator, missing: table.names.count == 1 ? "NA" : "")
    var output: [UInt8] = []
    writer.append(table.names.map { Cell.text($0) }, to: &output)
    for row in 0..<table.rowCount { writer.append(table.columns.map { $0[row] }, to: &output) }
    return output
  }
}

private struct CellWriter {
  let separator: UInt8
  let missing: String

  func append(_ cells: [Cell], to output: inout [UInt8]) {
    for (place, cell) in cells.enumerated() {
      if place > 0 { output.append(separator) }
      output += text(of: cell).utf8
    }
    output.append(UInt8(ascii: "\n"))
  }

  private func text(of cell: Cell) -> String {
    switch cell {
    case .missing: missing
    case .text(let text): needsQuotes(text) ? quoted(text) : text
    default: cell.text
    }
  }

  /// What would read otherwise: a break, a quote, blanks at the ends of a number, what stands for a missing cell.
  private func needsQuotes(_ text: String) -> Bool {
    if text.isEmpty || text == "NA" { return true }
    if text.utf8.first == 32 || text.utf8.last == 32 || text.utf8.first == 0xef { return true }
    return text.utf8.contains { $0 == separator || $0 == UInt8(ascii: "\"") || $0 == 10 || $0 == 13 || $0 == 9 }
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { result.unicodeScalars.append(scalar) }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
