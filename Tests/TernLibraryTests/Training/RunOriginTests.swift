import Foundation
import Testing
import TernRuntime

@Suite("What a run's record says", .serialized) struct RunOriginTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/tern-origin-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  @Test("where it comes from") func origin() throws {
    try "x,y\n1,2\n2,4\n3,6\n".write(toFile: folder + "/d.csv", atomically: true, encoding: .utf8)
    let code = """
      let d = read("\(folder)/d.csv")
      let r = fit(dense(1), d, target: "y", loss: mse, epochs: 1, seed: 1)
      let s = fit(dense(1), take(d, 2), target: "y", loss: mse, epochs: 1, seed: 1)
      print(keys(r.inputs), r.data == s.data, r.data == fit(dense(1), d, target: "y", loss: mse, epochs: 1, seed: 9).data)
      print(len(r.inputs["\(folder)/d.csv"]), r.inputs == s.inputs, keys(r.versions), keys(r.machine), r.bound)
      """
    let script = Script(code)
    #expect(script.fault?.message == nil)
    #expect(script.output == """
      ["\(folder)/d.csv"] false true
      16 true ["tern", "matrix_library", "instruction_set", "threads"] ["system", "architecture", "cores", "memory_bytes"] none
      """)
    try? FileManager.default.removeItem(atPath: folder)
  }

  @Test("what bounded it, when it was long enough to tell") func bound() {
    let code = """
      let x = randn(4096, 64, seed: 3)
      let r = fit(chain(dense(256, act: relu), dense(2)), dataset({x, y: cast(x[.., 0] > 0, i64)}), target: "y", loss: cross_entropy,
                  batch: 256, budget: {time: 2500ms}, seed: 1)
      print(r.bound.by in ["input", "compute", "memory", "overhead"], r.bound.gflops > 0, r.bound.gflops < 2 * r.bound.peak_gflops)
      print(r.bound.gbytes > 0, r.bound.peak_gbytes > 0, r.bound.input_share >= 0 and r.bound.input_share < 1)
      """
    let script = Script(code)
    #expect(script.fault?.message == nil)
    #expect(script.output == "true true true\ntrue true true")
    #expect(script.notes.hasPrefix("note: bounded by "))
  }
}
