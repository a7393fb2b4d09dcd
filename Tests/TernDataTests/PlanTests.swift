import Synchronization
import TernData
import TernTensor
import Testing

@Suite("Plans") struct PlanTests {
  let people = try? Dataset(table(
    ("name", .text(["Ann", "Bob", "Cy", "Di", "Ed"])), ("age", .int([30, nil, 25, 30, 41])), ("city", .text(["Rome", "Oslo", "Rome", nil, "Oslo"]))))

  func cells(_ dataset: Dataset?, _ name: String) throws -> [String] { try #require(dataset).column(name).allCells.map(\.text) }

  @Test("nothing runs before it is asked for, and then once") func lazy() throws {
    let calls = Mutex(0)
    let counted = try #require(people).derive("double") { table in
      calls.withLock { $0 += 1 }
      return try Column.arithmetic(.multiply, .column(try table.column("age")), .scalar(.int(2)))
    }
    #expect(try counted.names() == ["name", "age", "city", "double"])
    #expect(calls.withLock { $0 } == 0)
    #expect(try cells(counted, "double") == ["60", "", "50", "60", "82"])
    #expect(try counted.take(1).table().rowCount == 1)
    #expect(calls.withLock { $0 } == 1)
    #expect(counted.plan == ["dataset(5 rows)", "derive(double)"])
  }

  @Test("verbs on columns") func columns() throws {
    let people = try #require(people)
    #expect(try people.select(["city", "name"]).schema().names == ["city", "name"])
    #expect(try people.drop(["age"]).schema().names == ["name", "city"])
    #expect(try people.rename([("age", "years")]).schema().names == ["name", "years", "city"])
    #expect(throws: DataError.unknownColumn(name: "agee", known: ["name", "age", "city"])) { try people.select(["agee"]).table() }
    #expect(throws: DataError.repeatedColumn(name: "name")) { try people.rename([("age", "name")]).table() }
  }

  @Test("verbs on rows") func rows() throws {
    let people = try #require(people)
    #expect(try cells(people.dropMissing(), "name") == ["Ann", "Cy", "Ed"])
    #expect(try cells(people.dropMissing(["age"]), "name") == ["Ann", "Cy", "Di", "Ed"])
    #expect(try cells(people.filter { try Column.comparison(.greater, .column($0.column("age")), .scalar(.int(29))) }, "name") == ["Ann", "Di", "Ed"])
    #expect(try cells(people.take(2), "name") == ["Ann", "Bob"])
    #expect(try cells(people.take(99).skip(4), "name") == ["Ed"])
    #expect(try cells(people.slice(1..<3), "name") == ["Bob", "Cy"])
    #expect(throws: DataError.rowOutOfRange(index: 6, count: 5)) { try people.slice(1..<6).table() }
    #expect(throws: DataError.badArgument(name: "count", reason: "-1 is below 0")) { try people.take(-1).table() }
    #expect(try cells(people.sort([SortKey("age", descending: true), SortKey("name", descending: true)]), "name") == ["Ed", "Di", "Ann", "Cy", "Bob"])
    #expect(try cells(people.distinct(["city"]), "name") == ["Ann", "Bob", "Di"])
    #expect(try Set(cells(people.shuffle(key: Key(seed: 1)), "name")) == ["Ann", "Bob", "Cy", "Di", "Ed"])
    #expect(try cells(people.sample(3, key: Key(seed: 1)), "name") == cells(people.shuffle(key: Key(seed: 1)).take(3), "name"))
    #expect(throws: DataError.badOperand(operation: "where", found: "int")) { try people.filter { try $0.column("age") }.table() }
  }

