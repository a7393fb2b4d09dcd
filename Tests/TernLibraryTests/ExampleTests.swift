import Testing
import TernLibrary
import TernRuntime
import TernSyntax

@Suite("Every core builtin", .serialized) struct ExampleTests {
  @Test("has a signature in Tern's grammar") func signatures() {
    for builtin in Core.builtins {
      #expect(parseSignature(builtin.signatureText) != nil, "\(builtin.signatureText)")
    }
  }

  @Test("does what its example shows") func examples() throws {
    for builtin in Core.builtins where !builtin.example.isEmpty {
      let parts = builtin.example.split(separator: "#> ", maxSplits: 1).map(String.init)
      try #require(parts.count == 2, "\(builtin.name)")
      #expect(try shown(by: parts[0]) == parts[1], "\(builtin.example)")
    }
  }

  /// What a cell with this code prints and shows.
  private func shown(by code: String) throws -> String {
    let vocabulary = Vocabulary()
    vocabulary.add(contentsOf: Core.builtins)
    let machine = Machine(vocabulary: vocabulary)
    var output = ""
    machine.output = { output += $0 }
    let source = SourceText(name: "example", text: code)
    let tree = parse(source)
    try #require(tree.diagnostics.isEmpty, "\(code)")
    let file = File(path: nil)
    for cell in tree.cells {
      var last = Value.none
      for step in try machine.compile(cell.statements, of: source, in: file).steps { last = try machine.run(step.prototype) }
      if !last.isNone { output += last.text() }
    }
    return output.hasSuffix("\n") ? String(output.dropLast()) : output
  }
}
