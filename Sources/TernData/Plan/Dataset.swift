package import TernTensor

/// Rows of named columns that are yet to be made: a source and the verbs to apply, run when a table is first asked for and
/// then remembered. A value: a verb gives another dataset, which shares what both have in common.
package struct Dataset: Sendable {
  package let node: PlanNode

  /// A dataset of one step and the datasets it takes from: how new verbs and formats come in.
  package init(_ step: any PlanStep, of inputs: [Dataset] = []) {
    node = PlanNode(step, inputs: inputs.map(\.node), isKept: step is any Source)
  }

  private init(node: PlanNode) { self.node = node }

  /// A dataset of columns at hand.
  package init(_ table: Table) {
    node = PlanNode(Given(rowCount: table.rowCount))
    node.keep(table)
  }

  /// The rows, made now unless they were made before.
  package func table() throws -> Table { try PlanExecutor.table(of: node) }

  package func column(_ name: String) throws -> Column { try table().column(name) }

  /// The names of the columns, found without making any row.
  /// - Throws: `DataError` for a step that asks for columns that are not there.
  package func names() throws -> [String] { try PlanNames.names(of: node) }

  /// Names, types and missing cells of the columns.
  package func schema() throws -> Schema { Schema(try table()) }

  /// The plan, one step a line, first step first: `tern explain plan` prints it.
  package var plan: [String] {
    var lines: [String] = [], next: PlanNode? = node
    while let node = next {
      if !(node.step is Same) { lines.append(node.step.title) }
      next = node.inputs.first
    }
    return lines.reversed()
  }

  /// The files it is made of.
  package var files: [CSVFile] {
    var files: [CSVFile] = [], pending = [node], seen: Set<ObjectIdentifier> = []
    while let node = pending.popLast() {
      guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
      if let file = node.step as? CSVFile, !files.contains(where: { $0.path == file.path }) { files.append(file) }
      pending += node.inputs.reversed()
    }
    return files
  }

  /// The steps from here on, with the parts of the data before them held for all who share them.
  fileprivate var shared: Dataset { Dataset(node: node.isKept ? node : PlanNode(Same(), inputs: [node], isKept: true)) }
}

// MARK: Verbs

extension Dataset {
  package func select(_ names: [String]) -> Dataset { Dataset(Select(names: names), of: [self]) }
  package func drop(_ names: [String]) -> Dataset { Dataset(Drop(names: names), of: [self]) }
  package func rename(_ changes: [(old: String, new: String)]) -> Dataset { Dataset(Rename(changes: changes), of: [self]) }
  /// Drops rows with a missing cell in any of the columns; nil looks at all.
  package func dropMissing(_ names: [String]? = nil) -> Dataset { Dataset(DropMissing(names: names), of: [self]) }
  /// The first rows, as many as there are up to `count`.
  package func take(_ count: Int) -> Dataset { Dataset(Take(count: count), of: [self]) }
  package func skip(_ count: Int) -> Dataset { Dataset(Skip(count: count), of: [self]) }
  /// The rows of a range that must all be there.
  package func slice(_ range: Range<Int>) -> Dataset { Dataset(Slice(range: range), of: [self]) }
  /// `count` rows drawn without replacement, or all of them, in random order.
  package func sample(_ count: Int, key: Key) -> Dataset { Dataset(Sample(count: count, key: key), of: [self]) }
  package func shuffle(key: Key) -> Dataset { Dataset(Shuffle(key: key), of: [self]) }
  package func reverse() -> Dataset { Dataset(Reverse(), of: [self]) }
  /// Sorts by the first key, ties by the next; stable, missing last.
  package func sort(_ keys: [SortKey]) -> Dataset { Dataset(Sort(keys: keys), of: [self]) }
  /// The first row of each combination of cells in the columns; nil looks at all.
  package func distinct(_ names: [String]? = nil) -> Dataset { Dataset(Distinct(names: names), of: [self]) }
  package func concat(_ others: [Dataset]) -> Dataset { Dataset(Concat(), of: [self] + others) }
  package func join(_ other: Dataset, on names: [String], kind: Join.Kind = .inner) -> Dataset {
    Dataset(Join(names: names, kind: kind), of: [self, other])
  }

  /// Sets a column that a function of the whole table gives.
  package func derive(_ name: String, _ column: @escaping @Sendable (Table) throws -> Column) -> Dataset {
    Dataset(Derive(name: name, column: column), of: [self])
  }

  /// Keeps the rows where a function of the whole table is true; a missing answer drops its row.
  package func filter(_ mask: @escaping @Sendable (Table) throws -> Column) -> Dataset {
    Dataset(Where(mask: mask), of: [self])
  }

  /// Sorts by columns that a function of the whole table gives, first key first.
  package func sort(descending: Bool = false, by keys: @escaping @Sendable (Table) throws -> [Column]) -> Dataset {
    Dataset(SortBy(isDescending: descending, keys: keys), of: [self])
  }

  /// One row for each combination of cells in the columns: these, then cells that functions of the group's rows give.
  package func group(_ names: [String], _ summaries: [GroupSummary]) -> Dataset {
    Dataset(Group(names: names, summaries: summaries), of: [self])
  }

  /// Disjoint random parts, by name, in the order given. The same key gives the same parts.
  /// - Throws: `badFraction`, `fractionsExceedOne`, `repeatedColumn`.
  package func split(_ parts: [SplitPart], key: Key) throws(DataError) -> [(name: String, part: Dataset)] {
    let split = try Split(parts, key: key)
    let whole = shared
    return parts.indices.map { (name: parts[$0].name, part: Dataset(Part(split: split, index: $0), of: [whole])) }
  }
}

/// Columns that were there from the start.
private struct Given: PlanStep {
  let rowCount: Int
  var title: String { "dataset(\(rowCount) rows)" }
  func names(of inputs: [[String]]) -> [String] { [] }
  func run(_ inputs: [Table]) throws -> Table { try Table([]) }
}

/// Nothing but a place to keep a table.
private struct Same: Verb {
  let title = "shared"
  func apply(to table: Table) -> Table { table }
}
