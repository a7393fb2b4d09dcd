import Glibc
import TernLibrary
import TernRuntime
import TernSyntax
let vocab = Vocabulary.standard()
vocab.library = Stdlib()
let machine = Machine(vocabulary: vocab)
let file = File(path: nil)
let args = CommandLine.arguments
let text: String
if args[1] == "-e" { text = args[2] } else { text = String(decoding: try FilePath.read(args[1], as: args[1]), as: UTF8.self) }
let source = SourceText(name: args[1], text: text)
let tree = parse(source)
for d in tree.diagnostics { print("error[\(d.code.rawValue)] \(d.message) line \(d.labels.first.map { source.line(at: $0.range.start) } ?? 0) \(d.hint ?? "")") }
if !tree.diagnostics.isEmpty { exit(1) }
for cell in tree.cells {
  do {
    let compiled = try machine.compile(cell.statements, of: source, in: file)
    var last = Value.none
    for step in compiled.steps {
      last = try machine.run(step.prototype)
    }
    if !last.isNone { print(last.text(width: 80)) }
  } catch let f as Fault { print("error[\(f.code.rawValue)]: \(f.message) line \(f.line) \(f.hint ?? "") \(f.notes) \(f.trace.map { $0.function })"); exit(1)
  } catch let c as CompileFailure { for d in c.diagnostics { print("error[\(d.code.rawValue)]: \(d.message) \(d.hint ?? "")") }; exit(1) }
}

