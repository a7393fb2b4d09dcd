import TernData
import TernRuntime
import TernSyntax
import TernTensor

/// Where tables come from, and where they go.
enum ReadingWords {
  static var builtins: [Builtin] {
    [
      Builtin(
        "read(path: str, header: bool = true, separator: str = none)",
        "The dataset of a CSV file, or the tensor of an IDX file; either may be packed with gzip.",
        effect: .reads, body: read),
      Builtin(
        "write(data: dataset, path: str)", "Writes a dataset to a CSV file, whole or not at all.", effect: .writes, body: write),
      Builtin(
        "sample(name: str) -> dataset", "A data set that comes with Tern: \"penguins\", \"iris\", \"digits\" or \"weather\".",
        example: "len(sample(\"iris\"))  #> 150", body: sample),
      Builtin(
        "dataset(columns: record) -> dataset", "A dataset of named columns: tensors, lists, columns.",
        example: "len(dataset({x: [1, 2, 3], y: [\"a\", \"b\", \"c\"]}))  #> 3", body: fromColumns),
      Builtin(
        "dataset(rows: list) -> dataset", "A dataset of rows, which are records with the same keys.",
        example: "dataset([{x: 1, y: 2}, {x: 3, y: 4}]).y[1]  #> 4", body: fromRows),
      Builtin("dataset(data: dataset) -> dataset", "The dataset itself.") { call throws(Fault) in call[0] },
    ]
  }

  private static func read(_ call: borrowing Call) throws(Fault) -> Value {
    let written = try call.string(0, "a path").text
    let path = call.machine.path(written)
    let options = CSVOptions(separator: try separator(call), header: try call.flag(1))
    do throws(Fault) {
      switch try dataCall({ try Reading.read(path, options: options) }) {
      case .dataset(let dataset): return .foreign(Foreign(try DatasetValue(dataset)))
      case .tensor(let cells): return .tensor(cells.tensor)
      }
    } catch {
      throw error.code == .noSuchFile ? FilePath.missing(written, path) : error
    }
  }

  private static func separator(_ call: borrowing Call) throws(Fault) -> UInt8? {
    guard call.has(2) else { return nil }
    let text = try call.string(2).text.utf8
    guard text.count == 1, let byte = text.first else {
      throw Fault(.badArgument, "a separator is one character of ASCII, such as \";\" or \"\\t\"")
    }
    return byte
  }

  private static func write(_ call: borrowing Call) throws(Fault) -> Value {
    let table = try call.dataset(0).table()
    let path = try call.string(1, "a dataset, then a path").text
    try Files.write(try dataCall { try CSVWriter.bytes(of: table) }, to: path, call.machine)
    return .none
  }

  private static func sample(_ call: borrowing Call) throws(Fault) -> Value {
    let name = try call.string(0, "the name of a data set").text
    let library = call.machine.vocabulary.library as? Stdlib ?? Stdlib()
    guard let (_, bytes) = library.data(named: name) else { throw unknown(name, among: library.dataNames) }
    let source = try dataCall {
      let named = try CSVBytes(name: name, bytes: bytes)
      return try named.names().allSatisfy(\.isNumber) ? CSVBytes(name: name, bytes: bytes, options: CSVOptions(header: false)) : named
    }
    return .foreign(Foreign(try DatasetValue(Dataset(source))))
  }

  private static func unknown(_ name: String, among names: [String]) -> Fault {
    let near = didYouMean(name, among: names).map { "did you mean \"\($0)\"?" }
    return Fault(.unknownSample, "no data set \(name.quoted) comes with Tern", hint: near ?? "there are \(names.joined(separator: ", "))").about(name)
  }

  // MARK: From values

  private static func fromColumns(_ call: borrowing Call) throws(Fault) -> Value {
    guard case .record = call[0] else {
      throw Fault(
        .badArgument, "a dataset is made of a record of columns or a list of records; this is \(call[0].description)", hint: "`read(path)` reads a file")
        .marking(0, call[0].description)
    }
    var columns: [(name: String, column: Column)] = []
    for (name, value) in call.labels(0) { columns.append((name, try Column(value, name: name, rows: nil))) }
    // A single cell stands for as many rows as the others have.
    let rows = zip(columns, call.labels(0)).first { !$1.value.isCell }.map { $0.0.column.count } ?? 1
    for (place, field) in call.labels(0).enumerated() where field.value.isCell {
      columns[place].column = try Column(field.value, name: field.name, rows: rows)
    }
    let entries = columns
    return .dataset(try dataCall { try Table(entries) })
  }

  private static func fromRows(_ call: borrowing Call) throws(Fault) -> Value {
    var rows = RowCollector()
    for item in try call.list(0).values {
      guard case .record(let record) = item else {
        throw Fault(
          .badArgument, "a dataset is made of records, one a row; this is \(item.description)",
          hint: "`dataset({x: [1, 2], y: [3, 4]})` makes one of columns")
      }
      var row: Row = []
      for (position, key) in record.layout.keys.enumerated() {
        row.append((key.text, try Cell.of(record.items[position], in: key.text)))
      }
      try dataCall { try rows.append(row) }
    }
    return .dataset(try dataCall { try rows.table() })
  }
}

extension String {
  /// A number, or what stands for a column that repeats one: no name that a header would give.
  fileprivate var isNumber: Bool { utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") } }
}

extension Value {
  /// One cell rather than a column of them.
  fileprivate var isCell: Bool {
    switch self {
    case .foreign, .list, .range: false
    case .tensor(let tensor): tensor.rank == 0
    default: true
    }
  }
}
