import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

extension Training {
  static var allReduce: Builtin {
    Builtin(
      "all_reduce(workers: int = none)",
      """
      A strategy for `fit`: each worker, a thread of its own, computes the gradient of its share of every batch; the gradients are \
      averaged by their rows, always in the same order, and one update is made. What comes out is what one worker would give, to \
      rounding, and the same bytes each time; but a layer that looks across the rows of a batch, as `batch_norm` does, sees those of \
      its worker, and `dropout` draws for each. As many workers as the machine has cores unless told.
      """,
      example: "all_reduce(workers: 2)\n#> all_reduce(workers: 2)"
    ) { call throws(Fault) in
      guard call.has(0) else { return .foreign(Foreign(StrategyValue(workers: max(1, MachineFacts.current.cores)))) }
      let workers = try call.integer(0)
      guard (1...WorkerPool.limit).contains(workers) else {
        throw Fault(.badArgument, "`workers` is from 1 to \(WorkerPool.limit); this is \(workers)").atArgument(0, "workers")
      }
      return .foreign(Foreign(StrategyValue(workers: workers)))
    }
  }

  static var placement: Builtin {
    Builtin(
      "placement(strategy, net, batch: int = 32)",
      "What a strategy makes of a model: who holds what, and the bytes that move in a step.",
      example: """
        let net = init(dense(10), f32[_, 784], seed: 1)
        placement(all_reduce(workers: 2), net).bytes
        #> 31400
        """
    ) { call throws(Fault) in
      guard case .foreign(let foreign) = call[0], let strategy = foreign.value as? StrategyValue else {
        throw call.refusal(0, takes: "a strategy", hint: "`all_reduce(workers: 2)` is one")
      }
      guard case .model = call[1] else { throw call.refusal(1, takes: "a model that has its numbers", hint: "`init(net, x, seed: 1)` gives them") }
      let batch = try call.integer(2)
      guard batch > 0 else { throw Fault(TrainingError.badPlan(.batchSize, found: batch)).atArgument(2, "batch") }
      var bytes = 0, count = 0
      for (_, leaf) in try Leaves.named(call[1]) { if case .tensor(let tensor) = leaf { (bytes, count) = (bytes + tensor.byteCount, count + tensor.count) } }
      return .foreign(Foreign(PlacementValue(strategy, parameters: count, bytes: bytes, batch: batch)))
    }
  }
}

/// Where the work of training runs.
final class StrategyValue: ForeignValue {
  let workers: Int

  init(workers: Int) { self.workers = workers }

  var kind: String { "strategy" }
  var fieldNames: [String] { ["workers"] }
  func field(_ name: String) throws(Fault) -> Value? { name == "workers" ? .int(workers) : nil }
  func text(width: Int) -> String { "all_reduce(workers: \(workers))" }
  func equals(_ other: any ForeignValue) -> Bool { (other as? StrategyValue)?.workers == workers }

  /// The rows of a batch that each worker takes; none of them is empty.
  func shares(of count: Int) -> [Range<Int>] {
    let parts = min(workers, max(1, count))
    return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }
}

/// A strategy's plan for a model.
private final class PlacementValue: ForeignValue {
  private let strategy: StrategyValue
  private let parameters: Int
  private let bytes: Int
  private let batch: Int

  init(_ strategy: StrategyValue, parameters: Int, bytes: Int, batch: Int) {
    (self.strategy, self.parameters, self.bytes, self.batch) = (strategy, parameters, bytes, batch)
  }

  var kind: String { "placement" }
  var fieldNames: [String] { ["workers", "rows", "bytes", "memory"] }

  /// Gradients that are read to be averaged, besides the one that takes their sum.
  private var moved: Int { bytes * (shares.count - 1) }
  private var shares: [Range<Int>] { strategy.shares(of: batch) }

  func field(_ name: String) throws(Fault) -> Value? {
    switch name {
    case "workers": .int(shares.count)
    case "rows": .list(shares.map { .int($0.count) })
    case "bytes": .int(moved)
    case "memory": .int(bytes * shares.count)
    default: nil
    }
  }

  func text(width: Int) -> String {
    var lines = ["\(strategy.text(width: width))  \(parameters.grouped) parameters, \(ByteText.text(bytes)), in memory that all share"]
    for (number, share) in shares.enumerated() {
      lines.append("  worker \(number)  rows \(share.lowerBound)..\(share.upperBound) of each \(batch); its gradient, \(ByteText.text(bytes))")
    }
    if shares.count < strategy.workers { lines.append("  \((strategy.workers - shares.count).counted("worker")) idle: a batch has only \(batch.counted("row"))") }
    lines.append("  a step moves \(ByteText.text(moved)) of gradients and makes one update")
    return lines.joined(separator: "\n")
  }
}
