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
    let counted = try #require(people).derive { table in
      calls.withLock { $0 += 1 }
      return [("double", try Column.arithmetic(.multiply, .column(try table.column("age")), .scalar(.int(2))))]
    }
    #expect(calls.withLock { $0 } == 0)
    #expect(try cells(counted, "double") == ["60", "", "50", "60", "82"])
    #expect(try counted.take(1).table().rowCount == 1)
    #expect(calls.withLock { $0 } == 1)
    #expect(counted.plan == ["dataset(5 rows)", "derive(…)"])
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
    #expect(try Set(cells(people.shuffle(seed: 1), "name")) == ["Ann", "Bob", "Cy", "Di", "Ed"])
    #expect(try cells(people.sample(3, seed: 1), "name") == cells(people.shuffle(seed: 1).take(3), "name"))
    #expect(throws: DataError.badOperand(operation: "where", found: "int")) { try people.filter { try $0.column("age") }.table() }
  }

  @Test("map takes and gives rows") func map() throws {
    let people = try #require(people)
    let mapped = people.map { index, row in [("i", .int(index)), ("who", row[0].cell)] }
    #expect(try mapped.schema().names == ["i", "who"])
    #expect(throws: DataError.missingField(column: "a", given: ["b"])) {
      try people.map { index, _ in [(index == 0 ? "a" : "b", .int(1))] }.table()
    }
    #expect(throws: DataError.mixedCells(column: "a", row: 1, needed: "int", found: "str")) {
      try people.map { index, _ in [("a", index == 0 ? .int(1) : .text("x"))] }.table()
    }
  }

  @Test("group, join, concat") func combining() throws {
    let people = try #require(people)
    let mean = people.group(["city"]) { [("n", .int($0.rowCount)), ("age", try $0.column("age").aggregate(.mean).value)] }
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

  func parts(_ count: Int, _ parts: [SplitPart], seed: UInt64) throws -> [[Int]] {
    try numbers(count).split(parts, seed: seed).map { part in
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
    #expect(try Split(parts, seed: 0).sizes(of: 10) == [3, 7])
    #expect(try Split([parts[0]], seed: 0).sizes(of: 8) == [2])
    #expect(try Split([SplitPart("a", .fraction(1 / 3)), SplitPart("b", .fraction(1 / 3)), SplitPart("c", .fraction(1 / 3))], seed: 0).sizes(of: 10) == [4, 3, 3])
  }

  @Test("what is no split") func refused() {
    #expect(throws: DataError.badFraction(part: "a", value: 1.5)) { try Split([SplitPart("a", .fraction(1.5))], seed: 0) }
    #expect(throws: DataError.self) { try Split([SplitPart("a", .fraction(.nan))], seed: 0) }
    #expect(throws: DataError.self) { try Split([SplitPart("a", .fraction(0.7)), SplitPart("b", .fraction(0.7))], seed: 0) }
    #expect(throws: DataError.repeatedColumn(name: "a")) { try Split([SplitPart("a", .rest), SplitPart("a", .rest)], seed: 0) }
  }

  @Test("Philox agrees with its published vectors") func philox() {
    #expect(Philox(key: 0).block((0, 0, 0, 0)) == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(Philox(key: .max).block((.max, .max, .max, .max)) == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
  }

  @Test("an order holds every row once", arguments: [0, 1, 2, 3, 17, 65_536, 65_537, 100_000, 131_072, 131_073]) func bijection(_ count: Int) {
    let order = Permutation(count: count, seed: 42, stream: 3)
    var seen = Array(repeating: false, count: count)
    for row in order { seen[row] = true }
    #expect(seen.allSatisfy { $0 })
    if count > 16 { #expect(Array(order.prefix(16)) != Array(Permutation(count: count, seed: 42, stream: 4).prefix(16))) }
  }

  @Test("orders are uniform") func uniform() {
    var counts: [[Int]: Int] = [:]
    for seed in 0..<6000 as Range<UInt64> { counts[Array(Permutation(count: 3, seed: seed)), default: 0] += 1 }
    // Six orders, 1000 each expected; five standard deviations are 144.
    #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1000) < 144 })
    // Where a large order sends its first row: 16 equal bins of 250, five standard deviations are 77.
    var bins = Array(repeating: 0, count: 16)
    for seed in 0..<4000 as Range<UInt64> { bins[Permutation(count: 100_000, seed: seed)[0] * 16 / 100_000] += 1 }
    #expect(bins.allSatisfy { abs($0 - 250) < 77 })
  }

  @Test("batches cover an epoch, each alone the same") func batches() throws {
    let table = try numbers(10).table()
    #expect(try Batches(table, size: 4).map(\.rowCount) == [4, 4, 2])
    #expect(try Batches(table, size: 4, dropLast: true).map(\.rowCount) == [4, 4])
    #expect(throws: DataError.badArgument(name: "batch", reason: "0 is below 1")) { try Batches(table, size: 0) }
    let epoch = try Batches(table, size: 4, shuffling: .init(seed: 1, epoch: 0))
    let rows = epoch.flatMap { $0.columns[0].allCells }
    #expect(rows.sorted() == (0..<10).map(Cell.int) && rows != rows.sorted())
    #expect(epoch[1].columns[0].allCells == Array(rows[4..<8]))
    #expect(try Batches(table, size: 10, shuffling: .init(seed: 1, epoch: 1))[0].columns[0].allCells != rows)
    #expect(try Batches(table, size: .max).count == 1)
  }
}
