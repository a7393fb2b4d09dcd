/// Reads a whole CSV file into a table.
package enum CSVReader {
  /// The names of the columns, from the first record alone.
  /// - Throws: `notUTF8`, and what the header and the scanner throw.
  package static func names(_ file: FileBytes, options: CSVOptions = CSVOptions()) throws(DataError) -> [String] {
    var result: Result<[String], DataError> = .failure(.emptyFile(path: file.path))
    file.bytes.withUnsafeBufferPointer { bytes in
      result = Result { () throws(DataError) in
        let header = try CSVHeader(bytes, options: options, path: file.path)
        let record = UnsafeBufferPointer(rebasing: bytes[..<header.recordEnd])
        if let fault = UTF8Check.firstFault(record) {
          throw .notUTF8(path: file.path, line: UTF8Check.line(of: fault, in: bytes))
        }
        return header.names
      }
    }
    return try result.get()
  }

  /// - Parameter columns: the columns to make, in this order; nil makes all.
  /// - Throws: `notUTF8`, `emptyFile`, `raggedRow`, `unclosedQuote`, `textAfterQuote`, `unknownColumn`.
  package static func table(
    _ file: FileBytes, options: CSVOptions = CSVOptions(), columns: [String]? = nil
  ) throws(DataError) -> Table {
    var result: Result<Table, DataError> = .failure(.emptyFile(path: file.path))
    file.bytes.withUnsafeBufferPointer { bytes in
      result = Result { () throws(DataError) in try table(bytes, file.path, options, columns) }
    }
    return try result.get()
  }

  private static func table(
    _ bytes: UnsafeBufferPointer<UInt8>, _ path: String, _ options: CSVOptions, _ columns: [String]?
  ) throws(DataError) -> Table {
    let survey = try CSVSurvey(bytes, options: options, path: path)
    let wanted = columns ?? survey.names, known = Set(survey.names), chosen = Set(wanted)
    for name in wanted where !known.contains(name) { throw .unknownColumn(name: name, known: survey.names) }
    let sinks = zip(survey.names, survey.types).map { name, type in
      chosen.contains(name) ? type.sink(rowCount: survey.rowCount) : nil
    }
    try fill(sinks, bytes, survey)
    let columns = zip(survey.names, sinks).compactMap { name, sink in sink.map { (name, $0.finished()) } }
    return try Table(columns).selecting(wanted)
  }

  /// The second pass, over records that the survey found to be well formed.
  private static func fill(
    _ sinks: [(any CSVSink)?], _ bytes: UnsafeBufferPointer<UInt8>, _ survey: CSVSurvey
  ) throws(DataError) {
    var scanner = survey.rows, batch = CSVBatch(bytes, width: sinks.count)
    while try batch.refill(&scanner) {
      for (column, sink) in sinks.enumerated() { sink?.append(batch, column) }
    }
  }
}
