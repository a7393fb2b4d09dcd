import TernRuntime
import TernSyntax

/// Writes calls of every word with random arguments of random kinds, labels and spreads.
struct CallGenerator {
  var random: SeededGenerator
  let words: Words

  /// Every builtin's forms, and every name of the library.
  struct Words {
    let names: [String]
    let forms: [String: [Builtin]]

    init(_ vocabulary: Vocabulary) {
      names = Set(vocabulary.names).sorted()
      forms = vocabulary.builtins.mapValues { [$0] + $0.forms }
    }
  }

  init(seed: UInt64, words: Words) {
    random = SeededGenerator(seed: seed)
    self.words = words
  }

  /// A few statements, of which each but the last keeps its value.
  mutating func program() -> String {
    var lines = ["var x = \(value(2))", "let f = \(function())"]
    for _ in 0..<1 + random.below(4) { lines.append(statement()) }
    return lines.joined(separator: "\n") + "\n"
  }

  private mutating func statement() -> String {
    switch random.below(14) {
    case 0: "x = \(expression(2))"
    case 1: "x\(place()) \(random.pick(["=", "+=", "*=", "-=", "//=", "**=", "@="])) \(value(1))"
    case 2: "for i in \(value(1)) { x = \(expression(1)); break }"
    case 3: "try { \(expression(2)) } catch e { print(e, e.code, e.message, e.hint) }"
    case 4: "print(\(expression(2)), \"{x:\(format())}\")"
    case 5: "match x { [a, ...b] => a; {a, ...r} => r; 1..5 => 2; \"a\" => 3; -1 => 1; none => 0; _ => \(expression(1)) }"
    case 6: "let {a, ...q} = \(value(2))"
    case 7: "let [a, ...q] = \(value(2))"
    case 8: "fn g(a: \(type()), ...r) -> \(type()) { \(expression(1)) }\ng(\(value(1)))"
    case 9: "let y: \(type()) = \(expression(1))"
    default: expression(3)
    }
  }

  private mutating func place() -> String {
    random.pick([".a", "[0]", "[-1]", "[..]", "[1..]", "[\"a\"]", "[0].a", "[.., 0]", "[row: 0]", "[...]", "[\(value(0))]", "[x]", "[\(value(0)), \(value(0))]"])
  }

  mutating func expression(_ depth: Int) -> String {
    switch random.below(16) {
    case 0: "(\(value(depth)) \(random.pick(["+", "-", "*", "/", "//", "%", "**", "@", "and", "or", "==", "!=", "<", "<=", ">", ">=", "in", "not in"])) \(value(depth)))"
    case 1: "\(random.pick(["-", "not "]))\(value(depth))"
    case 2: "(\(value(depth)))\(place())"
    case 3: "\"{\(value(depth)):\(format())}\""
    case 4: "(if \(value(depth)) { \(value(depth)) } else { 1 })"
    case 5: "(\(value(depth)) |> \(random.pick(words.names)))"
    case 6: "(\(call(depth)))(\(value(depth)))"
    default: call(depth)
    }
  }

  private mutating func call(_ depth: Int) -> String {
    let name = random.pick(words.names)
    guard let form = words.forms[name].map({ random.pick($0) }) else {
      return "\(name)(\((0..<random.below(4)).map { _ in argument(depth - 1) }.joined(separator: ", ")))"
    }
    var parts: [String] = []
    for parameter in form.parameters {
      if !parameter.isRequired && random.chance(0.6) { continue }
      if parameter.isRest {
        parts += (0..<random.below(4)).map { _ in value(depth - 1) }
      } else {
        let given = parameter.type.flatMap { random.chance(0.75) ? typed($0, depth - 1) : nil } ?? value(depth - 1)
        parts.append(parameter.isRequired && random.chance(0.9) ? given : "\(parameter.name): \(given)")
      }
    }
    if random.chance(0.1) { parts.append(argument(depth - 1)) }
    if random.chance(0.05), !parts.isEmpty { parts.removeLast() }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }

