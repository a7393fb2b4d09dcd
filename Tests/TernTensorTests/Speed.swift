import Glibc
import TernTensor
import Testing

private func seconds() -> Double {
  var t = timespec()
  clock_gettime(CLOCK_MONOTONIC, &t)
  return Double(t.tv_sec) + 1e-9 * Double(t.tv_nsec)
}

private func best(_ name: String, _ times: Int, _ body: () throws -> Void) rethrows {
  var least = Double.infinity
  for _ in 0..<9 {
    let start = seconds()
    for _ in 0..<times { try body() }
    least = min(least, (seconds() - start) / Double(times))
  }
  let text = least < 1e-6 ? "\((least * 1e10).rounded() / 10) ns" : least < 1e-3 ? "\((least * 1e8).rounded() / 100) us" : "\((least * 1e5).rounded() / 100) ms"
  print("\(name): \(text)")
}

/// Figures for the closing note of a change; run with TERN_BENCH=1 and -c release.
@Suite("Speed", .serialized, .enabled(if: getenv("TERN_BENCH") != nil)) struct Speed {
  @Test func figures() throws {
    Kernels.claimComputing()
    defer { Kernels.releaseComputing() }
    print("\(Kernels.instructionSet), \(Kernels.threadCount) threads, \(Kernels.matrixLibrary)")
    let a = try Tensor.f32(Array(repeating: 1, count: 16)), b = try Tensor.f32(Array(repeating: 2, count: 16))
    var r = a
    try best("a + b, 16 floats", 100_000) { r = try Tensor.binary(.add, a, b) }
    try best("a * 2, 16 floats", 100_000) { r = try Tensor.binary(.multiply, a, .float(2)) }
    try best("tanh, 16 floats", 100_000) { r = try a.map(.tanh) }
    try best("a[3]", 100_000) { r = try a.get([IndexEntry(.position(3))]) }
    try best("sum, 16 floats", 100_000) { r = try a.sum() }
    let m = try Tensor.normal(.known(Key(seed: 1)), shape(32, 4)), w = try Tensor.normal(.known(Key(seed: 2)), shape(4, 16)), c = try Tensor.zeros(shape(16))
    try best("32x4 @ 4x16", 20_000) { r = try Tensor.matmul(m, w) }
    try best("[32, 16] + [16]", 20_000) { r = try Tensor.binary(.add, try Tensor.zeros(shape(32, 16)), c) }
    for (p, q, k) in [(128, 256, 784), (784, 256, 128), (512, 512, 512), (256, 4096, 1024), (1024, 1024, 1024)] {
      let x = try Tensor.normal(.known(Key(seed: 1)), Shape([p, k]) ?? Shape()), y = try Tensor.normal(.known(Key(seed: 2)), Shape([k, q]) ?? Shape())
      for own in [false, true] {
        Kernels.useOwnMatrixProduct(own)
        var least = 1e9
        for _ in 0..<9 {
          let start = seconds()
          for _ in 0..<4 { r = try Tensor.matmul(x, y) }
          least = min(least, (seconds() - start) / 4)
        }
        print("\(p) x \(q) x \(k) \(own ? "own" : "library"): \((2 * Double(p * q * k) / least / 1e9).rounded()) GF/s")
      }
      Kernels.useOwnMatrixProduct(false)
    }
    let big = try Tensor.normal(.known(Key(seed: 1)), shape(1_000_000)), other = try Tensor.normal(.known(Key(seed: 2)), shape(1_000_000))
    try best("add 1M", 50) { r = try big + other }
    try best("exp 1M", 50) { r = try big.exp() }
    try best("tanh 1M", 50) { r = try big.map(.tanh) }
    try best("sum 1M", 50) { r = try big.sum() }
    try best("sum rows 1000x1000", 50) { r = try big.reshaped([1000, 1000]).sum(over: [.position(1)]) }
    try best("sum columns 1000x1000", 50) { r = try big.reshaped([1000, 1000]).sum(over: [.position(0)]) }
    try best("max rows 1000x1000", 50) { r = try big.reshaped([1000, 1000]).max(over: [.position(1)]) }
    try best("argmax rows", 20) { r = try big.reshaped([1000, 1000]).argmax(over: .position(1)) }
    try best("softmax 1000x1000", 50) { r = try big.reshaped([1000, 1000]).softmax() }
    try best("transpose 1000x1000", 50) { r = try big.reshaped([1000, 1000]).transposed() }
    try best("normal 1M", 5) { r = try Tensor.normal(.known(Key(seed: 1)), shape(1_000_000)) }
    try best("uniform 1M", 5) { r = try Tensor.uniform(.known(Key(seed: 1)), shape(1_000_000)) }
    try best("argsort 1M", 2) { r = try big.argsort() }
    try best("permutation 60000", 5) { r = try Tensor.permutation(Key(seed: 1), of: 60_000) }
    try best("chain of 100k records and its gradient", 1) {
      let graph = Graph(), x = graph.lift(a)
      var y = x
      for _ in 0..<100_000 { y = try y + b }
      _ = try graph.gradients(of: try y.sum(), by: [x])
      graph.end()
    }
    _ = r
  }

  @Test func small() throws {
    let a = try Tensor.f32(Array(repeating: 1, count: 16)), b = try Tensor.f32(Array(repeating: 2, count: 16))
    var r = a
    try best("a + b, 16 floats", 2_000_000) { r = try Tensor.binary(.add, a, b) }
    let wide = try Tensor.zeros(shape(32, 16))
    try best("[32, 16] + [16]", 200_000) { r = try Tensor.binary(.add, wide, b) }
    let m = try Tensor.normal(.known(Key(seed: 1)), shape(32, 4)), w = try Tensor.normal(.known(Key(seed: 2)), shape(4, 16))
    try best("32x4 @ 4x16", 200_000) { r = try Tensor.matmul(m, w) }
    _ = r
  }

  @Test func epochOfAPerceptron() throws {
    Kernels.claimComputing()
    defer { Kernels.releaseComputing() }
    let n = 60_000, batch = 128
    let images = try Tensor.uniform(.known(Key(seed: 1)), shape(n, 784)), labels = try Tensor.integers(.known(Key(seed: 2)), shape(n), from: 0, to: 10)
    let rows = try Tensor.arange(from: .int(0), to: .int(batch))
    var p = try [
      0.05 * Tensor.normal(.known(Key(seed: 3)), shape(784, 256)), Tensor.zeros(shape(256)), 0.05 * Tensor.normal(.known(Key(seed: 4)), shape(256, 10)),
      Tensor.zeros(shape(10)),
    ]
    var m = try p.map { try Tensor.zeros($0.shape) }, v = try p.map { try Tensor.zeros($0.shape) }
    for epoch in 0..<4 {
      let start = seconds()
      var last = 0.0, b1 = 1.0, b2 = 1.0
      for step in 0..<n / batch {
        let x = try images.get([IndexEntry(.range(start: step * batch, stop: (step + 1) * batch))])
        let y = try labels.get([IndexEntry(.range(start: step * batch, stop: (step + 1) * batch))])
        let graph = Graph(), q = p.map { graph.lift($0) }
        let h = try (Tensor.matmul(x, q[0]) + q[1]).map(.relu)
        let z = try Tensor.matmul(h, q[2]) + q[3]
        let loss = try (z.logSumExp(over: [.position(1)]) - z.gather([rows, y])).mean()
        let g = try graph.gradients(of: loss, by: q)
        last = loss.element(0).double
        graph.end()
        b1 *= 0.9
        b2 *= 0.999
        for k in p.indices {                               // as a script's tree arithmetic does it, temporaries reused
          m[k] = try Tensor.binary(.add, try Tensor.binary(.multiply, m[k], .float(0.9), reusing: .left), 0.1 * g[k], reusing: .left)
          v[k] = try Tensor.binary(.add, try Tensor.binary(.multiply, v[k], .float(0.999), reusing: .left),
            try Tensor.binary(.multiply, try g[k].square(), .float(0.001), reusing: .left), reusing: .left)
          let root = try Tensor.binary(.divide, v[k], .float(1 - b2)).map(.sqrt, reusing: true)
          let scaled = try Tensor.binary(.multiply, m[k], .float(1e-3 / (1 - b1)))
          let change = try Tensor.binary(.divide, scaled, try Tensor.binary(.add, root, .float(1e-8), reusing: .left), reusing: .left)
          p[k] = try Tensor.binary(.subtract, p[k], change, reusing: .left)
        }
      }
      print("epoch \(epoch): \(((seconds() - start) * 1000).rounded()) ms, loss \(last)")
    }
  }
}