  @Test("rows collected into a table have the first one's names") func collecting() throws {
    func collect(_ rows: [Row]) throws -> Table {
      var collector = RowCollector()
      for row in rows { try collector.append(row) }
      return try collector.table()
    }
    #expect(try collect([[("i", .int(0)), ("who", .text("Ann"))]]).names == ["i", "who"])
    #expect(throws: DataError.missingField(column: "a", given: ["b"])) { try collect([[("a", .int(1))], [("b", .int(1))]]) }
    #expect(throws: DataError.mixedCells(column: "a", row: 1, needed: "int", found: "str")) {
      try collect([[("a", .int(1))], [("a", .text("x"))]])
    }
  }

  @Test("names are known, and unknown ones refused, before a row is made") func names() throws {
    struct Bare: Source {
      let title = "bare"
      func names() -> [String] { ["a", "b"] }
      func load(columns: [String]?) throws -> Table { throw DataError.emptyFile(path: "bare") }
    }
    let source = Dataset(Bare())
    let derived = source.rename([("a", "x")]).derive("y") { try $0.column("x") }.drop(["b"])
    #expect(try derived.names() == ["x", "y"])
    #expect(try source.group(["b"], [GroupSummary("n") { table, _ in .int(table.rowCount) }]).names() == ["b", "n"])
    #expect(try source.join(source, on: ["a"]).names() == ["a", "b", "b_right"])
    for wrong in [source.select(["c"]), source.drop(["c"]), source.sort([SortKey("c")]), source.distinct(["c"]), source.dropMissing(["c"])] {
      #expect(throws: DataError.unknownColumn(name: "c", known: ["a", "b"])) { try wrong.take(1).names() }
    }
    #expect(throws: DataError.repeatedColumn(name: "b")) { try source.rename([("a", "b")]).names() }
    #expect(throws: DataError.emptyFile(path: "bare")) { try derived.table() }
  }

  @Test("group, join, concat") func combining() throws {
    let people = try #require(people)
    let mean = people.group(
      ["city"], [GroupSummary("n") { table, _ in .int(table.rowCount) }, GroupSummary("age") { table, _ in try table.column("age").aggregate(.mean).value }])
    #expect(try cells(mean, "city") == ["Rome", "Oslo", ""])
    #expect(try cells(mean, "age") == ["27.5", "41.0", "30.0"])
    let cities = Dataset(try table(("city", .text(["Oslo", "Rome", "Rome"])), ("name", .text(["north", "south", "centre"]))))
    let inner = people.join(cities, on: ["city"])
    #expect(try cells(inner, "name") == ["Ann", "Ann", "Bob", "Cy", "Cy", "Ed"])
    #expect(try cells(inner, "name_right") == ["south", "centre", "north", "south", "centre", "north"])
    #expect(try cells(people.join(cities, on: ["city"], kind: .left), "name_right")[5] == "")
    #expect(try cells(people.concat([people.take(1)]), "name") == ["Ann", "Bob", "Cy", "Di", "Ed", "Ann"])
    #expect(throws: DataError.unknownColumn(name: "age", known: ["city", "name"])) { try cities.concat([people]).table() }
  }

  @Test("a choice of columns reaches the source") func pushdown() throws {
    let asked = Mutex<[[String]?]>([])
    struct Spy: Source {
      let log: @Sendable ([String]?) -> Void
      let title = "spy"
      func names() -> [String] { ["a", "b"] }
      func load(columns: [String]?) throws -> Table {
        log(columns)
        return try Table([("a", .int([1])), ("b", .int([2]))]).selecting(columns ?? ["a", "b"])
      }
    }
    let source = Dataset(Spy { columns in asked.withLock { $0.append(columns) } })
    #expect(try source.select(["b"]).take(1).table().names == ["b"])
    #expect(asked.withLock { $0 } == [["b"]])
    _ = try source.take(1).table()
    _ = try source.select(["a"]).table()
    #expect(asked.withLock { $0 } == [["b"], nil])
  }

  @Test("a plan a hundred thousand steps long runs and goes") func deep() throws {
    var dataset = try #require(people)
    for _ in 0..<100_000 { dataset = dataset.take(5) }
    #expect(try dataset.table().rowCount == 5)
  }

  @Test("columns have one length and different names") func table_() {
    #expect(throws: DataError.columnLength(name: "b", needed: 1, found: 2)) { try table(("a", .int([1])), ("b", .int([1, 2]))) }
    #expect(throws: DataError.repeatedColumn(name: "a")) { try table(("a", .int([1])), ("a", .int([1]))) }
  }
}

@Suite("Splits and shuffles") struct SplitTests {
  func numbers(_ count: Int) throws -> Dataset { Dataset(try table(("i", .int(Array(0..<count))))) }

  func parts(_ count: Int, _ parts: [SplitPart], seed: Int) throws -> [[Int]] {
    try numbers(count).split(parts, key: Key(seed: seed)).map { part in
      guard case .int(let values) = try part.part.column("i").cells else { return [] }
      return values
    }
  }

  static let three = [SplitPart("train", .fraction(0.7)), SplitPart("valid", .fraction(0.1)), SplitPart("test", .fraction(0.2))]

