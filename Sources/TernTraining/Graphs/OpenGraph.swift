package import TernTensor
package import TernData

/// What is wrong with a graph that was saved or is to be.
package enum GraphError: Error, Equatable {
  /// The graph is not the same for every batch size.
  case dependsOnBatch
  case damaged
  case call(TensorError)
}

/// A program for every batch size: one that was traced for two, in whose numbers the size stands open, as `a size + b`, and that
/// a third bears out.
package struct OpenGraph: Sendable {
  package let json: JSONValue
  package let constants: [Tensor]

  /// The batch sizes it is traced for: no other axis is likely to have these, and none stands for "any" as 1 does.
  package static let sizes = (first: 2, second: 3, check: 7)

  /// - Parameter traced: The program for a batch of that size.
  package init(_ traced: (_ batch: Int) throws -> Program) throws {
    let sizes = OpenGraph.sizes
    let first = try ProgramDocument(try traced(sizes.first)), second = try ProgramDocument(try traced(sizes.second))
    let check = try ProgramDocument(try traced(sizes.check))
    guard let open = first.json.opened(second.json), open.closed(sizes.check) == check.json, OpenGraph.agree(first.constants, second.constants),
      OpenGraph.agree(first.constants, check.constants)
    else { throw GraphError.dependsOnBatch }
    json = open
    constants = first.constants
  }

  /// As it was saved; checked for one size.
  package init(json: JSONValue, constants: [Tensor]) throws(GraphError) {
    self.json = json
    self.constants = constants
    _ = try program(batch: 1)
  }

  package func program(batch: Int) throws(GraphError) -> Program {
    guard let closed = json.closed(batch) else { throw .damaged }
    return try ProgramDocument(json: closed, constants: constants).program()
  }

  private static func agree(_ a: [Tensor], _ b: [Tensor]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { a, b in (try? a.isSame(as: b)) ?? false }
  }
}

extension JSONValue {
  /// What both are, with `{"batch": [a, b]}` where whole numbers differ: a times the batch size and b. nil where more differs.
  fileprivate func opened(_ other: JSONValue) -> JSONValue? {
    switch (self, other) {
    case (.int(let a), .int(let b)):
      let slope = (b - a) / (OpenGraph.sizes.second - OpenGraph.sizes.first)
      return slope == 0 ? self : .object([JSONMember("batch", [.int(slope), .int(a - slope * OpenGraph.sizes.first)])])
    case (.array(let a), .array(let b)):
      let items = zip(a, b).compactMap { $0.opened($1) }
      return a.count == b.count && items.count == a.count ? .array(items) : nil
    case (.object(let a), .object(let b)):
      let items = zip(a, b).compactMap { x, y in x.name == y.name ? x.value.opened(y.value).map { JSONMember(x.name, $0) } : nil }
      return a.count == b.count && items.count == a.count ? .object(items) : nil
    default: return self == other ? self : nil
    }
  }

  /// With the numbers of one batch size; nil where they are too large.
  fileprivate func closed(_ batch: Int) -> JSONValue? {
    switch self {
    case .array(let items):
      let closed = items.compactMap { $0.closed(batch) }
      return closed.count == items.count ? .array(closed) : nil
    case .object(let members):
      if members.count == 1, members[0].name == "batch" {
        guard let pair = members[0].value.array, pair.count == 2, let slope = pair[0].int, let start = pair[1].int else { return nil }
        let (product, isTooLarge) = slope.multipliedReportingOverflow(by: batch)
        let (sum, isStillTooLarge) = product.addingReportingOverflow(start)
        return isTooLarge || isStillTooLarge ? nil : .int(sum)
      }
      let closed = members.compactMap { member in member.value.closed(batch).map { JSONMember(member.name, $0) } }
      return closed.count == members.count ? .object(closed) : nil
    default: return self
    }
  }
}
