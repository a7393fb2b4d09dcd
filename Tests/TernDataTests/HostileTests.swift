import TernData
import TernTensor
import Testing

/// Every operation with every kind of column: errors are fine, traps are not.
@Suite("Any operation on any column") struct HostileTests {
  static func columns() throws -> [Column] {
    [
      .int([Int.min, nil, .max, 0, -1]), .int([] as [Int]), .float([.nan, .infinity, -0.0, 1e308, nil]), .float([nil, nil, nil, nil, nil]),
      .bool([true, nil, false, true, true]), .text(["", "NA", nil, "é", "\u{1b}"]), .text([]), .time([.min, .max, 0, 1, -1]),
      try .tensor(counting([5, 2])), try .tensor(counting([5])), try .tensor(counting([0, 3])), .text([nil, nil, nil, nil, nil]),
    ]
  }

  static let scalars: [Cell] = [.missing, .int(.min), .int(0), .int(-1), .float(.nan), .float(1e308), .bool(true), .text(""), .time(.min)]
  static let operators: [ArithmeticOperator] = [.add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power]
  static let comparisons: [ComparisonOperator] = [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual]

  @Test("two operands") func pairs() throws {
    let operands = try HostileTests.columns().map(Operand.column) + HostileTests.scalars.map(Operand.scalar)
    for a in operands {
      for b in operands {
        for op in HostileTests.operators { _ = try? Column.arithmetic(op, a, b) }
        for op in HostileTests.comparisons { _ = try? Column.comparison(op, a, b) }
        _ = try? Column.and(a, b)
        _ = try? Column.or(a, b)
        for case .column(let mask) in [a, b] { _ = try? Column.choice(mask, a, b) }
      }
    }
  }

  @Test("one column") func single() throws {
    for column in try HostileTests.columns() {
      for aggregation in Aggregation.allCases { _ = try? column.aggregate(aggregation) }
      _ = [try? column.negated(), try? column.magnitude(), try? column.not(), try? column.texts(), try? column.floats(), try? column.ints()]
      _ = [try? column.times(), try? column.shifted(by: .max), try? column.mapFloat("log") { $0 }, column.isMissing, column.distinct()]
      _ = [try? column.order(), try? column.order(descending: true)]
      for cell in HostileTests.scalars { _ = (try? column.filled(with: cell), column.isIn([cell])) }
      for dtype in DType.allCases { _ = try? column.tensor(dtype, name: "x") }
      for share in [-1, 0, 0.3, 1, .nan] { _ = try? column.quantile(share) }
      _ = (ColumnText(column).text, column.mostFrequent, GroupIndex([column, column]).rows)
      for other in try HostileTests.columns() { _ = try? column.followed(by: other, name: "x") }
    }
  }

  @Test("one table") func tables() throws {
    for column in try HostileTests.columns() {
      let table = try table(("x", column), ("y", .int(Array(0..<column.count))))
      let dataset = Dataset(table)
      _ = (TableText(table, style: TextStyle(width: 0, rows: -1)).text, try? TableText(Describe.table(table)).text)
      _ = try? CSVWriter.bytes(of: table)
      _ = try? table.fields()
      _ = try? table.numericFeatures()
      _ = try? column.target("x")
      let steps = [
        dataset.sort([SortKey("x")]), dataset.distinct(), dataset.dropMissing(), dataset.shuffle(key: Key(seed: 1)), dataset.sample(.max, key: Key(seed: 1)),
        dataset.take(.max), dataset.skip(.max), dataset.slice(0..<3), dataset.concat([dataset]), dataset.reverse(),
        dataset.join(dataset, on: ["x"]), dataset.join(dataset, on: ["y"], kind: .left), dataset.join(dataset.take(1), on: ["y"], kind: .left),
        dataset.group(["x"], [GroupSummary("n") { table, _ in .int(table.rowCount) }]), dataset.filter { try $0.column("x") },
      ]
      for step in steps { _ = try? step.table() }
      for (_, part) in try dataset.split([SplitPart("a", .fraction(0.5)), SplitPart("b", .fraction(0.5 + 1e-10))], key: Key(seed: 1)) { _ = try part.table() }
    }
  }

  @Test("one recipe") func recipes() throws {
    let chains: [[Transform]] = [
      [.keep], [.standardize], [.minMax], [.oneHot()], [.oneHot(unknown: .zero)], [.label], [.impute(.mean), .standardize],
      [.impute(.median)], [.impute(.mostFrequent), .label], [.impute(.constant(.int(3))), .minMax], [.impute(.constant(.float(.nan)))],
    ]
    for fittedOn in try HostileTests.columns() {
      for chain in chains {
        guard let fitted = try? Recipe([.init("x", chain)]).fitted(on: table(("x", fittedOn))) else { continue }
        #expect(try FittedRecipe(json: JSONValue(parsing: fitted.json.text)) == fitted)
        _ = fitted.lines()
        for other in try HostileTests.columns() { _ = try? (fitted.features(of: table(("x", other))), fitted.target("x", of: table(("x", other)))) }
        for cell in HostileTests.scalars { _ = try? fitted.features(of: [[("x", cell)]]) }
        for value in [-1, 0.5, 1e300, .nan] { _ = try? fitted.column("x")?.inverse(value) }
      }
    }
  }
}
