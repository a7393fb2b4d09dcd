import TernRuntime
import TernSyntax
import TernTensor

/// From one kind to another, and what kind a value is.
enum Conversions {
  /// `str` of an int, which programs ask in loops.
  private static func quickText(_ arguments: Registers, _ count: Int, _ target: Registers) -> Bool {
    guard count == 1, case .int(let number) = arguments.pointee else { return false }
    target.pointee = .string(StringObject(String(number)))
    return true
  }

  static var builtins: [Builtin] {
    [
      Builtin(
        "int(x) -> int", "The int of a number without its fraction, of a text, or of a bool.",
        example: "int(\"42\")  #> 42", quick: quickInt, body: int),
      Builtin("float(x) -> float", "The float of a number or a text.", example: "float(\"1e3\")  #> 1000.0", quick: quickFloat, body: float),
      Builtin("str(x) -> str", "The text that `print` gives.", example: "str([1, 2])  #> \"[1, 2]\"", quick: quickText) { call throws(Fault) in
        if case .string(let text) = call[0] { return .string(text) }
        try call[0].prepare()
        return .string(call[0].printed)
      },
      Builtin("kind(x) -> str", "The name of a value's kind.", example: "kind(1.5)  #> \"float\"") { call throws(Fault) in
        .string(call[0].kind)
      },
      Builtin(
        "same(a, b) -> bool", "Are two values equal as wholes, dtypes and axis names of tensors included?",
        example: "same([1, 2], [1, 2])  #> true"
      ) { call throws(Fault) in .bool(try sameValue(call[0], call[1])) },
    ]
  }

  // MARK: Ints

  private static func int(_ call: borrowing Call) throws(Fault) -> Value {
    if case .string(let text) = call[0] { return .int(try parseInt(text.text)) }
    switch try call.machine.number(of: call[0], "a number or a text") {
    case .int(let number): return .int(number)
    case .bool(let flag): return .int(flag ? 1 : 0)
    case .float(let number): return .int(try Numbers.integer(number.rounded(.towardZero)))
    }
  }

  private static func quickInt(_ arguments: Registers, _ count: Int, _ target: Registers) -> Bool {
    guard count == 1, case .float(let number) = arguments.pointee,
      let whole = Int(exactly: number.rounded(.towardZero))
    else { return false }
    target.pointee = .int(whole)
    return true
  }

  static func parseInt(_ text: String) throws(Fault) -> Int {
    let word = text.trimmed
    guard let digits = NumberText(word), digits.isInt else {
      let hint = NumberText(word) != nil ? "`int(float(text))` drops the fraction" : nil
      throw Fault(.badText, "\(text.quoted) is no int", hint: hint)
    }
    guard let number = Int(digits.text) else {
      throw Fault(.integerOverflow, "\(word) does not fit a 64-bit int", hint: "`float(text)` rounds it")
    }
    return number
  }

  // MARK: Floats

  private static func float(_ call: borrowing Call) throws(Fault) -> Value {
    if case .string(let text) = call[0] { return .float(try parseFloat(text.text)) }
    if let number = call.living(0) { return .tensor(try tensorCall { () throws(TensorError) in try number.cast(.f64).weakened }) }
    return .float(try call.machine.number(of: call[0], "a number or a text").double)
  }

  private static func quickFloat(_ arguments: Registers, _ count: Int, _ target: Registers) -> Bool {
    guard count == 1 else { return false }
    switch arguments.pointee {
    case .int(let number): target.pointee = .float(Double(number))
    case .float(let number): target.pointee = .float(number)
    default: return false
    }
    return true
  }

  static func parseFloat(_ text: String) throws(Fault) -> Double {
    let word = text.trimmed
    if let number = NumberText.unbounded(word) { return number }
    guard let digits = NumberText(word), let number = Double(digits.text) else {
      throw Fault(.badText, "\(text.quoted) is no number", hint: "such as \"42\", \"1.5\" or \"1e-3\"")
    }
    return number
  }
}

/// number → sign? (digits ("." digits?)? | "." digits) (("e" | "E") sign? digits)?, where `_` may stand between digits.
private struct NumberText {
  /// Without the underscores.
  private(set) var text = ""
  private(set) var isInt = true
  private var rest: Substring.UTF8View

  init?(_ word: String) {
    rest = Substring(word).utf8
    takeSign()
    let hasWhole = takeDigits()
    if take(".") {
      isInt = false
      guard takeDigits() || hasWhole else { return nil }
    } else if !hasWhole {
      return nil
    }
    if take("e") || take("E") {
      isInt = false
      takeSign()
      guard takeDigits() else { return nil }
    }
    guard rest.isEmpty else { return nil }
  }

  private mutating func takeSign() { if !take("-") { _ = take("+") } }

  private mutating func take(_ mark: Character) -> Bool {
    guard let byte = mark.asciiValue, rest.first == byte else { return false }
    rest.removeFirst()
    text.append(mark)
    return true
  }

  private mutating func takeDigits() -> Bool {
    var found = false
    while let byte = rest.first {
      if byte == UInt8(ascii: "_"), found, let next = rest.dropFirst().first, NumberText.isDigit(next) {
        rest.removeFirst()
      } else if NumberText.isDigit(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
        rest.removeFirst()
        found = true
      } else {
        break
      }
    }
    return found
  }

  private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

  /// `inf`, `-infinity`, `nan`.
  static func unbounded(_ word: String) -> Double? {
    switch word.lowercased() {
    case "inf", "+inf", "infinity", "+infinity": .infinity
    case "-inf", "-infinity": -.infinity
    case "nan", "+nan", "-nan": .nan
    default: nil
    }
  }
}