  private mutating func argument(_ depth: Int) -> String {
    switch random.below(12) {
    case 0: "...\(value(depth))"
    case 1, 2: "\(random.pick(["over", "by", "seed", "dtype", "axes", "k", "train", "lr", "loss", "wrt", "descending", "x", "a", "shape", "epochs", "batch", "target", "step"])): \(value(depth))"
    default: value(depth)
    }
  }

  private mutating func format() -> String { random.pick(["", "8", ">8", "<3", "^9", ",", ".2", ".0", "8.3", ".3e", "5%", ">12,.2", ".400", "99999", "e", "0", ".17"]) }

  private mutating func type() -> String {
    random.pick(["int", "float", "str", "list", "record", "fn", "tensor", "f32[n]", "f32[_, 3]", "float[..., n]", "i64[]", "bool[a: n]", "f32[row: 2, col: 3]", "model", "dataset", "u8[n, n + 1]"])
  }

  // MARK: Values

  private mutating func typed(_ type: String, _ depth: Int) -> String? {
    switch type {
    case "int": int()
    case "float", "number": random.chance(0.5) ? int() : float()
    case "str": string()
    case "bool": random.pick(["true", "false"])
    case "list": list(depth)
    case "record": record(depth)
    case "fn": function()
    case "tensor": tensor()
    case "column": column()
    case "dataset": dataset()
    case "type": random.pick(["f32", "f64", "i64", "u8", "bool", "f16", "bf16", "i8", "i32", "f32[2, 3]", "f32[_, 3]", "int", "float"])
    case "model": model()
    case "range": range()
    case "duration": random.pick(["5ms", "0s", "1h", "90d", "-1s", "100000d"])
    case "time": random.pick(["time(\"2024-02-29\")", "now()", "time(\"0001-01-01\")", "time(\"2262-04-11T23:47:16Z\")"])
    default: nil
    }
  }

  mutating func value(_ depth: Int) -> String {
    switch random.below(depth > 0 ? 26 : 12) {
    case 0, 1, 2: int()
    case 3, 4: float()
    case 5, 6: string()
    case 7: random.pick(["true", "false", "none", "x", "f", "x"])
    case 8: range()
    case 9: random.pick(["5ms", "64kB", "f32", "i64", "f32[2, 3]", "u8", "bool", "pi", "0s", "9000000000000000000B", "-3min", "now()"])
    case 10, 11: random.pick(words.names)
    case 12, 13: list(depth)
    case 14: record(depth)
    case 15, 16, 17, 18: tensor()
    case 19: function()
    case 20: model()
    case 21: dataset()
    case 22: column()
    case 23: random.pick(["recipe(a: standardize)", "recipe(a: label, b: one_hot)", "adam(lr: 1e-3)", "sgd(momentum: 0.9)", "batches(\(dataset()), 2)", "(try { error(\"x\") } catch e { e })"])
    default: expression(depth - 1)
    }
  }

  private mutating func int() -> String {
    random.pick(["0", "1", "-1", "2", "3", "-2", "5", "7", "10", "64", "100", "255", "256", "-128", "1000", "65536", "2147483648", "1000000000000", "9223372036854775807",
      "(-9223372036854775807 - 1)", "-9223372036854775807", "4611686018427387904", "9007199254740993"])
  }

  private mutating func float() -> String {
    random.pick(["0.0", "-0.0", "0.5", "1.5", "-2.5", "1e-3", "1e300", "-1e300", "1e-310", "inf", "nan", "-inf", "3.0", "1e19", "9.223372036854775807e18", "0.1"])
  }

  private mutating func string() -> String {
    random.pick(["\"\"", "\"a\"", "\"b\"", "\"row\"", "\"sum\"", "\"é\"", "\"a,b,,c\"", "\"12\"", "\"-1e5\"", "\"nan\"", "\"2024-01-01\"", "\"{1}\"", "\"ij,jk->ik\"", "\"ii\"", "\"...i\"", "\"0x1f\"",
      "\"👍🏽e\\u{301}\"", "\"\\n\"", "\"%d\"", "\"mean\"", "\"left\"", "\"a/b\"", "\"same\"", "\"99999999999999999999\"", "\"[\"", "\"{\\\"a\\\": 1}\"", "\" \"", "\"\\u{0}\""])
  }

