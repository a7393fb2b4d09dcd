import TernLibrary
import TernRuntime
import TernSyntax
import Testing

@Suite("Every word for tables", .serialized) struct DataWordTests {
  @Test("has a signature in Tern's grammar and a sentence") func signatures() {
    for word in DataWords.all {
      #expect(parseSignature(word.signatureText) != nil, "\(word.signatureText)")
      #expect(word.sentence.hasSuffix(".") || word.sentence.hasSuffix("?"), "\(word.sentence)")
    }
  }

  @Test("does what its example shows") func examples() throws {
    for word in DataWords.all where !word.example.isEmpty {
      let parts = word.example.split(separator: "  #> ", maxSplits: 1).map(String.init)
      try #require(parts.count == 2, "\(word.name): \(word.example)")
      let script = Script(parts[0])
      #expect(script.output == parts[1], "\(word.example): \(script.fault?.message ?? "")")
    }
  }
}
