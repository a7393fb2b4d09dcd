import Glibc
import TernData
import TernTensor
import Testing

@Suite("Recipes") struct RecipeTests {
  func birds() throws -> Table {
    try table(
      ("species", .text(["b", "a", "b", "c"])), ("island", .text(["X", "Y", "X", "X"])), ("mass", .int([1, 2, 3, 4])),
      ("flat", .float([5, 5, 5, 5])), ("bill", .float([1, nil, 3, 5])))
  }

  func recipe(_ steps: (String, [Transform])...) throws -> Recipe { try Recipe(steps.map { Recipe.Step($0, $1) }) }

  @Test("golden values") func golden() throws {
    let fitted = try recipe(
      ("species", [.label]), ("island", [.oneHot()]), ("mass", [.standardize]), ("flat", [.standardize]), ("bill", [.impute(.mean), .minMax]))
      .fitted(on: birds(), target: "species")
    let features = try fitted.features(of: birds(), excluding: "species")
    #expect(features.names == ["island=X", "island=Y", "mass", "flat", "bill"])
    #expect(features.tensor.shape.array == [4, 5] && features.tensor.dtype == .f32)
    #expect(features.tensor.axisNames == [nil, "feature"])
    let far = Float(1.5 / 1.25.squareRoot()), near = Float(0.5 / 1.25.squareRoot())
    #expect(floats(features.tensor) == [
      1, 0, -far, 0, 0,
      0, 1, -near, 0, 0.5,
      1, 0, near, 0, 0.5,
      1, 0, far, 0, 1,
    ])
    #expect(ints(try fitted.target("species", of: birds()).tensor) == [1, 0, 1, 2])
    #expect(fitted.classes(of: "species")?.cells == ["a", "b", "c"].map(Cell.text))
    #expect(try fitted.column("species")?.inverse(2) == .text("c"))
    #expect(throws: DataError.noSuchLabel(index: 3, count: 3)) { try fitted.column("species")?.inverse(3) }
    #expect(try fitted.column("bill")?.inverse(0.5) == .float(3))
  }

  @Test("the penguins, against Python") func penguins() throws {
    let table = try shipped("penguins.csv").dropMissing(["bill_length_mm"]).table()
    let fitted = try recipe(("bill_length_mm", [.standardize])).fitted(on: table)
    guard case .standardize(let mean, let std) = fitted.columns[0].transforms[0] else { return #expect(Bool(false)) }
    #expect(abs(mean - 43.9219298245614) < 1e-12 && abs(std - 5.4515960231618195) < 1e-12)
  }

  @Test("patterns leave named columns and the target alone") func patterns() throws {
    let t = try csv("c0,c1,c2,y\n1,2,3,0\n4,5,6,1\n")
    #expect(try recipe(("c1", [.keep]), ("c*", [.standardize])).fitted(on: t).featureNames() == ["c1", "c0", "c2"])
    #expect(try recipe(("*", [.standardize])).fitted(on: t, target: "y", excluding: ["c2"]).featureNames() == ["c0", "c1"])
    #expect(throws: DataError.patternMatchesNothing(pattern: "z*", known: t.names)) { try recipe(("z*", [.keep])).fitted(on: t) }
    #expect(throws: DataError.unknownColumn(name: "c9", known: t.names)) { try recipe(("c9", [.keep])).fitted(on: t) }
  }

  @Test("what a recipe refuses") func refused() throws {
    #expect(throws: DataError.missingCells(column: "bill", count: 1)) { try recipe(("bill", [.standardize])).fitted(on: birds()) }
    #expect(throws: DataError.columnType(column: "island", needed: "numbers", found: "str")) { try recipe(("island", [.standardize])).fitted(on: birds()) }
    #expect(throws: DataError.columnType(column: "island", needed: "numbers", found: "str")) { try recipe(("island", [.impute(.mostFrequent)])).fitted(on: birds()) }
    #expect(throws: DataError.badRecipe(column: "island", reason: "nothing can follow `one_hot`")) { try recipe(("island", [.oneHot(), .standardize])) }
    #expect(throws: DataError.notFinite(column: "x", row: 1)) { try recipe(("x", [.standardize])).fitted(on: table(("x", .float([1, .infinity] as [Double])))) }
    #expect(throws: DataError.badRecipe(column: "x", reason: "there are no cells to learn from")) {
      try recipe(("x", [.standardize])).fitted(on: table(("x", .float([] as [Double]))))
    }
    let fitted = try recipe(("bill", [.impute(.median), .standardize]), ("mass", [.keep])).fitted(on: birds())
    let holes = try table(("bill", .float([nil, 1])), ("mass", .int([1, nil])))
    #expect(throws: DataError.missingCells(column: "mass", count: 1)) { try fitted.features(of: holes) }
  }

  @Test("unknown categories") func unknown() throws {
    let strict = try recipe(("island", [.oneHot()])).fitted(on: birds())
    #expect(throws: DataError.unknownCategory(column: "island", value: "Z", known: ["X", "Y"])) {
      try strict.features(of: table(("island", .text(["X", "Z"]))))
    }
    let lenient = try recipe(("island", [.oneHot(unknown: .zero)])).fitted(on: birds())
    #expect(floats(try lenient.features(of: table(("island", .text(["Y", "Z"])))).tensor) == [0, 1, 0, 0])
  }

  @Test("imputation", arguments: [
    (Transform.Imputation.mean, 3.0), (.median, 3), (.mostFrequent, 1), (.constant(.int(9)), 9),
  ])
  func impute(_ kind: Transform.Imputation, _ value: Double) throws {
    let fitted = try recipe(("bill", [.impute(kind)])).fitted(on: birds())
    #expect(floats(try fitted.features(of: birds()).tensor) == [1, Float(value), 3, 5])
  }

  @Test("one request is a record of scalars") func serving() throws {
    let fitted = try recipe(("species", [.label]), ("island", [.oneHot()]), ("mass", [.standardize]), ("bill", [.impute(.mean), .minMax]))
      .fitted(on: birds(), target: "species")
    let row: Row = [("id", .int(7)), ("mass", .float(2.5)), ("island", .text("Y")), ("bill", .missing)]
    #expect(floats(try fitted.features(of: [row], excluding: "species").tensor) == [0, 1, 0, 0.5])
    #expect(fitted.inputNames(excluding: "species") == ["island", "mass", "bill"])
    #expect(throws: DataError.missingField(column: "bill", given: ["mass", "island"])) {
      try fitted.features(of: [Array(row[1...2])], excluding: "species")
    }
    #expect(throws: DataError.columnType(column: "mass", needed: "int", found: "str")) {
      try fitted.features(of: [[("island", .text("X")), ("mass", .text("2")), ("bill", .int(1))]], excluding: "species")
    }
  }

  /// `TERN_BENCH=1 swift test -c release --filter RecipeTests`
  @Test("speed of one request", .enabled(if: getenv("TERN_BENCH") != nil)) func speed() throws {
    let birds = try shipped("penguins.csv").dropMissing().table()
    let fitted = try recipe(("species", [.label]), ("island", [.oneHot()]), ("*_mm", [.standardize]), ("body_mass_g", [.standardize]))
      .fitted(on: birds, target: "species")
    let row = try birds.row(0)
    let time = try ContinuousClock().measure { for _ in 0..<10_000 { _ = try fitted.features(of: [row], excluding: "species") } }
    let all = try ContinuousClock().measure { for _ in 0..<100 { _ = try fitted.features(of: birds, excluding: "species") } }
    print("recipe: one request \(time / 10_000), \(birds.rowCount) rows \(all / 100)")
  }

  @Test("int categories take whole floats") func intCategories() throws {
    let fitted = try recipe(("k", [.oneHot()])).fitted(on: table(("k", .int([3, 1]))))
    #expect(floats(try fitted.features(of: table(("k", .float([3, 1] as [Double])))).tensor) == [0, 1, 1, 0])
    #expect(throws: DataError.columnType(column: "k", needed: "int", found: "float")) { try fitted.features(of: table(("k", .float([1.5])))) }
  }

  @Test("a fitted recipe survives JSON") func json() throws {
    let fitted = try recipe(
      ("species", [.label]), ("island", [.oneHot(unknown: .zero)]), ("mass", [.minMax]), ("bill", [.impute(.mean), .standardize]), ("flat", [.keep]))
      .fitted(on: birds())
    let text = fitted.json.text
    #expect(try FittedRecipe(json: JSONValue(parsing: text)) == fitted)
    var random = SplitMix(state: 1)
    for _ in 0..<5000 {
      guard let value = try? JSONValue(parsing: mutated(Array(text.utf8), &random)), let other = try? FittedRecipe(json: value) else { continue }
      _ = try? other.features(of: birds(), excluding: "species")
      _ = try? other.columns.first?.inverse(1e300)
    }
  }

  @Test("images are scaled as a whole and keep their shape") func images() throws {
    let images = try table(("x", .tensor(counting([2, 2, 2]))), ("y", .tensor(counting([2]))))
    let fitted = try recipe(("x", [.minMax]), ("y", [.label])).fitted(on: images, target: "y")
    let features = try fitted.features(of: images, excluding: "y")
    #expect(features.tensor.shape.array == [2, 2, 2] && features.names == ["x"])
    #expect(floats(features.tensor) == (0..<8).map { Float(Double($0) / 7) })
    #expect(try FittedRecipe(json: JSONValue(parsing: fitted.json.text)) == fitted)
    let request = Tensor.filled(.f32, [2, 2]) { $0.copyMemory(from: [7, 0, 0, 0] as [Float], byteCount: 16) }
    let row: Row = [("x", .tensor(TensorCells(try #require(request))))]
    #expect(floats(try fitted.features(of: [row], excluding: "y").tensor) == [1, 0, 0, 0])
    #expect(throws: DataError.columnType(column: "x", needed: "numbers beside other columns", found: "f32[2, 2, 2]")) {
      try fitted.features(of: images)
    }
  }

  @Test("without a recipe: numeric columns, or a lone tensor") func bare() throws {
    let t = try table(("a", .int([1, 2])), ("s", .text(["x", "y"])), ("b", .bool([true, false])), ("y", .int([0, 1])))
    let features = try t.numericFeatures(excluding: ["y"])
    #expect(features.names == ["a", "b"] && floats(features.tensor) == [1, 1, 2, 0])
    #expect(ints(try t.column("y").target("y").tensor) == [0, 1])
    let images = try table(("x", .tensor(counting([2, 3, 3]))), ("y", .int([0, 1])))
    #expect(try images.numericFeatures(excluding: ["y"]).tensor.shape.array == [2, 3, 3])
    #expect(throws: DataError.noColumns(operation: "features")) { try table(("s", .text(["x"]))).numericFeatures() }
  }
}
