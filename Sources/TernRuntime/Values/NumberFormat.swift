import Glibc
import TernSyntax
import TernTensor

/// What follows the `:` in `"{x:>8.3}"`: `[< > ^][width][,][.decimals][e %]`. Numbers stand right, text left.
package struct NumberFormat {
  package enum Alignment: Character { case left = "<", right = ">", center = "^" }
  package enum Style: Character { case exponent = "e", percent = "%" }

  package static let grammar = "[< > ^][0][width][,][.decimals][e %]"
  private static let widthLimit = 10_000
  private static let decimalsLimit = 1000

  package private(set) var alignment: Alignment?
  package private(set) var width = 0
  /// Between a number's sign and its digits stand zeros rather than blanks.
  package private(set) var fillsWithZeros = false
  package private(set) var groupsThousands = false
  package private(set) var decimals: Int?
  package private(set) var style: Style?

  /// No format: a value's text as `print` gives it.
  package init() {}

  /// nil when the text is no format.
  package init?(parsing text: String) {
    var rest = Substring(text)
    if let alignment = rest.first.flatMap(Alignment.init) {
      self.alignment = alignment
      rest.removeFirst()
    }
    if let digits = NumberFormat.takeDigits(&rest) {
      fillsWithZeros = alignment == nil && digits.first == "0" && digits.count > 1
      guard let width = Int(digits), width <= NumberFormat.widthLimit else { return nil }
      self.width = width
    }
    groupsThousands = NumberFormat.take(",", &rest)
    if NumberFormat.take(".", &rest) {
      guard let digits = NumberFormat.takeDigits(&rest), let decimals = Int(digits), decimals <= NumberFormat.decimalsLimit
      else { return nil }
      self.decimals = decimals
    }
    if let style = rest.first.flatMap(Style.init) {
      self.style = style
      rest.removeFirst()
    }
    guard rest.isEmpty else { return nil }
  }

  private static func take(_ mark: Character, _ rest: inout Substring) -> Bool {
    guard rest.first == mark else { return false }
    rest.removeFirst()
    return true
  }

  private static func takeDigits(_ rest: inout Substring) -> Substring? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest.removeFirst(digits.count)
    return digits.isEmpty ? nil : digits
  }

  private var isForNumbers: Bool { groupsThousands || decimals != nil || style != nil || fillsWithZeros }

  // MARK: Filling in

  package func apply(_ value: Value) throws(Fault) -> String {
    if let number = text(ofNumber: value) { return fillsWithZeros ? zeroed(number) : padded(number, alignment ?? .right) }
    guard !isForNumbers else {
      throw Fault(
        .formatMismatch, "decimals, zeros, `,`, `e` and `%` format a number; this is \(value.description)",
        hint: "text takes only a width and `<`, `>` or `^`")
    }
    try value.prepare()
    return padded(value.printed, alignment ?? .left)
  }

  /// nil for what is no number.
  private func text(ofNumber value: Value) -> String? {
    switch value {
    case .int(let number): text(of: number)
    case .float(let number): text(of: number, shortest: floatText(number))
    case .tensor(let tensor):
      switch TensorValues.number(of: tensor) {
      case .int(let number)?: text(of: number)
      case .float(let number)?: text(of: number, shortest: tensor.elementText(0))
      case .bool?, nil: nil
      }
    default: nil
    }
  }

  private func text(of number: Int) -> String {
    if decimals != nil || style != nil { return text(of: Double(number), shortest: "") }
    return groupsThousands ? NumberFormat.grouped(String(number)) : String(number)
  }

  private func text(of number: Double, shortest: String) -> String {
    let text = digits(of: number) ?? shortest
    return groupsThousands ? NumberFormat.grouped(text) : text
  }

  /// The number to the decimals asked for; nil when neither these nor a style are.
  private func digits(of number: Double) -> String? {
    switch style {
    case .exponent: NumberFormat.rounded(number, decimals ?? 6, exponent: true)
    case .percent: NumberFormat.rounded(number * 100, decimals ?? 6) + "%"
    case nil: decimals.map { NumberFormat.rounded(number, $0) }
    }
  }

  /// Correctly rounded from the exact value, halves to even.
  package static func rounded(_ number: Double, _ decimals: Int, exponent: Bool = false) -> String {
    guard number.isFinite else { return floatText(number) }
    // The largest float has 309 digits before its point.
    var buffer = [CChar](repeating: 0, count: decimals + 330)
    let length = withVaList([Int32(decimals), number]) { arguments in
      vsnprintf(&buffer, buffer.count, exponent ? "%.*e" : "%.*f", arguments)
    }
    return String(decoding: buffer.prefix(max(Int(length), 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// With a comma between the thousands before the point.
  private static func grouped(_ text: String) -> String {
    let sign = text.prefix { $0 == "-" }
    let rest = text.dropFirst(sign.count)
    let whole = rest.prefix { $0.isNumber }
    var groups = String(sign)
    for (position, digit) in whole.enumerated() {
      if position > 0 && (whole.count - position) % 3 == 0 { groups += "," }
      groups.append(digit)
    }
    return groups + rest.dropFirst(whole.count)
  }

  private func padded(_ text: String, _ alignment: Alignment) -> String {
    let room = width - text.unicodeScalars.count
    guard width > 0, room > 0 else { return text }
    switch alignment {
    case .left: return text + spaces(room)
    case .right: return spaces(room) + text
    case .center: return spaces(room / 2) + text + spaces(room - room / 2)
    }
  }

  private func zeroed(_ text: String) -> String {
    let sign = text.hasPrefix("-") ? "-" : "", digits = text.dropFirst(sign.count)
    guard digits.first?.isNumber == true else { return padded(text, .right) }
    return sign + String(repeating: "0", count: max(width - text.count, 0)) + digits
  }

  private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}

extension Int {
  /// `12,345`
  package var grouped: String {
    let digits = Array(String(magnitude))
    let text = digits.indices.map { ($0 > 0 && (digits.count - $0).isMultiple(of: 3) ? "," : "") + String(digits[$0]) }.joined()
    return self < 0 ? "-" + text : text
  }
}