  @Test("parts are disjoint, complete and the same each time", arguments: [0, 1, 2, 10, 333, 344, 1000]) func whole(_ count: Int) throws {
    let found = try parts(count, SplitTests.three, seed: 7)
    #expect(found.flatMap { $0 }.sorted() == Array(0..<count))
    #expect(try parts(count, SplitTests.three, seed: 7) == found)
    for (part, share) in zip(found, [0.7, 0.1, 0.2]) { #expect(abs(Double(part.count) - share * Double(count)) <= 1) }
    if count > 100 { #expect(try parts(count, SplitTests.three, seed: 8) != found) }
  }

  @Test("a rest takes what is left; without one it is left out") func rest() throws {
    let parts = [SplitPart("a", .fraction(0.25)), SplitPart("b", .rest)]
    #expect(try Split(parts, key: Key(seed: 0)).sizes(of: 10) == [3, 7])
    #expect(try Split([parts[0]], key: Key(seed: 0)).sizes(of: 8) == [2])
    #expect(try Split([SplitPart("a", .fraction(1 / 3)), SplitPart("b", .fraction(1 / 3)), SplitPart("c", .fraction(1 / 3))], key: Key(seed: 0)).sizes(of: 10) == [4, 3, 3])
  }

  @Test("what is no split") func refused() {
    #expect(throws: DataError.badFraction(part: "a", value: 1.5)) { try Split([SplitPart("a", .fraction(1.5))], key: Key(seed: 0)) }
    #expect(throws: DataError.self) { try Split([SplitPart("a", .fraction(.nan))], key: Key(seed: 0)) }
    #expect(throws: DataError.self) { try Split([SplitPart("a", .fraction(0.7)), SplitPart("b", .fraction(0.7))], key: Key(seed: 0)) }
    #expect(throws: DataError.repeatedColumn(name: "a")) { try Split([SplitPart("a", .rest), SplitPart("a", .rest)], key: Key(seed: 0)) }
  }

  @Test("an order holds every row once", arguments: [0, 1, 2, 3, 17, 65_536, 65_537, 100_000, 131_072, 131_073]) func bijection(_ count: Int) {
    let order = Permutation(count: count, key: Key(seed: 3))
    var seen = Array(repeating: false, count: count)
    for row in order { seen[row] = true }
    #expect(seen.allSatisfy { $0 })
    if count > 16 { #expect(Array(order.prefix(16)) != Array(Permutation(count: count, key: Key(seed: 4)).prefix(16))) }
  }

  @Test("every order of few rows comes about equally often") func uniform() {
    var counts: [[Int]: Int] = [:]
    for seed in 0..<24_000 { counts[Array(Permutation(count: 5, key: Key(seed: seed))), default: 0] += 1 }
    #expect(counts.count == 120)
    // 119 degrees of freedom: 172.7 is passed once in a thousand.
    #expect(chiSquared(counts.values, expected: 200) < 172.7)
  }

  @Test("a row of many goes anywhere about equally often", arguments: [50, 100_000]) func places(_ count: Int) {
    var counts = [Int](repeating: 0, count: 50)
    for seed in 0..<20_000 { counts[Permutation(count: count, key: Key(seed: seed))[17] * 50 / count] += 1 }
    // 49 degrees of freedom: 85.4 is passed once in a thousand.
    #expect(chiSquared(counts, expected: 400) < 85.4)
  }

  private func chiSquared(_ counts: some Sequence<Int>, expected: Double) -> Double {
    counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  @Test("batches cover an epoch, each alone the same") func batches() throws {
    #expect(try BatchRows(of: 10, size: 4).map(\.count) == [4, 4, 2])
    #expect(try BatchRows(of: 10, size: 4, dropLast: true).map(\.count) == [4, 4])
    #expect(throws: DataError.badArgument(name: "size", reason: "0 is below 1")) { try BatchRows(of: 10, size: 0) }
    let column = Column.int(Array(0..<10))
    let epoch = try BatchRows(of: 10, size: 4, order: Key(seed: 1))
    let rows = epoch.flatMap { column.cells(of: $0).allCells }
    #expect(rows.sorted() == (0..<10).map(Cell.int) && rows != rows.sorted())
    #expect(column.cells(of: epoch[1]).allCells == Array(rows[4..<8]))
    #expect(try column.cells(of: BatchRows(of: 10, size: 10, order: Key(seed: 2))[0]).allCells != rows)
    #expect(try BatchRows(of: 10, size: .max).count == 1)
  }
}
