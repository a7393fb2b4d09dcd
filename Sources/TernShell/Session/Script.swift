package import TernRuntime
package import TernSyntax

/// A source file as it was read, with its tree.
package struct Script {
  package let path: String
  package let tree: SourceTree
  package var source: SourceText { tree.source }

  /// Reads and parses a file. What is wrong with its text is in the tree; what is wrong with the file is thrown.
  package init(reading path: String) throws(Fault) {
    self.path = path
    let bytes: [UInt8]
    do throws(Fault) { bytes = try FilePath.read(path == "-" ? "/dev/stdin" : path, as: path) } catch {
      if error.code == .noSuchFile, error.hint == nil { error.hint = Script.near(path).map { "did you mean `\($0)`?" } }
      throw error
    }
    tree = parse(SourceText(name: path == "-" ? "stdin" : path, bytes: bytes))
  }

  /// A script beside the one that is not there whose name is near, or is it with its ending.
  private static func near(_ path: String) -> String? {
    let folder = FilePath.folder(path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let scripts = FilePath.names(in: folder).filter { $0.hasSuffix(".mlx") }
    let found = scripts.contains(name + ".mlx") ? name + ".mlx" : didYouMean(name, among: scripts)
    return found.map { path.contains("/") ? FilePath.resolve($0, in: folder) : $0 }
  }

  /// Runs the whole file as a program; its exit code.
  package func run(in session: Session, console: Console) -> Int32 {
    guard tree.diagnostics.isEmpty else {
      console.report(tree.diagnostics)
      return 1
    }
    for (position, cell) in tree.cells.enumerated() where !cell.flags.contains("skip") {
      let outcome = session.run(cell, of: source, number: position + 1, keepsTable: false) { _ in console.flush() }
      if let code = outcome.exitCode { return Int32(truncatingIfNeeded: code) }
      if !outcome.isSuccess {
        console.report(outcome.diagnostics, cell: tree.cells.count > 1 ? position + 1 : nil)
        return outcome.isInterrupted ? Interrupts.exitCode : 1
      }
    }
    return 0
  }
}

extension Script {
  /// A text that is no file: `-e CODE`, a piped program.
  package init(text: String, name: String) {
    path = name
    tree = parse(SourceText(name: name, text: text))
  }
}
