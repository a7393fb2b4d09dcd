import TernData
import TernPlots
import TernRuntime
import TernSyntax

/// Plots of columns with names.
extension PlotMaker {
  /// - Parameter usual: What numbers against numbers are drawn as.
  func table(_ table: Table, usual: Mark) throws(Fault) -> Plot {
    let across = try columnName(x, "x")
    var up = try columnNames(y, "y")
    // Columns that are all sequences of one record are lines.
    if up.isEmpty, across == nil, usual == .line { up = table.entries.filter { $0.column.type.isNumeric }.map(\.name) }
    guard !up.isEmpty || across != nil else {
      let columns = table.names.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
      throw Fault(
        .badArgument, "`plot` of a dataset takes `y`, `x` or both; its columns are \(columns)\(table.names.count > 12 ? ", …" : "")",
        hint: table.names.first.map { "`plot(data, x: \"\($0)\")`" })
    }
    guard let name = up.first else { return try distribution(table, across ?? "") }
    guard let across else {
      let lines = try split(table, up) { rows in (0..<rows.count).map(Double.init) }
      return drawn(lines, mark ?? .line, x: Plot.Axis(), y: try axis(up, of: table))
    }
    let column = try column(across, of: table)
    if mark == .bar || mark == nil && !column.type.isMeasured && column.type != .time { return try bars(table, column, up) }
    let places = try column.plotNumbers(across)
    let series = try split(table, up) { rows in rows.map { places[$0] } }
    return drawn(series, mark ?? (column.type == .time ? .line : usual), x: column.plotAxis(across), y: try axis(up, of: table))
  }

  /// The name of one column, and how it is measured; several have none in common.
  private func axis(_ up: [String], of table: Table) throws(Fault) -> Plot.Axis {
    guard up.count == 1, let name = up.first else { return Plot.Axis() }
    return try column(name, of: table).plotAxis(name)
  }

  /// Histories: rows with `epoch` or `step` first, one course a metric. Several histories are compared in one.
  func histories(_ all: [(name: String, rows: [RecordObject])]) throws(Fault) -> Plot {
    var series: [Series] = [], xLabel: String?, yLabel: String?
    for (name, rows) in all.prefix(PlotMaker.mostSeries) {
      var collected = RowCollector()
      for record in rows {
        var row: Row = []
        for (place, key) in record.layout.keys.enumerated() { row.append((key.text, try Cell.of(record.items[place], in: key.text))) }
        let whole = row
        try dataCall { try collected.append(whole) }
      }
      let table = try dataCall { try collected.table() }
      guard table.rowCount > 0 else { continue }
      if mark == .scatter || by != nil || table.entries.contains(where: { !$0.column.type.isNumeric }) && all.count == 1 {
        return try self.table(table, usual: .line)
      }
      let across = try columnName(x, "x") ?? PlotMaker.clock(table)
      var up = try columnNames(y, "y")
      if up.isEmpty { up = PlotMaker.losses(table, besides: across) }
      let places = try across.map { name throws(Fault) in try column(name, of: table).plotNumbers(name) } ?? (0..<table.rowCount).map(Double.init)
      for metric in up {
        let label = all.count == 1 ? metric : up.count == 1 ? name : "\(name) \(metric)"
        series.append(Series(label, x: places, y: try column(metric, of: table).plotNumbers(metric)))
      }
      (xLabel, yLabel) = (across, up.count == 1 ? up.first : nil)
    }
    guard !series.isEmpty else { throw Fault(.badArgument, "`plot` has nothing to draw: there is no history").marking(0, "empty") }
    return drawn(series, mark ?? .line, x: Plot.Axis(xLabel), y: Plot.Axis(yLabel))
  }

  /// The column that counts on, such as `epoch`.
  private static func clock(_ table: Table) -> String? {
    guard let first = table.entries.first, case .int(let values) = first.column.cells, table.names.count > 1 else { return nil }
    return zip(values, values.dropFirst()).allSatisfy { $0 < $1 } ? first.name : nil
  }

  /// What is worth seeing of a history when nothing is named: its losses, else all that are numbers.
  private static func losses(_ table: Table, besides across: String?) -> [String] {
    let others = table.entries.filter { $0.column.type.isNumeric && $0.name != across && $0.name != "seconds" }.map(\.name)
    let losses = others.filter { $0 == "loss" || $0 == "val_loss" }
    return losses.isEmpty ? others : losses
  }

