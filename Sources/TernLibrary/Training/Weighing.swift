import TernData
import TernRuntime
import TernSyntax
import TernTensor

/// How much each row counts while training: by columns of weights, by how recent it is, by its class. All of it multiplies.
struct Weighing {
  var columns: [String] = []
  var recencies: [RecencyValue] = []
  var classes: ClassWeights?

  /// Columns that are no features.
  var excluded: [String] { columns + recencies.compactMap(\.column) }

  /// One weight a row; nil when every row counts the same.
  /// - Parameter target: as the loss takes it.
  func weights(of table: Table, target: Tensor, classes names: [Cell]?) throws(Fault) -> Tensor? {
    var factors: [[Double]] = []
    for column in columns { factors.append(try dataCall { try table.column(column).presentNumbers(column) }) }
    for recency in recencies { factors.append(try recency.weights(of: table)) }
    if let classes { factors.append(try classes.weights(of: target, names)) }
    guard var product = factors.first else { return nil }
    for factor in factors.dropFirst() { for row in product.indices { product[row] *= factor[row] } }
    if let row = product.firstIndex(where: { !($0 >= 0) || $0.isInfinite }) {
      throw Fault(.badArgument, "row \(row) has the weight \(floatText(product[row])); a weight is 0 or more").atLabel("weights")
    }
    guard product.isEmpty || product.contains(where: { $0 > 0 }) else { throw Fault(.badArgument, "all rows have the weight 0").atLabel("weights") }
    let numbers = product
    return try tensorCall { () throws(TensorError) in try Tensor.of(numbers) }
  }
}

/// `class_weights`: a number for each class, or such that all classes weigh the same.
enum ClassWeights {
  case balanced
  case given([(name: String, weight: Double)])

  fileprivate func weights(of target: Tensor, _ names: [Cell]?) throws(Fault) -> [Double] {
    guard target.dtype.isInteger || target.dtype == .bool, target.rank == 1 else {
      throw fault("`class_weights` is for a target of classes; this one is \(target.typeText)")
    }
    let labels = (0..<target.count).map { Int(target.element($0).double) }
    let byLabel = try weights(of: labels, names)
    return labels.map { byLabel[$0] ?? 1 }
  }

  private func weights(of labels: [Int], _ names: [Cell]?) throws(Fault) -> [Int: Double] {
    var counts: [Int: Int] = [:]
    for label in labels { counts[label, default: 0] += 1 }
    switch self {
    case .balanced: return counts.mapValues { Double(labels.count) / Double(counts.count * $0) }
    case .given(let given):
      let words = Dictionary(counts.keys.map { (ClassWeights.word($0, names), $0) }) { first, _ in first }
      let known = names.map { $0.map(\.text) } ?? words.keys.sorted()
      var weights: [Int: Double] = [:]
      for (name, weight) in given {
        guard known.contains(name) else {
          throw fault("`class_weights` names \(name.quoted), which is no class", hint: "there is \(known.prefix(8).joined(separator: ", "))")
        }
        if let label = words[name] { weights[label] = weight }
      }
      return weights
    }
  }

  private static func word(_ label: Int, _ names: [Cell]?) -> String {
    if let names, names.indices.contains(label) { names[label].text } else { String(label) }
  }

  private func fault(_ message: String, hint: String? = nil) -> Fault { Fault(.badLabels, message, hint: hint).atLabel("class_weights") }
}

extension Column {
  fileprivate func presentNumbers(_ name: String) throws(DataError) -> [Double] {
    let tensor = try tensor(.f64, name: name)
    return (0..<tensor.count).map { tensor.element($0).double }
  }
}

extension FitArguments {
  /// `weights:` is a column, a `recency(…)`, or a list of such.
  func weighing(_ table: Table) throws(Fault) -> Weighing {
    var weighing = Weighing()
    let parts: [Value] = if case .list(let list) = self["weights"] { Array(list.values) } else { isGiven("weights") ? [self["weights"]] : [] }
    for part in parts {
      switch part {
      case .string(let column):
        try checkColumn(of: table, column.text, "weights")
        weighing.columns.append(column.text)
      case .foreign(let foreign):
        guard let recency = foreign.value as? RecencyValue else { throw weightsRefusal }
        weighing.recencies.append(try at("weights") { () throws(Fault) in try recency.settled(on: table) })
      default: throw weightsRefusal
      }
    }
    weighing.classes = try classWeights()
    return weighing
  }

  private var weightsRefusal: Fault { refusal("weights", "the name of a column, or `recency(…)`,", hint: "`weights: [\"w\", recency(30d)]` multiplies them") }

  private func classWeights() throws(Fault) -> ClassWeights? {
    guard isGiven("class_weights") else { return nil }
    switch self["class_weights"] {
    case .string(let text) where text.text == "balanced": return .balanced
    case .record(let record):
      let options = try at("class_weights") { () throws(Fault) in
        try OptionRecord(record, "class_weights", keys: record.layout.keys.map(\.text), machine)
      }
      var given: [(String, Double)] = []
      for key in record.layout.keys {
        let weight = try at("class_weights") { () throws(Fault) in try options.amount(key.text, admitsZero: true) }
        given.append((key.text, weight ?? 1))
      }
      return .given(given)
    default: throw refusal("class_weights", "\"balanced\" or a record of classes", hint: "`class_weights: {yes: 5, no: 1}`")
    }
  }
}
