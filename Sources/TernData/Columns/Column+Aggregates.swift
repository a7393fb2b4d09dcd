internal import Glibc

/// One number of a whole column, and how many missing cells it passed over.
package struct Aggregate: Equatable, Sendable {
  /// Missing when nothing was left to aggregate.
  package let value: Cell
  package let skipped: Int

  package init(value: Cell, skipped: Int) {
    self.value = value
    self.skipped = skipped
  }
}

/// The aggregates the language has for columns.
package enum Aggregation: String, CaseIterable, Sendable {
  case sum, mean, min, max, count, std, median, unique, any, all
}

extension Column {
  /// Aggregates the cells that are present.
  ///
  /// `sum` of nothing is 0, `count` counts present cells, `unique` the distinct ones; `mean`, `std`, `median`, `min` and
  /// `max` of nothing are missing. `std` divides by n, as the standardising of features does.
  /// - Throws: `badOperand`, `integerOverflow`.
  package func aggregate(_ aggregation: Aggregation) throws(DataError) -> Aggregate {
    Aggregate(value: try value(of: aggregation), skipped: missingCount)
  }

  private func value(of aggregation: Aggregation) throws(DataError) -> Cell {
    switch aggregation {
    case .count: .int(count - missingCount)
    case .unique: .int(distinct().count)
    case .min: try extreme("min") { $0 < $1 }
    case .max: try extreme("max") { $1 < $0 }
    case .any: .bool(try presentBools("any").contains(true))
    case .all: .bool(!(try presentBools("all").contains(false)))
    case .sum: try sum()
    case .mean: .orMissing(Moments(try presentFloats("mean")).mean)
    case .std: .orMissing(Moments(try presentFloats("std")).std)
    case .median: .orMissing(try quantile(0.5))
    }
  }

  /// The number below which a share of the present cells lies, by linear interpolation; nil when there are none.
  /// - Throws: `badOperand`.
  package func quantile(_ share: Double) throws(DataError) -> Double? {
    let sorted = try presentFloats("quantile").sorted { $0 < $1 || ($1.isNaN && !$0.isNaN) }
    guard !sorted.isEmpty, share >= 0, share <= 1 else { return nil }
    let place = share * Double(sorted.count - 1)
    let low = Int(place.rounded(.down)), high = Swift.min(low + 1, sorted.count - 1)
    let weight = place - Double(low)
    return weight == 0 ? sorted[low] : sorted[low] * (1 - weight) + sorted[high] * weight
  }

  /// The cells that are present, in order, as floats.
  /// - Throws: `badOperand` for texts, times and tensors.
  package func presentFloats(_ operation: String) throws(DataError) -> [Double] {
    guard type.isNumeric, case .float(let values) = try floats().cells else {
      throw .badOperand(operation: operation, found: type.name)
    }
    guard let validity else { return values }
    return values.indices.filter { validity[$0] }.map { values[$0] }
  }

  private func presentBools(_ operation: String) throws(DataError) -> [Bool] {
    guard case .bool(let values) = cells else { throw .badOperand(operation: operation, found: type.name) }
    return values.indices.filter(isPresent).map { values[$0] }
  }

  private func sum() throws(DataError) -> Cell {
    switch cells {
    case .bool: return .int(try presentBools("sum").count { $0 })
    case .int(let values):
      var total = 0
      for row in values.indices where isPresent(row) {
        let (next, overflow) = total.addingReportingOverflow(values[row])
        if overflow { throw .integerOverflow(operation: "sum", row: row) }
        total = next
      }
      return .int(total)
    default: return .float(Moments(try presentFloats("sum")).sum)
    }
  }

  private func extreme(_ operation: String, _ isBetter: (Cell, Cell) -> Bool) throws(DataError) -> Cell {
    if case .tensor = cells { throw .badOperand(operation: operation, found: type.name) }
    if case .text(let values) = cells { return extreme(values, isBetter) }
    var best = Cell.missing
    for row in 0..<count {
      let cell = self[row]
      if cell == .missing { continue }
      if best == .missing || isBetter(cell, best) { best = cell }
    }
    return best
  }

  private func extreme(_ values: TextCells, _ isBetter: (Cell, Cell) -> Bool) -> Cell {
    let words = values.usedCodes.map { Cell.text(values.categories[$0]) }
    return words.min(by: isBetter) ?? .missing
  }
}

extension Cell {
  fileprivate static func orMissing(_ value: Double?) -> Cell { value.map(Cell.float) ?? .missing }
}

/// Sum, mean and standard deviation of numbers, by compensated summation: the error does not grow with their count.
struct Moments {
  let count: Int
  let sum: Double
  private let squares: Double

  init(_ values: some Collection<Double>) {
    count = values.count
    sum = Moments.compensatedSum(values) { $0 }
    let center = values.isEmpty ? 0 : sum / Double(values.count)
    squares = Moments.compensatedSum(values) { ($0 - center) * ($0 - center) }
  }

  var mean: Double? { count == 0 ? nil : sum / Double(count) }
  var std: Double? { count == 0 ? nil : (squares / Double(count)).squareRoot() }

  /// Neumaier's summation. An infinite total has no compensation.
  private static func compensatedSum(_ values: some Collection<Double>, _ term: (Double) -> Double) -> Double {
    var sum = 0.0, lost = 0.0
    for value in values {
      let next = term(value), total = sum + next
      lost += abs(sum) >= abs(next) ? (sum - total) + next : (next - total) + sum
      sum = total
    }
    return sum.isFinite ? sum + lost : sum
  }
}
