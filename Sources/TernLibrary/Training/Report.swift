import TernData
import TernRuntime
import TernSyntax
import TernTensor

/// What `evaluate` gives: a number or a table for each metric, and the number of rows behind them.
final class ReportValue: ForeignValue {
  let rows: Int
  let fields: [(name: String, value: Value)]
  /// A dataset with a row for each group of `by:`.
  var groups: Value?

  init(rows: Int, fields: [(name: String, value: Value)]) {
    self.rows = rows
    self.fields = fields
  }

  var kind: String { "report" }

  var fieldNames: [String] { fields.map(\.name) + ["rows"] + (groups == nil ? [] : ["by"]) }

  func field(_ name: String) throws(Fault) -> Value? {
    if let field = fields.first(where: { $0.name == name }) { return field.value }
    switch name {
    case "rows": return .int(rows)
    case "by": return groups
    default: return nil
    }
  }

  func text(width: Int) -> String {
    let numbers = fields.compactMap { field in field.value.reportNumber.map { (field.name, $0) } }
    let nameWidth = numbers.map(\.0.count).max() ?? 0
    var lines = ["report  \(rows) row\(rows == 1 ? "" : "s")"]
    for (name, number) in numbers { lines.append("  \(name)\(String(repeating: " ", count: nameWidth - name.count))  \(number)") }
    for field in fields where field.value.reportNumber == nil {
      lines += ["  \(field.name)"] + field.value.tableLines(width: width - 2)
    }
    if let groups { lines += groups.tableLines(width: width) }
    return lines.joined(separator: "\n")
  }
}

extension Value {
  fileprivate var reportNumber: String? {
    guard case .float(let number) = self else { return nil }
    return number.fixed(decimals: 4)
  }

  /// A dataset without its first line and types; anything else as it shows.
  fileprivate func tableLines(width: Int) -> [String] {
    guard let table = try? dataset?.table() else { return text(width: width).split(separator: "\n").map { "  \($0)" } }
    let style = TextStyle(width: width, rows: table.rowCount, showsTypes: false)
    return TableText(table, style: style).lines.dropFirst().map { String($0) }
  }
}

extension Double {
  /// With so many decimals where that says something, else in its shortest form.
  func fixed(decimals: Int) -> String {
    guard isFinite, magnitude < 1e7, self == 0 || magnitude >= 1e-4 else { return floatText(self) }
    let scale = (0..<decimals).reduce(1) { power, _ in power * 10 }
    let scaled = Int((magnitude * Double(scale)).rounded())
    let sign = self < 0 && scaled > 0 ? "-" : ""
    if decimals <= 0 { return "\(sign)\(scaled)" }
    let fraction = String(scaled % scale)
    return "\(sign)\(scaled / scale).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
  }
}
