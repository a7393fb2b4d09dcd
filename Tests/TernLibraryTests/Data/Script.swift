import TernLibrary
import TernRuntime
import TernSyntax

/// Runs code as cells are run, with all words and the library.
struct Script {
  /// What is printed and shown.
  private(set) var output = ""
  /// What goes to stderr.
  private(set) var notes = ""
  private(set) var fault: Fault?
  let file = File(path: nil)

  init(_ code: String) {
    let vocabulary = Vocabulary.standard()
    vocabulary.library = Stdlib()
    let machine = Machine(vocabulary: vocabulary)
    machine.isQuiet = true
    let log = Log()
    machine.output = { log.output += $0 }
    machine.notes = { log.notes += $0 }
    let source = SourceText(name: "test", text: code), tree = parse(source)
    do throws(Fault) {
      if let first = tree.diagnostics.first { throw Fault(first) }
      for cell in tree.cells { log.output += try Script.run(cell, of: source, in: file, machine) }
    } catch {
      fault = error
    }
    output = log.output.hasSuffix("\n") ? String(log.output.dropLast()) : log.output
    notes = log.notes
  }

  private final class Log {
    var output = ""
    var notes = ""
  }

  private static func run(_ cell: CellTree, of source: SourceText, in file: File, _ machine: Machine) throws(Fault) -> String {
    let compiled: CompiledCell
    do throws(CompileFailure) { compiled = try machine.compile(cell.statements, of: source, in: file) } catch {
      throw error.diagnostics.first.map { Fault($0) } ?? Fault(.internalFault, "does not compile")
    }
    var last = Value.none
    for step in compiled.steps { last = try machine.run(step.prototype) }
    return last.isNone ? "" : last.text() + "\n"
  }
}
