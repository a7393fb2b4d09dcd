/// Recipes as text, a line a column.
extension Recipe {
  package func lines(style: TextStyle = TextStyle()) -> [String] {
    let rows = steps.map { (name: $0.pattern, what: $0.chain.map(\.text).joined(separator: ", ")) }
    return ["recipe  \(rows.count) \(rows.count == 1 ? "step" : "steps"), not fitted"] + aligned(rows, style)
  }
}

extension FittedRecipe {
  package func lines(style: TextStyle = TextStyle()) -> [String] {
    let rows = columns.map { (name: $0.name, what: $0.transforms.map(\.text).joined(separator: ", ")) }
    return ["recipe  \(rows.count) \(rows.count == 1 ? "column" : "columns"), fitted"] + aligned(rows, style)
  }
}

private func aligned(_ rows: [(name: String, what: String)], _ style: TextStyle) -> [String] {
  let names = rows.map { style.cell($0.name) }
  let width = names.map(TextWidth.of).max() ?? 0
  return zip(names, rows).map { name, row in
    let what = TextWidth.visible(row.what, ascii: style.isASCII)
    let room = max(style.width - width - 4, TextStyle.cellWidth)
    let fits = TextWidth.of(what) <= room
    return "  \(TextWidth.padded(name, width, right: false))  " + (fits ? what : TextWidth.prefix(what, room - 3) + style.cut)
  }
}

extension Transform {
  /// As a script writes it.
  package var text: String {
    switch self {
    case .impute(.mean): "impute(mean)"
    case .impute(.median): "impute(median)"
    case .impute(.mostFrequent): "impute(most_frequent)"
    case .impute(.constant(let cell)): "impute(\(cell.text))"
    case .keep, .standardize, .minMax, .oneHot, .label: name
    }
  }
}

extension FittedTransform {
  fileprivate var text: String {
    switch self {
    case .keep: "keep"
    case .standardize(let mean, let std): "standardize (mean \(NumberText.one(mean)), std \(NumberText.one(std)))"
    case .minMax(let min, let max): "min_max (\(NumberText.one(min)) to \(NumberText.one(max)))"
    case .oneHot(let categories, _): "one_hot (\(categories.cells.map(\.text).joined(separator: ", ")))"
    case .label(let classes): "label (\(classes.cells.map(\.text).joined(separator: ", ")))"
    case .impute(let cell): "impute (\(cell.number.map(NumberText.one) ?? cell.text))"
    }
  }
}
