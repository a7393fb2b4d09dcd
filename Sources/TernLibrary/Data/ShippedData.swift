import TernRuntime

/// The data sets that come with Tern.
enum ShippedData {
  static let names = ["penguins", "iris", "digits"]

  static func file(named name: String) -> (bytes: [UInt8], hasHeader: Bool)? {
    guard names.contains(name) else { return nil }
    let path = name == "digits" ? "stdlib/data/digits.csv.gz" : "stdlib/data/\(name).csv"
    guard let bytes = try? FilePath.read(path, as: path) else { return nil }
    return (bytes, name != "digits")
  }
}
