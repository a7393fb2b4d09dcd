import Testing
import TernSyntax

@Suite("The catalogue of errors") struct CatalogueTests {
  @Test("every code has its words", arguments: ErrorCode.allCases) func words(_ code: ErrorCode) {
    let entry = code.entry
    #expect(!entry.title.isEmpty && entry.title.count <= 60 && entry.title.last != ".")
    let sentences = entry.explanation.split(separator: ".").count
    #expect(sentences >= 1 && entry.explanation.last == ".")
    #expect(!entry.example.isEmpty)
    #expect(code.explanation.hasPrefix("\(code.rawValue): \(entry.title)\n"))
  }

  @Test("titles and codes are each their own") func unique() {
    #expect(Set(ErrorCode.allCases.map(\.entry.title)).count == ErrorCode.allCases.count)
    #expect(Set(ErrorCode.allCases.map(\.rawValue)).count == ErrorCode.allCases.count)
  }

  @Test("the examples of text and grammar raise their code", arguments: ErrorCode.allCases.filter { $0.rawValue.hasPrefix("E01") })
  func raises(_ code: ErrorCode) {
    guard !code.entry.example.hasPrefix("#") else { return }
    #expect(parse(SourceText(name: "t", text: code.entry.example)).diagnostics.first?.code == code)
  }

  @Test("all other examples are grammatical", arguments: ErrorCode.allCases.filter { !$0.rawValue.hasPrefix("E01") })
  func parses(_ code: ErrorCode) {
    let found = parse(SourceText(name: "t", text: code.entry.example)).diagnostics.map(\.code)
    #expect(found.isEmpty || found == [code])
  }

  @Test("did you mean") func nearest() {
    let words = ["total", "mean", "median", "height", "species", "x", "sort"]
    #expect(didYouMean("totl", among: words) == "total")
    #expect(didYouMean("hieght", among: words) == "height")
    #expect(didYouMean("Mean", among: words) == "mean")
    #expect(didYouMean("specis", among: words) == "species")
    #expect(didYouMean("y", among: words) == nil)
    #expect(didYouMean("banana", among: words) == nil)
    #expect(didYouMean("srot", among: words) == "sort")
    #expect(didYouMean("", among: words) == nil)
    #expect(didYouMean(String(repeating: "a", count: 100_000), among: words) == nil)
  }
}
