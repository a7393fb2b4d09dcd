package import TernData

/// Notebooks of Jupyter, `.ipynb`: nbformat 4.5. A code cell is code with what it shows; where a cell of the file begins, its line
/// is kept beside it; what goes on with one has an empty mark, and what has none was added there.
package enum JupyterNotebook {
  // MARK: Writing

  package static func document(_ notebook: NotebookPieces) -> JSONValue {
    var cells: [JSONValue] = [], title: String?, count = 0
    func id() -> JSONMember { JSONMember("id", .string("cell-\(cells.count + 1)")) }
    func metadata() -> JSONMember {
      defer { title = nil }
      return JSONMember("metadata", .object([JSONMember("tern", .object(title.map { [JSONMember("cell", .string($0))] } ?? []))]))
    }
    for piece in notebook.pieces {
      switch piece {
      case .cell(let line):
        // A cell of nothing is one all the same.
        if title != nil { cells.append(code("", 0, id(), metadata())) }
        title = line ?? ""
      case .prose(let text):
        cells.append(.object([JSONMember("cell_type", "markdown"), id(), metadata(), JSONMember("source", lines(text))]))
      case .code(let text):
        count += 1
        cells.append(code(text, count, id(), metadata()))
      case .output, .picture:
        if cells.last?["cell_type"]?.string != "code" {
          count += 1
          cells.append(code("", count, id(), metadata()))
        }
        cells[cells.count - 1] = cells[cells.count - 1].adding(output(piece))
      }
    }
    if title != nil { cells.append(code("", 0, id(), metadata())) }
    let kernel: JSONValue = ["display_name": "Tern", "language": "tern", "name": "tern"]
    let language: JSONValue = ["name": "tern", "file_extension": ".mlx", "mimetype": "text/x-tern"]
    return ["cells": .array(cells), "metadata": ["kernelspec": kernel, "language_info": language], "nbformat": 4, "nbformat_minor": 5]
  }

  private static func code(_ text: String, _ count: Int, _ id: JSONMember, _ metadata: JSONMember) -> JSONValue {
    .object([
      JSONMember("cell_type", "code"), JSONMember("execution_count", count > 0 ? .int(count) : .null), id, metadata,
      JSONMember("outputs", []), JSONMember("source", lines(text)),
    ])
  }

  private static func output(_ piece: NotebookPieces.Piece) -> JSONValue {
    guard let (text, isCompared) = piece.recorded else { return .null }
    if case .picture(let picture) = piece {
      return [
        "data": .object([JSONMember("image/svg+xml", lines(picture.svg)), JSONMember("text/plain", lines(text))]),
        "metadata": .object(isCompared ? [] : [JSONMember("tern", ["compared": false])]), "output_type": "display_data",
      ]
    }
    return .object([JSONMember("name", .string(isCompared ? "stdout" : "stderr")), JSONMember("output_type", "stream"), JSONMember("text", lines(text + "\n"))])
  }

  /// Each line with its end, as the format has it.
  private static func lines(_ text: String) -> JSONValue {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return .array(lines.enumerated().compactMap { place, line in
      let isLast = place == lines.count - 1
      return isLast && line.isEmpty ? nil : .string(line + (isLast ? "" : "\n"))
    })
  }

  // MARK: Reading

  package struct Damage: Error {
    package let reason: String
  }

  package static func pieces(_ bytes: [UInt8]) throws(Damage) -> NotebookPieces {
    let document: JSONValue
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    do throws(JSONError) { document = try JSONValue(parsing: bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes) } catch { throw Damage(reason: "byte \(error.offset) is no JSON") }
    guard let cells = document["cells"]?.array else { throw Damage(reason: "it has no `cells`; notebooks before version 4 are not read") }
    var pieces: [NotebookPieces.Piece] = []
    for cell in cells {
      let text = joined(cell["source"])
      if let title = cell["metadata"]?["tern"]?["cell"]?.string {
        pieces.append(.cell(title.split(separator: "\n").first.map(String.init) ?? ""))
      } else if cell["metadata"]?["tern"] == nil, cell["cell_type"]?.string == "code" {
        let isRaising = cell["metadata"]?["tags"]?.array?.contains { $0.string == "raises-exception" } == true
        pieces.append(.cell(isRaising ? "{raises}" : ""))
      }
      switch cell["cell_type"]?.string {
      case "code":
        if !text.isEmpty { pieces.append(.code(text)) }
        for output in cell["outputs"]?.array ?? [] { if let piece = shown(output) { pieces.append(piece) } }
      default: if !text.isEmpty { pieces.append(.prose(text)) }
      }
    }
    return NotebookPieces(pieces)
  }

  private static func shown(_ output: JSONValue) -> NotebookPieces.Piece? {
    var text = joined(output["text"])
    if text.isEmpty { text = joined(output["data"]?["text/plain"]) }
    if output["output_type"]?.string == "error" { text = "\(output["ename"]?.string ?? "error"): \(output["evalue"]?.string ?? "")" }
    text = text.lines.map { String(withoutControls($0)) }.joined(separator: "\n")
    while text.last == "\n" { text.removeLast() }
    let isCompared = output["name"]?.string != "stderr" && output["output_type"]?.string != "error" && output["metadata"]?["tern"]?["compared"] == nil
    return text.isEmpty ? nil : .output(text, isCompared: isCompared)
  }

  /// A text, or its lines.
  private static func joined(_ value: JSONValue?) -> String {
    (value?.string ?? (value?.array ?? []).compactMap(\.string).joined()).replacing("\r\n", with: "\n").replacing("\r", with: "\n")
  }
}

extension JSONValue {
  /// A code cell with one more output.
  fileprivate func adding(_ output: JSONValue) -> JSONValue {
    guard let members else { return self }
    return .object(members.map { member in
      member.name == "outputs" ? JSONMember("outputs", .array((member.value.array ?? []) + [output])) : member
    })
  }
}
