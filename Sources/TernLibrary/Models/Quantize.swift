import TernData
import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

extension Training {
  static var quantize: Builtin {
    Builtin(
      "quantize(model, dtype, data = none, metrics = none)",
      """
      The model with small weights: `int8`, a byte each and a scale for each output channel (symmetric, w ≈ q max|w| / 127; Jacob et \
      al. 2018), or `bf16` and `f16`, two bytes. Matrices and filters are kept so; it computes in f32. With data it is judged beside the \
      model it was made of: `.report` tells bytes and metrics before and after.
      """,
      example: """
        let data = dataset({x: arange(0, 4, step: 0.125), y: 3 * arange(0, 4, step: 0.125)})
        let run = fit(chain(dense(8, act: relu), dense(1)), data, target: "y", loss: mse, optimizer: adam(lr: 0.1), epochs: 100, seed: 1)
        let small = quantize(run.model, int8, data: data)
        small.report.after[0] < small.report.before[0]
        #> true
        """
    ) { call throws(Fault) in
      guard let dtype = try call.dtype(1), [.i8, .bf16, .f16].contains(dtype) else {
        throw Fault(.badArgument, "weights are kept as int8, bf16 or f16; this is \(call[1].printed)").atArgument(1, "dtype")
      }
      let model = try call[0].run?.keptModel() ?? call[0]
      var kept = 0
      let small = try SavedModel(of: model, call.machine) { _, tensor throws(Fault) in
        guard tensor.rank >= 2, tensor.dtype == .f32 else { return nil }
        kept += 1
        return try tensorValue { () throws(TensorError) in try KeptWeight(tensor, as: dtype) }
      }
      guard kept > 0 else {
        throw Fault(.badArgument, "`quantize` keeps matrices of f32 in fewer bytes, and this model has none").atArgument(0, "model")
      }
      let result = Value.foreign(Foreign(small))
      if let data = call[2].dataset {
        let table = try dataCall { try data.table() }
        let before = try SavedModel(of: model, call.machine).byteCount
        let reports = [try Evaluation.report(model, table, call[3], call.machine), try Evaluation.report(result, table, call[3], call.machine)]
        small.report = try SavedModel.compared((before, small.byteCount), reports[0], reports[1])
      } else if !call[2].isNone, !call[2].isUnset {
        throw Fault(.badArgument, "`data` is a dataset to judge by; this is \(call[2].description)").atArgument(2, "data")
      }
      return result
    }
  }

  private static func tensorValue<T>(_ body: () throws(TensorError) -> T) throws(Fault) -> T {
    do throws(TensorError) { return try body() } catch { throw Fault(error) }
  }
}

extension KeptWeight {
  fileprivate init(_ tensor: Tensor, as dtype: DType) throws(TensorError) {
    guard dtype == .i8 else {
      self.init(parts: [("numbers", try tensor.unnamed.cast(dtype))]) { parts throws(TensorError) in try parts[0].cast(.f32) }
      return
    }
    // The last axis is that of the outputs, of matrices and of filters.
    let largest = try bind(.largest, [try tensor.unnamed.map(.abs)], .axes(Array(0..<tensor.rank - 1)))
    let scale = try Tensor.binary(.maximum, .tensor(try Tensor.binary(.divide, .tensor(largest), .scalar(.float(127)))), .scalar(.float(1e-30)))
    let numbers = try (tensor.unnamed / scale).map(.round).cast(.i8)
    self.init(parts: [("numbers", numbers), ("scale", scale)]) { parts throws(TensorError) in try parts[0].cast(.f32) * parts[1] }
  }
}

extension SavedModel {
  /// A row for each measure, before and after.
  fileprivate static func compared(_ bytes: (Int, Int), _ before: ReportValue, _ after: ReportValue) throws(Fault) -> Value {
    var names = ["bytes"], old = [Double(bytes.0)], new = [Double(bytes.1)]
    for (first, second) in zip(before.fields, after.fields) {
      guard case .float(let a) = first.value, case .float(let b) = second.value else { continue }
      names.append(first.name)
      old.append(a)
      new.append(b)
    }
    let columns: [(name: String, column: Column)] = [("measure", .text(names.map(Optional.some))), ("before", .float(old)), ("after", .float(new))]
    return try dataCall { .dataset(try Table(columns)) }
  }
}