  private mutating func range() -> String { random.pick(["0..3", "0..=2", "1..", "..2", "..", "3..0", "-1..=1", "0..0", "0..1000000000000", "-9223372036854775807..9223372036854775807", "0..=9223372036854775807", "range(9, 0, step: -2)"]) }

  private mutating func list(_ depth: Int) -> String {
    switch random.below(6) {
    case 0: "[]"
    case 1: "[1, 2, 3]"
    case 2: "[\"a\", \"b\"]"
    case 3: "[[1, 2], [3, 4]]"
    default: "[\((0..<random.below(4)).map { _ in (random.chance(0.1) ? "..." : "") + value(depth - 1) }.joined(separator: ", "))]"
    }
  }

  private mutating func record(_ depth: Int) -> String {
    random.pick(["{}", "{a: 1}", "{a: \(value(depth - 1)), b: \(value(depth - 1))}", "{a: [1, 2], b: [3, 4]}", "{loss: \(value(depth - 1))}", "{row: 2, col: 3}", "{\"odd key\": \(value(depth - 1))}", "{train: 0.5, test: 0.5}"])
  }

  private mutating func tensor() -> String {
    random.pick(["tensor([1, 2, 3])", "tensor([[1, 2, 3], [4, 5, 6]])", "zeros(2, 3)", "ones(3)", "zeros(0)", "zeros(0, 3)", "tensor(1.5)", "arange(6)", "randn(3, 3)", "rand(2, 2, 2)", "eye(3)", "tensor([true, false, true])",
      "tensor([[1, 2], [3, 4]], axes: [\"row\", \"col\"])", "tensor([1, 2, 3], dtype: i64)", "tensor([1, 2, 255], dtype: u8)", "tensor([1.5, nan, inf], dtype: f64)", "cast(randn(2, 3), f16)", "reshape(arange(8), 2, 2, 2)", "tensor([0, 1, 2])", "tensor([-128, 127], dtype: i8)", "tensor([0, 2], dtype: i64)", "ones(1, 3)", "ones(3, 1)"])
  }

  private mutating func function() -> String {
    random.pick(["(x => x)", "((a, b) => a)", "(() => 1)", "(x => x * 2.0)", "(x => sum(x ** 2))", "(x => -x)", "((...r) => r)", "(x => none)", "(x => true)", "(x => x > 1)", "(x => nosuch)", "(x => error(\"no\"))", "(x => [x, x])", "(x => {loss: sum(x), out: x})",
      "((a, b) => sum(a * b))", "(fn(x, k = 2) { x ** k })", "(fn(x: f32[n]) -> f32[] { sum(x) })", "(x => push(x, 1))", "(r => r.a)", "(x => print(x))", "(x => randn(2))", "((s, x) => {state: s, out: x})", "sum", "relu", "len", "str", "(x => \(random.pick(words.names))(x))", "(x => \(expression(1)))"])
  }

  private mutating func model() -> String {
    random.pick(["dense(2)", "chain(dense(3, act: relu), dense(1))", "init(dense(2), f32[_, 3], seed: 1)", "init(chain(dense(2), dropout(0.5)), f32[4, 3], seed: 2)", "chain()", "dropout(0.5)", "dense(0)", "dense(-1)", "init(dense(1), ones(2, 2))"])
  }

  private mutating func dataset() -> String {
    random.pick(["dataset({a: [1, 2, 3], b: [\"x\", \"y\", \"x\"]})", "dataset({a: [1.5, none, 2.5], b: [true, false, true]})", "dataset({})", "dataset({a: []})", "dataset({a: arange(6), b: zeros(6, 2)})", "dataset([{a: 1, b: \"q\"}, {a: none, b: \"r\"}])", "dataset({a: [9223372036854775807, 0], b: [nan, 1e300]})"])
  }

  private mutating func column() -> String { dataset() + random.pick([".a", ".b", "[\"a\"]"]) }
}
