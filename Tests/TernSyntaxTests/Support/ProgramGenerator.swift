/// A generator of random numbers that gives the same ones for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Writes random programs that are grammatical, and spoils them.
struct ProgramGenerator {
  var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func program(statements: Int = 8) -> String {
    (0..<statements).map { _ in statement(3) + pick(["\n", "\n", "\n\n", ";\n", "  # note\n"]) }.joined()
  }

  /// The program with a few bytes removed, doubled, exchanged or put in.
  mutating func spoiled(_ program: String) -> [UInt8] {
    var bytes = Array(program.utf8)
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes.remove(at: place)
      case 1: bytes.insert(bytes[place], at: place)
      case 2: bytes[place] = UInt8.random(in: 32...126, using: &random)
      case 3: bytes.insert(contentsOf: Array(pick(["(", "}", "\"", "{", "]", "\n", "=>", "..", "é", "# %% x\n", "\"\"\"", "let "]).utf8), at: place)
      default: bytes.removeSubrange(place..<min(place + 7, bytes.count))
      }
    }
    return bytes
  }

  private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }

  private mutating func list(_ depth: Int, _ item: (inout ProgramGenerator, Int) -> String) -> String {
    (0..<Int.random(in: 0...3, using: &random)).map { _ in item(&self, depth) }.joined(separator: ", ")
  }

  private mutating func statement(_ depth: Int) -> String {
    guard depth > 0 else { return expression(0) }
    switch Int.random(in: 0..<9, using: &random) {
    case 0: return "let \(pattern(2)) = \(expression(depth))"
    case 1: return "var x: \(type()) = \(expression(depth))"
    case 2: return "fn f(\(parameters()))\(pick(["", " -> \(type())"])) \(block(depth, last: "return x"))"
    case 3: return "for \(pattern(1)) in \(operation(depth)) \(block(depth, last: pick(["break", "continue", "x"])))"
    case 4: return "while \(operation(depth)) \(block(depth))"
    case 5: return "x\(pick(["", ".a", "[0]", "[.., 1..].b"])) \(pick(["=", "+=", "**=", "@="])) \(expression(depth))"
    case 6: return "model m(n) {\n  param w: \(type()) = zeros\n  let k = \(expression(depth - 1))\n  fn call(x) \(block(depth - 1))\n}"
    default: return expression(depth)
    }
  }

  private mutating func block(_ depth: Int, last: String = "x") -> String {
    "{ \(statement(depth - 1))\(pick(["; ", "\n"]))\(last) }"
  }

  private mutating func parameters() -> String { pick(["", "x", "x: int, y = 1", "[a, b], ...rest", "x: f32[n, _] = none"]) }

  private mutating func type() -> String { pick(["int", "f32[row: 2, _]", "float[..., n + 1]", "list", "fn", "f32[]"]) }

  private mutating func pattern(_ depth: Int) -> String {
    depth == 0 ? pick(["a", "b"]) : pick(["x", "[\(pattern(depth - 1)), ...]", "{a, \"k\": \(pattern(depth - 1)), ...r}", "[a, ...b]"])
  }

  private mutating func expression(_ depth: Int) -> String {
    guard depth > 0, Int.random(in: 0..<6, using: &random) == 0 else { return operation(depth) }
    return pick(["x => ", "(a, [b, c]) => ", "() => "]) + pick([operation(depth - 1), "{ let y = 1; y }", "{a: 1}"])
  }

  private mutating func operation(_ depth: Int) -> String {
    guard depth > 0 else {
      return pick(["1", "2.5e-3", "x", "none", "true", "\"a {x:>8.2}\"", "5ms", "64kB", "[]", "{}", "f32", "r\"{\"", "0xff", "\"\"\"\n  a\n  \"\"\""])
    }
    switch Int.random(in: 0..<14, using: &random) {
    case 0: return "\(operation(depth - 1)) \(pick(["+", "-", "*", "/", "//", "%", "@", "and", "or"])) \(operation(depth - 1))"
    case 1: return "(\(operation(depth - 1)) \(pick(["==", "<", "in", "not in"])) \(operand(depth - 1)))"
    case 2: return "-\(operand(depth - 1)) ** -\(operand(depth - 1))"
    case 3: return "\(operand(depth - 1))[\(pick(["..", "1..", "..=2", "row: 0, ..", "..., 0"]))]"
    case 4: return "f(\(list(depth - 1) { $0.expression($1) }))"
    case 5: return "g(\(operand(depth - 1)), ...xs, k: \(expression(depth - 1)))"
    case 6: return "[\(list(depth - 1) { $0.expression($1) })]"
    case 7: return "{a: \(expression(depth - 1)), ...r, \"odd key\": 1}"
    case 8: return "(\(operand(depth - 1)) |> f |> g(1) |> (x => x))"
    case 9: return "(if \(operation(depth - 1)) \(block(depth)) else if a { 1 } else { 2 })"
    case 10: return "match \(operand(depth - 1)) { 1..3 => \(expression(depth - 1)); {a, ...r} if a > 1 => x\n _ => { x } }"
    case 11: return "(try \(block(depth)) catch e { e.code })"
    case 12: return "\"\"\"a {\(operation(depth - 1))} b\"\"\""
    default: return operand(depth)
    }
  }

  private mutating func operand(_ depth: Int) -> String {
    depth > 0 ? "(\(operation(depth - 1)))" : pick(["x", "1", "f(x)", "r.a", "xs[0]"])
  }
}
