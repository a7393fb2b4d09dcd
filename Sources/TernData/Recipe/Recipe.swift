/// How columns become features: what to do to which, to be fitted on training data.
///
///     recipe(species: label, island: one_hot, "bill_*": [impute(mean), standardize])
///
/// A key is a column's name or a pattern, where `*` stands for any text and `?` for one character. A name goes before a
/// pattern, an earlier pattern before a later one, so each column is used once.
package struct Recipe: Equatable, Sendable {
  package struct Step: Equatable, Sendable {
    package let pattern: String
    package let chain: [Transform]

    package init(_ pattern: String, _ chain: [Transform]) {
      self.pattern = pattern
      self.chain = chain
    }
  }

  package let steps: [Step]

  /// - Throws: `badRecipe` for an empty chain, one that goes on after `one_hot` or `label`, or a key given twice.
  package init(_ steps: [Step]) throws(DataError) {
    var keys: Set<String> = []
    for step in steps {
      guard keys.insert(step.pattern).inserted else { throw .badRecipe(column: step.pattern, reason: "it stands twice") }
      guard !step.chain.isEmpty else { throw .badRecipe(column: step.pattern, reason: "nothing is to be done to it") }
      if let last = step.chain.dropLast().first(where: \.isLast) {
        throw .badRecipe(column: step.pattern, reason: "nothing can follow `\(last.name)`")
      }
    }
    self.steps = steps
  }

  /// The recipe fitted on a table, which should be training data alone.
  /// - Parameters:
  ///   - target: the column to predict, which patterns leave alone; a step by its name makes it a label or scales it.
  ///   - excluded: further columns that patterns leave alone, such as weights.
  /// - Throws: `unknownColumn`, `patternMatchesNothing`, `missingCells`, `columnType`, `notFinite`, `badRecipe`.
  package func fitted(
    on table: Table, target: String? = nil, excluding excluded: [String] = []
  ) throws(DataError) -> FittedRecipe {
    let reserved = Set(steps.map(\.pattern) + excluded + (target.map { [$0] } ?? []))
    var used: Set<String> = [], columns: [FittedColumn] = []
    for step in steps {
      for name in try names(for: step, in: table, reserved) where used.insert(name).inserted {
        columns.append(try FittedColumn(fitting: step.chain, to: try table.column(name), name: name))
      }
    }
    return FittedRecipe(columns: columns)
  }

  /// The columns of a step, in the table's order.
  private func names(for step: Step, in table: Table, _ reserved: Set<String>) throws(DataError) -> [String] {
    if table.contains(step.pattern) { return [step.pattern] }
    guard let pattern = Pattern(step.pattern) else { throw .unknownColumn(name: step.pattern, known: table.names) }
    let names = table.names.filter { !reserved.contains($0) && pattern.matches($0) }
    guard !names.isEmpty else { throw .patternMatchesNothing(pattern: step.pattern, known: table.names) }
    return names
  }
}

/// A name with `*` for any text and `?` for one character.
package struct Pattern {
  private let scalars: [Unicode.Scalar]

  /// nil for a text without either.
  package init?(_ text: String) {
    guard text.unicodeScalars.contains(where: { $0 == "*" || $0 == "?" }) else { return nil }
    scalars = Array(text.unicodeScalars)
  }

  /// Goes back to the last `*` alone when the rest does not fit: any earlier one could only take more of the same.
  package func matches(_ name: String) -> Bool {
    let name = Array(name.unicodeScalars)
    var place = 0, index = 0
    var star: (place: Int, index: Int)?
    while index < name.count {
      if place < scalars.count, scalars[place] == "*" {
        star = (place, index)
        place += 1
      } else if place < scalars.count, scalars[place] == "?" || scalars[place] == name[index] {
        place += 1
        index += 1
      } else if let last = star {
        star = (last.place, last.index + 1)
        place = last.place + 1
        index = last.index + 1
      } else {
        return false
      }
    }
    return scalars[place...].allSatisfy { $0 == "*" }
  }
}
