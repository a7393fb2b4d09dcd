package import TernTensor

/// A part of a split: its name and its share of the rows.
package struct SplitPart: Equatable, Sendable {
  package enum Share: Equatable, Sendable {
    /// Between 0 and 1.
    case fraction(Double)
    /// What the fractions leave.
    case rest
  }

  package let name: String
  package let share: Share

  package init(_ name: String, _ share: Share) {
    self.name = name
    self.share = share
  }
}

/// Random disjoint parts: one keyed order of all rows, cut into runs.
package struct Split: Sendable {
  package let parts: [SplitPart]
  package let key: Key
  private let fractions: [Double]

  /// - Throws: `badFraction`, `fractionsExceedOne`, `repeatedColumn` for a name given twice, `badArgument` for two rests.
  package init(_ parts: [SplitPart], key: Key) throws(DataError) {
    self.parts = parts
    self.key = key
    var sum = 0.0, names: Set<String> = []
    for part in parts {
      guard names.insert(part.name).inserted else { throw .repeatedColumn(name: part.name) }
      guard case .fraction(let value) = part.share else { continue }
      guard value >= 0, value <= 1 else { throw .badFraction(part: part.name, value: value) }
      sum += value
    }
    guard sum <= 1 + 1e-9 else { throw .fractionsExceedOne(sum: sum) }
    guard parts.count(where: { $0.share == .rest }) <= 1 else {
      throw .badArgument(name: "rest", reason: "two parts take the rest")
    }
    fractions = parts.map { if case .fraction(let value) = $0.share { value } else { max(0, 1 - sum) } }
  }

  /// How many rows each part gets, by largest remainder: sizes add up to the rounded whole, each within one of its share.
  package func sizes(of count: Int) -> [Int] {
    let ideal = fractions.map { $0 * Double(count) }
    var sizes = ideal.map { Int($0.rounded(.down)) }
    let whole = min(count, Int(ideal.reduce(0, +).rounded()))
    for part in byRemainder(ideal).prefix(max(0, whole - sizes.reduce(0, +))) { sizes[part] += 1 }
    return Split.capped(sizes, at: count)
  }

  /// Largest remainder first, the earlier part among equals.
  private func byRemainder(_ ideal: [Double]) -> [Int] {
    let remainders = ideal.map { $0 - $0.rounded(.down) }
    return ideal.indices.sorted { (-remainders[$0], $0) < (-remainders[$1], $1) }
  }

  /// Fractions may add up to a hair more than one: the last part then takes what is left.
  private static func capped(_ sizes: [Int], at count: Int) -> [Int] {
    var left = count
    return sizes.map { size in
      let taken = min(size, left)
      left -= taken
      return taken
    }
  }

  /// The rows of one part, in random order.
  func rows(of index: Int, count: Int) -> [Int] {
    let sizes = sizes(of: count)
    let start = sizes[..<index].reduce(0, +)
    let order = Permutation(count: count, key: key)
    return (start..<start + sizes[index]).map { order[$0] }
  }
}

/// One part of a split of its input.
package struct Part: Verb {
  package let split: Split
  package let index: Int

  package var title: String { "split(…).\(split.parts[index].name)" }
  package func apply(to table: Table) -> Table { table.gathered(split.rows(of: index, count: table.rowCount)) }
}
