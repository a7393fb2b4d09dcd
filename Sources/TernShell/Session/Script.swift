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
    do throws(Fault) { bytes = try FilePath.read(path, as: path) } catch {
      throw Script.isMisspelled(error, path)
    }
    tree = parse(SourceText(name: path, bytes: bytes))
  }

  /// `tern chek file.mlx`: a word that is no file was meant as a command.
  private static func isMisspelled(_ fault: Fault, _ path: String) -> Fault {
    guard fault.code == .noSuchFile, fault.hint == nil, !path.contains("/"), !path.contains(".") else { return fault }
    let near = didYouMean(path, among: ["check", "test", "weave", "explain"])
    fault.hint = near.map { "did you mean `tern \($0)`?" } ?? "scripts end in `.mlx`; `tern --help` lists the commands"
    return fault
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
