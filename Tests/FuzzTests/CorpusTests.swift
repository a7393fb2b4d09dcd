import Foundation
import Testing

/// Programs that once brought the process down, cut to what it takes.
@Suite("What once crashed") struct CorpusTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus").path

  @Test("ends in a value or a fault", arguments: try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".mlx") }.sorted())
  func runs(_ name: String) throws {
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: Self.folder + "/" + name)))
    onMachine {
      var bench = ProgramBench()
      bench.run(bytes)
    }
  }
}