  /// One column alone.
  private func distribution(_ table: Table, _ name: String) throws(Fault) -> Plot {
    let column = try column(name, of: table)
    let groups = try by.map { by throws(Fault) in try self.groups(table, by) } ?? [("", Array(0..<table.rowCount))]
    if column.type.isMeasured, mark != .bar {
      let numbers = try column.plotNumbers(name)
      return made(.histogram(Histogram(groups.map { ($0.name, $0.rows.map { numbers[$0] }) }, bins: bins)), x: name, y: nil)
    }
    guard by != nil else { return counts(column, name) }
    let categories = PlotMaker.groups(column)
    let bars = groups.map { group in
      let rows = Set(group.rows)
      return Bars.Group(group.name, categories.map { Double($0.rows.count { rows.contains($0) }) })
    }
    return made(.bars(Bars(categories.map(\.name), bars)), x: nil, y: name)
  }

  /// One bar a row: where a category comes twice there is no one number for it.
  private func bars(_ table: Table, _ column: Column, _ up: [String]) throws(Fault) -> Plot {
    let categories = PlotMaker.groups(column), across = try columnName(x, "x") ?? ""
    let groups = try by.map { by throws(Fault) in try self.groups(table, by) }
    var bars: [Bars.Group] = []
    for name in up {
      let numbers = try self.column(name, of: table).plotNumbers(name)
      for group in groups ?? [(name, Array(0..<table.rowCount))] {
        let rows = Set(group.rows)
        var values: [Double] = []
        for category in categories {
          let here = category.rows.filter(rows.contains)
          guard here.count <= 1 else {
            throw Fault(
              .badArgument, "`\(across)` has \(here.count) rows of \"\(category.name)\": a bar is one number",
              hint: "`group(data, \"\(across)\", \(name): g => mean(g.\(name))) |> plot(x: \"\(across)\", y: \"\(name)\")`").about(across)
          }
          values.append(here.first.map { numbers[$0] } ?? .nan)
        }
        bars.append(Bars.Group(group.name, values))
      }
    }
    return made(.bars(Bars(categories.map(\.name), bars)), x: nil, y: up.count == 1 ? up[0] : nil)
  }

  /// A series for each of the columns, or for each group of rows.
  private func split(_ table: Table, _ up: [String], _ places: ([Int]) -> [Double]) throws(Fault) -> [Series] {
    let groups = try by.map { by throws(Fault) in try self.groups(table, by) } ?? [("", Array(0..<table.rowCount))]
    var series: [Series] = []
    for name in up {
      let numbers = try column(name, of: table).plotNumbers(name)
      for group in groups {
        let label = by == nil ? name : up.count == 1 ? group.name : "\(group.name) \(name)"
        series.append(Series(label, x: places(group.rows), y: group.rows.map { numbers[$0] }))
      }
    }
    return series
  }

  private func groups(_ table: Table, _ by: String) throws(Fault) -> [(name: String, rows: [Int])] {
    let groups = PlotMaker.groups(try column(by, of: table))
    guard groups.count <= PlotMaker.mostSeries else {
      throw Fault(.badArgument, "`by: \"\(by)\"` makes \(groups.count) series; at most \(PlotMaker.mostSeries) can be told apart").marking(3, by)
    }
    return groups
  }

  private func column(_ name: String, of table: Table) throws(Fault) -> Column { try dataCall { try table.column(name) } }

  private func columnName(_ value: Value, _ parameter: String) throws(Fault) -> String? {
    if value.isNone { return nil }
    guard case .string(let name) = value else {
      throw Fault(.badArgument, "`\(parameter)` names a column; this is \(value.description)", hint: "`\(parameter): \"age\"`").marking(parameter == "x" ? 2 : 1, value.description)
    }
    return name.text
  }

  private func columnNames(_ value: Value, _ parameter: String) throws(Fault) -> [String] {
    guard case .list(let list) = value else { return try columnName(value, parameter).map { [$0] } ?? [] }
    var names: [String] = []
    for item in list.values { if let name = try columnName(item, parameter) { names.append(name) } }
    return names
  }
}
