import Foundation
import TernRuntime
import TernShell
import TernSyntax
import Testing

/// Every example of the catalogue raises its error: where it is checked, or else where it runs. What a comment introduces
/// needs circumstances of its own; a few of these are made here.
@Suite("The catalogue's examples") struct CatalogueExampleTests {
  @Test("raise their code", arguments: ErrorCode.allCases) func raises(_ code: ErrorCode) throws {
    var conditions = Conditions()
    conditions.time = 20
    switch code {
    case .stepLimit: conditions.steps = 1000
    case .denied: conditions.isSandboxed = true
    default: guard !isOnlyDescribed(code.entry.example) else { return }
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tern-catalogue-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = Script(text: code.entry.example, name: folder.appendingPathComponent("example.mlx").path)
    let checked = script.check(in: conditions.session(path: script.path, console: Console())).errors
    if !checked.isEmpty { return #expect(checked.map(\.code) == [code]) }
    #expect(run(script, conditions) == code)
  }

  @Test("are comments only where no short program can raise it") func described() {
    let described = ErrorCode.allCases.filter { isOnlyDescribed($0.entry.example) }
    #expect(described.map(\.rawValue) == ["E0107", "E0108", "E0129", "E0337", "E0351", "E0352", "E0355", "E0356", "E0409", "E0510", "E0604", "E0900"])
  }

  private func isOnlyDescribed(_ example: String) -> Bool { example.hasPrefix("#") && !example.hasPrefix("# %%") }

  private func run(_ script: Script, _ conditions: Conditions) -> ErrorCode? {
    let session = conditions.session(path: script.path, console: Console())
    session.machine.output = { _ in }
    session.machine.notes = { _ in }
    for (position, cell) in script.tree.cells.enumerated() {
      let outcome = session.run(cell, of: script.source, number: position + 1, keepsTable: false)
      if let first = outcome.diagnostics.first { return first.code }
    }
    return nil
  }
}
