import TernData
import TernRuntime
import TernTensor
import TernTraining

/// What kept a run from being faster, with figures: putting batches together, arithmetic, moving memory, or neither of them
/// (steps too small for the work around them to vanish).
struct Bound {
  enum Limit: String { case input, compute, memory, overhead }

  let limit: Limit
  /// Of the time of training: putting batches together.
  let inputShare: Double
  /// Reached in steps, and what this machine can do.
  let operations: (rate: Double, peak: Double)
  let bytes: (rate: Double, peak: Double)

  /// Shorter runs say nothing, and are not worth measuring the machine for.
  private static let leastSeconds = 2.0

  /// nil for a run that is too short, or whose steps are not known.
  init?(_ timing: TrainTiming, work: PlanWork?) {
    guard timing.learning >= Bound.leastSeconds, timing.learnedSteps > 0, let work, let peaks = MachinePeaks.measured else { return nil }
    let step = timing.learning / Double(timing.learnedSteps)
    inputShare = timing.input / (timing.input + timing.learning)
    operations = (work.operations / step, peaks.operations)
    bytes = (work.bytes / step, peaks.bytes)
    let shares = [(inputShare * 2, Limit.input), (operations.rate / operations.peak, .compute), (bytes.rate / bytes.peak, .memory)]
    let most = shares.max { $0.0 < $1.0 }
    limit = most.map { $0.0 < 0.3 ? .overhead : $0.1 } ?? .overhead
  }

  var text: String {
    func part(_ rate: Double, _ peak: Double, _ unit: String) -> String {
      "\(Bound.giga(rate)) of \(Bound.giga(peak)) \(unit)"
    }
    let words = limit == .overhead ? "small steps: neither arithmetic nor memory is busy" : limit.rawValue
    return "bounded by \(words) (input \(Int(inputShare * 100)) % of the time; \(part(operations.rate, operations.peak, "GFLOP/s")); \(part(bytes.rate, bytes.peak, "GB/s of memory")))"
  }

  private static func giga(_ number: Double) -> String { (number / 1e9).fixed(decimals: number < 1e11 ? 1 : 0) }

  var members: [JSONMember] {
    [
      JSONMember("by", .string(limit.rawValue)), JSONMember("input_share", .double(inputShare)),
      JSONMember("gflops", .double(operations.rate / 1e9)), JSONMember("peak_gflops", .double(operations.peak / 1e9)),
      JSONMember("gbytes", .double(bytes.rate / 1e9)), JSONMember("peak_gbytes", .double(bytes.peak / 1e9)),
    ]
  }
}

/// What this machine can do at best, measured once in some 50 ms: a product of matrices and a sum of two long rows.
struct MachinePeaks {
  let operations: Double
  let bytes: Double

  static let measured = try? MachinePeaks()

  private init() throws(TensorError) {
    let size = 512, count = 8 << 20
    let square = try Tensor.ones(Shape(checking: [size, size]))
    operations = try MachinePeaks.rate(2 * Double(size * size * size)) { () throws(TensorError) in try Tensor.matmul(square, square) }
    let row = try Tensor.ones(Shape(checking: [count]))
    bytes = try MachinePeaks.rate(3 * 4 * Double(count)) { () throws(TensorError) in try Tensor.binary(.add, row, row) }
  }

  /// The best of a few tries.
  private static func rate(_ amount: Double, _ work: () throws(TensorError) -> Tensor) throws(TensorError) -> Double {
    var best = Double.infinity
    for _ in 0..<4 {
      let began = SystemClock.monotonic()
      _ = try work()
      best = min(best, SystemClock.monotonic() - began)
    }
    return amount / max(best, 1e-9)
  }
}
