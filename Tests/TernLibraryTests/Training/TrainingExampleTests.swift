import Testing
import TernLibrary
import TernRuntime
import TernSyntax

@Suite("Every word of training", .serialized) struct TrainingExampleTests {
  @Test("has a signature in Tern's grammar") func signatures() {
    for builtin in Training.builtins {
      #expect(parseSignature(builtin.signatureText) != nil, "\(builtin.signatureText)")
      #expect(!builtin.sentence.isEmpty && !builtin.example.isEmpty, "\(builtin.name)")
    }
  }

  @Test("does what its example shows", arguments: Training.builtins.indices)
  func example(_ index: Int) throws {
    let builtin = Training.builtins[index]
    let parts = builtin.example.components(separatedBy: "#> ")
    try #require(parts.count == 2, "\(builtin.name)")
    let script = try Script(parts[0])
    #expect(script.fault?.message == nil, "\(builtin.name)")
    #expect(script.output == parts[1], "\(builtin.name)")
  }
}

extension String {
  fileprivate func components(separatedBy mark: String) -> [String] { split(separator: mark, maxSplits: 1).map(String.init) }
}
