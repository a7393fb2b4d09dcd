import TernTensor
import Testing

/// Numbers that are the same in every run.
struct Dice {
  private var state: UInt64
  init(_ seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(max(n, 1))) }
  mutating func real(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + Double(next() >> 11) * 0x1p-53 * (range.upperBound - range.lowerBound)
  }
  mutating func coin() -> Bool { next() & 4 == 0 }
}

func shape(_ sizes: Int...) -> Shape { Shape(sizes) ?? Shape() }

extension Tensor {
  var doubles: [Double] { (0..<count).map { element($0).double } }
  var ints: [Int] { (0..<count).map { Int(element($0).double) } }
  var bools: [Bool] { (0..<count).map { element($0).double != 0 } }

  static func f64(_ numbers: [Double], _ sizes: [Int]? = nil) throws -> Tensor {
    try of(numbers, shape: Shape(sizes ?? [numbers.count]), dtype: .f64)
  }
  static func f32(_ numbers: [Double], _ sizes: [Int]? = nil, axes: [String?]? = nil) throws -> Tensor {
    let out = try of(numbers, shape: Shape(sizes ?? [numbers.count]), dtype: .f32)
    return if let axes { try out.named(checking: axes) } else { out }
  }
  static func i64(_ numbers: [Int], _ sizes: [Int]? = nil) throws -> Tensor { try of(numbers, shape: Shape(sizes ?? [numbers.count])) }
  static func mask(_ marks: [Bool], _ sizes: [Int]? = nil) throws -> Tensor {
    try of(marks.map { .bool($0) }, shape: Shape(sizes ?? [marks.count]) ?? Shape(), dtype: .bool)
  }
}

func close(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
  a == b || (a.isNaN && b.isNaN) || abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}

/// The gradients of a function that gives one number.
func gradients(_ inputs: [Tensor], _ f: ([Tensor]) throws -> Tensor) throws -> [Tensor] {
  let graph = Graph()
  defer { graph.end() }
  let nodes = inputs.map { graph.lift($0) }
  return try graph.gradients(of: try f(nodes), by: nodes)
}

/// Central differences of a function of one tensor's elements.
func differences(_ inputs: [Tensor], by k: Int, step: Double = 1e-5, _ f: ([Tensor]) throws -> Double) throws -> [Double] {
  let x = inputs[k].doubles
  return try x.indices.map { i in
    func value(_ shift: Double) throws -> Double {
      var moved = x
      moved[i] += shift
      var all = inputs
      all[k] = try Tensor.of(moved.map { .float($0) }, shape: inputs[k].shape, dtype: .f64)
      return try f(all)
    }
    return (try value(step) - value(-step)) / (2 * step)
  }
}
