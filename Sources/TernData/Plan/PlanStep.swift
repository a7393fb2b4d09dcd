/// One step of a plan: tables in, a table out. A file format, a verb or a way to join tables is a type that conforms; the
/// plan and its executor know no other thing about it.
package protocol PlanStep: Sendable {
  /// The step as a reader would write it: `take(5)`.
  var title: String { get }
  /// The names of its table's columns, from those of its inputs, before any row is made.
  /// - Throws: `unknownColumn` and the like, for what can be known to fail.
  func names(of inputs: [[String]]) throws -> [String]
  /// - Throws: `DataError`, or whatever a user's function throws.
  func run(_ inputs: [Table]) throws -> Table
}

/// A step that starts a plan and can make some columns alone.
package protocol Source: PlanStep {
  func names() throws -> [String]
  /// The columns named, in that order; nil for all.
  func load(columns: [String]?) throws -> Table
}

extension Source {
  package func names(of inputs: [[String]]) throws -> [String] { try names() }
  package func run(_ inputs: [Table]) throws -> Table { try load(columns: nil) }
}

/// A step that changes one table.
package protocol Verb: PlanStep {
  /// - Throws: `unknownColumn` and the like.
  func names(after names: [String]) throws -> [String]
  func apply(to table: Table) throws -> Table
}

extension Verb {
  package func names(after names: [String]) throws -> [String] { names }
  package func names(of inputs: [[String]]) throws -> [String] { try names(after: inputs.first ?? []) }

  package func run(_ inputs: [Table]) throws -> Table {
    guard let table = inputs.first else { throw DataError.noColumns(operation: title) }
    return try apply(to: table)
  }
}
