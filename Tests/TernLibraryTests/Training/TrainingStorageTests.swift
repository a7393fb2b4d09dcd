import Foundation
import Testing
import TernLibrary
import TernRuntime
import TernSyntax

@Suite("save and load", .serialized) struct TrainingStorageTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/tern-storage-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  private func shown(_ code: String) throws -> String {
    let script = try Script(code.replacingOccurrences(of: "DIR", with: folder))
    #expect(script.fault?.message == nil)
    return script.output
  }

  private func fault(_ code: String) throws -> Fault? { try Script(code.replacingOccurrences(of: "DIR", with: folder)).fault }

  @Test("a tree comes back as it was") func tree() throws {
    let code = """
      let t = {a: [1, 2.5, none, true, "x\\n"], b: {c: tensor([1, 2], dtype: i64), d: 3s, e: 2MB}, n: nan, i: -inf, z: -0.0}
      save(t, "DIR/tree")
      load("DIR/tree")
      """
    #expect(try shown(code) == #"{a: [1, 2.5, none, true, "x\n"], b: {c: i64[2]  [1, 2], d: 3s, e: 2MB}, n: nan, i: -inf, z: -0.0}"#)
  }

  @Test("a model and its optimizer come back bit by bit") func model() throws {
    let code = """
      fn net() { chain(dense(3, act: relu), x => x, dropout(0.1), dense(2)) }
      var s = {model: init(net(), f32[_, 2], seed: 1), opt: adam()}
      s = update(s.opt, s.model, s.model)
      save(s, "DIR/state")
      let back = load("DIR/state", into: {model: net(), opt: adam()})
      print(same(back.model.layers[0].w, s.model.layers[0].w), back.opt.t, same(back.opt.m.layers[3].w, s.opt.m.layers[3].w))
      print(same(back.model(ones(1, 2)), s.model(ones(1, 2))))
      """
    #expect(try shown(code) == "true 1.0 true\ntrue")
  }

  @Test("a run comes back with its recipe and its history") func run() throws {
    let code = """
      let prep = recipe(species: label, "*": standardize)
      let r = fit(chain(dense(4), dense(3)), sample("iris"), prep: prep, target: "species", loss: cross_entropy, epochs: 3)
      save(r, "DIR/run")
      let q = load("DIR/run", into: chain(dense(4), dense(3)))
      print(kind(q), q.id == r.id, len(q.history), q.loss == r.loss, predict(q, sample("iris")[0]) == predict(r, sample("iris")[0]))
      """
    #expect(try shown(code) == "run true 3 true true")
  }

  @Test("a model of another structure is refused by name", arguments: [
    ("dense(2)", "`w` was saved as f32[2, 3]; this model declares float[inputs, units] with units = 2"),
    ("init(dense(3), ones(1, 5))", "`w` was saved as f32[2, 3]; this model's is f32[5, 3]"),
    ("chain(dense(3))", "a model `dense` was saved at the top; `into` has a model there"),
    ("[dense(3), dense(3)]", "`into` has 2 models `dense`, none of them at the top"),
  ])
  func mismatch(_ into: String, _ message: String) throws {
    let fault = try fault("save(init(dense(3), f32[_, 2], seed: 1), \"DIR/m\")\nload(\"DIR/m\", into: \(into))")
    #expect(fault?.code == .checkpointMismatch)
    #expect(fault?.message == message)
  }

  @Test("what cannot be saved or loaded says so", arguments: [
    ("load(\"DIR/none\")", ErrorCode.noSuchFile), ("load(\"DIR\")", .unknownFormat), ("save(x => x, \"DIR/f\")", .badArgument),
    ("save(dense(2), \"DIR/f\")", .uninitialised), ("save({a: sample(\"iris\")}, \"DIR/f\")", .badArgument), ("save(1, 2)", .badArgument),
    ("save(init(chain(dense(1)), ones(1, 1), seed: 1).layers[0], \"DIR/m\")\nload(\"DIR/m\")", .badArgument), ("save(1, \"DIR/no/where\")", .cannotWrite),
  ] as [(String, ErrorCode)])
  func refusals(_ code: String, _ error: ErrorCode) throws { #expect(try fault(code)?.code == error, "\(code)") }

  @Test("a damaged save is told from a sound one") func damage() throws {
    _ = try shown("save({w: arange(100)}, \"DIR/d\")")
    let path = folder + "/d/tensors.safetensors"
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes[bytes.count - 3] ^= 1
    try bytes.write(to: URL(filePath: path))
    #expect(try fault("load(\"DIR/d\")")?.code == .damagedFile)
    for cut in stride(from: 0, to: bytes.count, by: 37) {
      try bytes.prefix(cut).write(to: URL(filePath: path))
      #expect(try fault("load(\"DIR/d\")")?.code == .damagedFile)
    }
  }

  @Test("a tree a hundred thousand deep is saved by a loop") func deep() throws {
    let code = """
      var t = 1
      for i in 0..100000 { t = [t] }
      save(t, "DIR/deep")
      kind(load("DIR/deep"))
      """
    #expect(try shown(code) == "\"list\"")
  }

  @Test("a sandbox trains, but neither saves nor keeps records") func sandbox() throws {
    let vocabulary = Vocabulary.standard()
    vocabulary.library = Stdlib()
    let machine = Machine(vocabulary: vocabulary)
    machine.denied = [.writes, .reads]
    machine.notes = { _ in }
    let text = "fit(dense(1), dataset({x: [1.0, 2.0], y: [2.0, 4.0]}), target: \"y\", loss: mse).status"
    let source = SourceText(name: "test", text: text)
    var last = Value.none
    for step in try machine.compile(parse(source).cells[0].statements, of: source, in: File(path: nil)).steps {
      last = try machine.run(step.prototype)
    }
    #expect(last.text() == "\"done\"")
  }
}
