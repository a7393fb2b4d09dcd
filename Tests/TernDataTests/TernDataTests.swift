import Glibc
import TernData
import TernTensor
import Testing

/// The data sets that ship with Tern, beside this repository's sources.
let shippedFolder = "\(#filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" })/stdlib/data"

func csv(_ text: String, _ options: CSVOptions = CSVOptions()) throws -> Table {
  try CSVReader.table(FileBytes(path: "t.csv", bytes: Array(text.utf8)), options: options)
}

func shipped(_ name: String, header: Bool = true) throws -> Table {
  guard case .dataset(let dataset) = try Reading.read("\(shippedFolder)/\(name)", options: CSVOptions(header: header)) else { throw DataError.unknownFormat(path: name) }
  return try dataset.table()
}

@Test func scratch() throws {
  let p = try shipped("penguins.csv")
  print(TableText(p).text)
  print(TableText(try Describe.table(p), title: "describe", style: TextStyle(rows: 20)).text)
  print(TableText(try shipped("digits.csv.gz", header: false)).text)
}
