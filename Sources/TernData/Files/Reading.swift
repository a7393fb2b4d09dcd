internal import TernTensor

/// What `read` gives: a dataset of a table, or the tensor of an array file.
package enum Reading: Sendable {
  case dataset(Dataset)
  case tensor(TensorCells)

  /// Looks at the file now and reads its rows later; an array file, whose size stands in its head, is read at once.
  ///
  /// By name: `.csv`, `.tsv`, `.txt` are tables, `.idx` and `…-ubyte` are arrays, each also with `.gz`. Any other name is
  /// looked into.
  /// - Throws: `noSuchFile`, `cannotRead`, `unknownFormat`, `damagedFile`, `tooLarge`.
  package static func read(_ path: String, options: CSVOptions = CSVOptions()) throws(DataError) -> Reading {
    switch FileFormat(path: path) {
    case .csv: return .dataset(Dataset(try CSVFile(path: path, options: options)))
    case .idx: return .tensor(TensorCells(try IDXReader.tensor(FileBytes(reading: path))))
    case nil:
      let file = try FileBytes(reading: path)
      guard IDXReader.isIDX(file.bytes) else { throw .unknownFormat(path: path) }
      return .tensor(TensorCells(try IDXReader.tensor(file)))
    }
  }
}

/// The format a file's name speaks of.
package enum FileFormat: Sendable {
  case csv, idx

  package init?(path: String) {
    let name = path.lowercased()
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    if [".csv", ".tsv", ".txt"].contains(where: plain.hasSuffix) {
      self = .csv
    } else if [".idx", "-ubyte", ".ubyte"].contains(where: plain.hasSuffix) {
      self = .idx
    } else {
      return nil
    }
  }
}

/// A CSV file as a source. It stands for the bytes that were there when it was made: a file changed since is refused.
package struct CSVFile: Source {
  package let path: String
  package let options: CSVOptions
  package let fingerprint: Fingerprint

  /// - Throws: `noSuchFile`, `cannotRead`.
  package init(path: String, options: CSVOptions = CSVOptions()) throws(DataError) {
    self.path = path
    self.options = CSVFile.options(for: path, options)
    fingerprint = try Fingerprint(of: path)
  }

  package var title: String { "read(\"\(path)\")" }

  /// A `.tsv` file says by its name what separates its cells.
  private static func options(for path: String, _ given: CSVOptions) -> CSVOptions {
    let name = path.lowercased()
    guard given.separator == nil, name.hasSuffix(".tsv") || name.hasSuffix(".tsv.gz") else { return given }
    return CSVOptions(separator: UInt8(ascii: "\t"), header: given.header)
  }

  /// Read from the first bytes alone, where they hold the first record.
  package func names() throws -> [String] {
    try checkUnchanged()
    if let head = try FileBytes.head(of: path), let names = try? CSVReader.names(head, options: options) { return names }
    return try CSVReader.names(FileBytes(reading: path), options: options)
  }

  /// Checked before and after: a file that changes while it is read is refused too.
  package func load(columns: [String]?) throws -> Table {
    try checkUnchanged()
    let file = try FileBytes(reading: path)
    try checkUnchanged()
    return try CSVReader.table(file, options: options, columns: columns)
  }

  private func checkUnchanged() throws(DataError) {
    guard try Fingerprint(of: path) == fingerprint else { throw .fileChanged(path: path) }
  }
}

/// CSV bytes already in memory, such as a data set inside the program.
package struct CSVBytes: Source {
  package let name: String
  package let options: CSVOptions
  private let file: FileBytes

  /// Gzip bytes are inflated now.
  /// - Throws: `damagedFile`, `tooLarge`.
  package init(name: String, bytes: [UInt8], options: CSVOptions = CSVOptions()) throws(DataError) {
    self.name = name
    self.options = options
    let isGzip = Gzip.isGzip(bytes)
    file = FileBytes(path: name, bytes: isGzip ? try Gzip.inflate(bytes, path: name, limit: FileBytes.defaultLimit) : bytes)
  }

  package var title: String { "sample(\"\(name)\")" }
  package func names() throws -> [String] { try CSVReader.names(file, options: options) }
  package func load(columns: [String]?) throws -> Table { try CSVReader.table(file, options: options, columns: columns) }
}
