import Glibc
import TernData
import TernLibrary
import TernRuntime
import TernSyntax
import TernTensor
import Testing

@Suite("Datasets of the language", .serialized) struct DatasetTests {
  private let birds = """
    let d = dataset({kind: ["tern", "gull", "tern"], mass: [95, none, 101], wing: [40.5, 140.0, 42.5]})

    """

  private func shown(_ code: String) -> String {
    let script = Script(birds + code)
    return script.fault.map { "\($0.code.rawValue) \($0.message)" } ?? script.output
  }

  @Test("rows, columns and parts", arguments: [
    ("d[-1]", "{kind: \"tern\", mass: 101, wing: 42.5}"), ("d[\"kind\"][1]", "\"gull\""), ("len(d[0..2])", "2"),
    ("d[[2, 0]].wing[0]", "42.5"), ("len(d[d.kind == \"tern\"])", "2"), ("d.mass[1]", "none"), ("101 in d.mass", "true"),
    ("[...d.kind]", "[\"tern\", \"gull\", \"tern\"]"), ("d.wing[1..][0]", "140.0"), ("len(d.wing[d.wing < 100])", "2"),
  ])
  func parts(_ code: String, _ output: String) { #expect(shown(code) == (output == "none" ? "" : output)) }

  @Test("operators go cell by cell", arguments: [
    ("sum(d.wing * 2 - 1 >= 80)", "3"), ("(d.mass + 1)[0]", "96"), ("(1 - d.mass)[0]", "-94"), ("(-d.mass)[0]", "-95"),
    ("sum(d.kind == \"tern\" and d.wing > 41)", "1"), ("sum(d.kind == \"gull\" or d.wing > 41)", "2"), ("sum(not (d.wing > 41))", "1"),
    ("sum(missing(d.mass > 90))", "1"), ("(d.kind + \"!\")[0]", "\"tern!\""), ("(d.wing + [1, 2, 3])[1]", "142.0"),
    ("d.wing + tensor([1, 2, 3])", "f32[3]  [41.5, 142.0, 45.5]"), ("tensor([1, 2, 3]) < d.wing", "bool[3]  [true, true, true]"),
  ])
  func operators(_ code: String, _ output: String) { #expect(shown(code) == output) }

  @Test("refusals", arguments: [
    ("d.kin", "E0507 there is no column `kin`"), ("d[\"kin\"]", "E0507 there is no column `kin`"), ("select(d, \"kin\");", "E0507 there is no column `kin`"),
    ("d[3]", "E0323 index 3 is out of range: a dataset has rows 0 to 2"), ("where(d, b => b.mass)", "E0301 a condition gives a bool for each row; this is a column of int"),
    ("where(d, b => b.kin == 1)", "E0507 there is no column `kin`"), ("tensor(d.mass)", "E0508 `mass` has 1 missing cell"),
    ("tensor(d.kind)", "E0509 `kind` is of str; it must be of numbers"), ("d.mass + \"x\"", "E0301 `+` does not take int and str"),
    ("d.mass // 0", "E0307 `//` by zero in row 0 has no value among the ints"), ("if d.mass > 1 { 1 }", "E0303 a condition is one bool; this is a column"),
    ("split(d, a: 0.7, b: 0.7)", "E0308 the parts add up to 1.4, more than the whole"), ("batches(d, 0)", "E0308 `size`: 0 is below 1"),
    ("derive(d, x: b => [1, 2])", "E0511 `x` has 2 rows where 3 are needed"), ("recipe(a: 7)", "E0513 `a`: a step of a recipe is a word such as `standardize`; this is an int"),
    ("sample(\"iriss\")", "E0514 no data set \"iriss\" comes with Tern"), ("read(\"no/such.csv\")", "E0501 there is no file \"no/such.csv\""),
    ("mean(d.kind)", "E0301 `mean` does not take a column of str"), ("dataset({f: x => x})", "E0509 `f` is made of a column, a tensor, a list or a cell; this is a fn"),
  ])
  func refusals(_ code: String, _ message: String) { #expect(shown(code) == message) }

  @Test("a lazy verb keeps the definitions it was made with") func snapshots() {
    #expect(shown("let rate = 2\nlet e = derive(d, x: b => b.wing * rate)\nlet rate = 100\ne.x[0]") == "81.0")
    #expect(shown("fn twice(x) { 2 * x }\nlet e = derive(d, x: b => twice(b.wing))\nfn twice(x) { 0 * x }\ne.x[0]") == "81.0")
  }

  @Test("an error inside a lazy verb stays where it happened") func places() {
    let fault = Script(birds + "let e = where(d,\n  b => b.kin > 1)\nlen(e)").fault
    #expect(fault?.code == .unknownColumn)
    #expect(fault?.line == 3)
  }

  @Test("rows are made wherever they are asked for") func anywhere() {
    let lazy = "let e = derive(d, x: b => b.wing * 2)\nfn f(n) { if n == 0 { 0 } else { 1 + f(n - 1) } }\n"
    #expect(shown(lazy + "let a = [1, 2, [3, e.x[0]], f(3)]\na") == "[1, 2, [3, 81.0], 3]")
    #expect(shown(lazy + "map([1, 2], i => { let g = derive(e, y: b => b.x + f(i)); [i, g.y[0], \"{g.y[1]}\"] })") == "[[1, 82.0, \"281.0\"], [2, 83.0, \"282.0\"]]")
    #expect(shown(lazy + "var n = 0\nfor {x} in derive(e, y: b => b.x + len(where(d, c => c.wing > f(50)))) { n += x }\nn") == "446.0")
  }

  @Test("a dataset that cannot be made is an error of the statement that shows it") func shownFault() {
    #expect(shown("derive(d, x: b => error(\"no\"))") == "E0000 no")
    #expect(shown("let e = derive(d, x: b => error(\"no\"))\nprint(e)") == "E0000 no")
  }

  @Test("aggregates say once what they pass over") func notes() {
    let script = Script(birds + "print(mean(d.mass), mean(d.mass), mean(take(d, 2).mass), mean(d.wing))")
    #expect(script.notes == "note: `mean` passes over 1 missing cell of `mass`\n")
    #expect(Script(birds + "len(group(d, \"kind\", m: g => max(drop_missing(d.wing))))").notes == "")
  }

  @Test("draws repeat, differ, and follow a seed") func chance() {
    #expect(shown("same(shuffle(d, seed: 1), shuffle(d, seed: 1))") == "true")
    #expect(shown("let e = dataset({x: arange(100)})\nsame(shuffle(e).x, shuffle(e).x)") == "false")
    #expect(shown("let e = derive(d, x: b => randn(len(b)))\nsame(e.x, e.x)") == "true")
  }

  @Test("tensors come back in their dtype", arguments: ["i64", "i32", "u8", "f64", "f32", "bool"])
  func dtypes(_ dtype: String) {
    #expect(shown("let t = cast(tensor([1, 0, 1]), \(dtype))\nsame(tensor(dataset({t}).t), t)") == "true")
    #expect(shown("let t = cast(tensor([1, 0, 1]), \(dtype))\nsame(tensor(split(dataset({t}), a: 1, seed: 1).a.t), t[tensor([0])]);") != "E")
  }

  @Test("a table goes to a file and comes back") func writing() {
    let path = "/tmp/tern-bridge-\(getpid()).csv"
    defer { unlink(path) }
    #expect(shown("write(d, \"\(path)\")\nlet e = read(\"\(path)\")\nsame(d, e)") == "true")
    #expect(shown("write(d, \"\(path)\")\nlet e = read(\"\(path)\")\nwrite(take(d, 1), \"\(path)\")\nlen(e)").hasPrefix("E0506"))
  }
}

@Suite("Recipes of the language", .serialized) struct RecipeValueTests {
  private func value(_ name: String, _ code: String) throws -> any ForeignValue {
    let script = Script(code)
    guard case .foreign(let foreign)? = script.file.value(of: name) else { throw script.fault ?? Fault(.raised, "no value") }
    return foreign.value
  }

  @Test("are fitted, make features, and give labels back") func fitting() throws {
    let data = try #require(try value("d", "let d = dataset({kind: [\"tern\", \"gull\"], mass: [1, 3], island: [\"a\", \"b\"]})") as? DatasetValue)
    let recipe = try #require(try value("r", "let r = recipe(kind: label, mass: standardize, island: one_hot)") as? RecipeValue)
    #expect(throws: Fault.self) { try recipe.features(of: data) }
    let fitted = try recipe.fitted(on: data, target: "kind")
    #expect(try fitted.features(of: data, excluding: "kind").typeText == "f32[2, feature: 3]")
    #expect(try fitted.target("kind", of: data).text() == "i64[2]  [1, 0]")
    #expect(fitted.classes(of: "kind")?.map(\.printed) == ["gull", "tern"])
    #expect(try fitted.inverse(1, of: "kind").printed == "tern")
    let request = RecordObject(["mass": .int(2), "island": .string("b"), "other": .list([])])
    #expect(try fitted.features(of: [request], excluding: "kind").text().contains("0.0  0.0  1.0"))
    #expect(throws: Fault.self) { try fitted.features(of: [RecordObject(["mass": .int(2)])], excluding: "kind") }
    let again = try RecipeValue(json: try #require(fitted.json))
    #expect(again.fitted == fitted.fitted)
  }
}
