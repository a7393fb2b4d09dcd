import Glibc
import TernData
import TernTensor
import Testing

@Suite("Files") struct FileTests {
  static let fashion = "/usr/share/datasets/fashion-mnist"
  static let hasFashion = access("\(fashion)/train-images-idx3-ubyte.gz", R_OK) == 0

  @Test("what is not there, or no file") func absent() {
    #expect(throws: DataError.noSuchFile(path: "/no/such.csv")) { try Reading.read("/no/such.csv") }
    #expect(throws: (any Error).self) { try Reading.read("/tmp") }
    #expect(throws: DataError.cannotRead(path: "/dev/zero", reason: "it is no plain file")) { try FileBytes(reading: "/dev/zero") }
  }

  @Test("a file changed since it was read is refused") func changed() throws {
    try withTemporaryFile("t.csv") { path in
      try Replacement.file(at: path, bytes: Array("a\n1\n".utf8))
      guard case .dataset(let dataset) = try Reading.read(path) else { return }
      try Replacement.file(at: path, bytes: Array("a\n2\n".utf8))
      #expect(throws: DataError.fileChanged(path: path)) { try dataset.table() }
    }
  }

  @Test("a pipe is refused and not waited for") func pipe() throws {
    try withTemporaryFile("t.csv") { path in
      #expect(mkfifo(path, 0o600) == 0)
      #expect(throws: DataError.cannotRead(path: path, reason: "it is no plain file")) { try Reading.read(path) }
    }
  }

  @Test("a name says what separates the cells") func tabs() throws {
    try withTemporaryFile("t.tsv") { path in
      try Replacement.file(at: path, bytes: Array("a\n1,5\n2,5\n".utf8))
      guard case .dataset(let dataset) = try Reading.read(path) else { return }
      #expect(try dataset.column("a").allCells == [.text("1,5"), .text("2,5")])
    }
  }

  @Test("many threads may ask for one dataset") func threads() async throws {
    let dataset = try shipped("penguins.csv").dropMissing()
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<8 { group.addTask { try dataset.table().rowCount } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts == Array(repeating: 333, count: 8))
  }

  @Test("a file appears whole or not at all") func atomic() throws {
    #expect(throws: (any Error).self) { try Replacement.file(at: "/no/such/folder/file", bytes: [1]) }
    try withTemporaryFile("t") { path in
      try Replacement.file(at: path, bytes: [1, 2])
      try Replacement.file(at: path, bytes: [3])
      #expect(try FileBytes(reading: path).bytes == [3])
      chmod(path, 0o640)
      try Replacement.file(at: path, bytes: [4])
      var status = stat()
      #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
    }
    try Replacement.file(at: "/dev/null", bytes: [1])
  }

  @Test("gzip: limits, cuts and damage are errors") func gzip() throws {
    let bytes = try DiskFile.reading("\(shippedFolder)/digits.csv.gz").bytes(count: 1 << 20)
    let whole = try Gzip.inflate(bytes, path: "d", limit: 1 << 20)
    #expect(throws: DataError.tooLarge(path: "d", limit: 1000)) { try Gzip.inflate(bytes, path: "d", limit: 1000) }
    #expect(throws: (any Error).self) { try Gzip.inflate(Array(bytes.dropLast(9)), path: "d", limit: 1 << 20) }
    #expect(try Gzip.inflate(bytes + bytes, path: "d", limit: 1 << 22) == whole + whole)
    #expect(try Gzip.inflate(bytes + [0, 0, 0], path: "d", limit: 1 << 22) == whole)
    var random = SplitMix(state: 5)
    for _ in 0..<200 { _ = try? Gzip.inflate(mutated(Array(bytes.prefix(4000)), &random), path: "d", limit: 1 << 20) }
  }

  @Test("fashion images", .enabled(if: hasFashion)) func images() throws {
    guard case .tensor(let cells) = try Reading.read("\(FileTests.fashion)/train-images-idx3-ubyte.gz") else { return }
    let tensor = cells.tensor
    #expect(tensor.shape.array == [60000, 28, 28] && tensor.dtype == .u8)
    let bytes = UnsafeBufferPointer(start: tensor.data.assumingMemoryBound(to: UInt8.self), count: tensor.count)
    #expect(bytes.prefix(784).reduce(0) { $0 + Int($1) } == 76247)
    #expect(bytes.suffix(784).reduce(0) { $0 + Int($1) } == 16684)
  }

  @Test("images and labels make a dataset", .enabled(if: hasFashion)) func dataset() throws {
    guard case .tensor(let x) = try Reading.read("\(FileTests.fashion)/t10k-images-idx3-ubyte.gz") else { return }
    guard case .tensor(let y) = try Reading.read("\(FileTests.fashion)/t10k-labels-idx1-ubyte.gz") else { return }
    let data = Dataset(try Table([("x", .tensor(x.tensor)), ("y", .tensor(y.tensor))]))
    #expect(TableText(try data.table(), style: TextStyle(rows: 1)).lines.prefix(4) == [
      "dataset  10000 rows × 2 columns", "  x             y", "  u8[28, 28]  int", "  […]           9",
    ])
  }
}

@Suite("IDX") struct IDXTests {
  func read(_ bytes: [UInt8]) throws -> Tensor { try IDXReader.tensor(FileBytes(path: "t.idx", bytes: bytes)) }

  @Test("every element type", arguments: [
    (0x08, DType.u8, [7, 255]), (0x09, .i8, [7, 255]), (0x0b, .i32, [0, 7, 0xff, 0xfe]), (0x0c, .i32, [0, 0, 0, 7, 0xff, 0xff, 0xff, 0xfe]),
    (0x0d, .f32, [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0]), (0x0e, .f64, [0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0]),
  ] as [(UInt8, DType, [UInt8])])
  func types(_ code: UInt8, _ dtype: DType, _ elements: [UInt8]) throws {
    let tensor = try read([0, 0, code, 1, 0, 0, 0, 2] + elements)
    #expect(tensor.dtype == dtype && tensor.shape.array == [2])
    switch code {
    case 0x0b, 0x0c: #expect((0..<2).map { tensor.data.load(fromByteOffset: $0 * 4, as: Int32.self) } == [7, -2])
    case 0x0d: #expect(floats(tensor) == [1, -2])
    case 0x0e: #expect((0..<2).map { tensor.data.load(fromByteOffset: $0 * 8, as: Double.self) } == [1, -2])
    default: #expect(tensor.data.load(fromByteOffset: 1, as: UInt8.self) == 255)
    }
  }

  @Test("headers that lie are refused", arguments: [
    [], [0, 0, 8], [1, 0, 8, 1, 0, 0, 0, 0], [0, 0, 7, 1, 0, 0, 0, 0], [0, 0, 8, 0], [0, 0, 8, 1, 0, 0, 0, 3, 1, 2],
    [0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255], [0, 0, 8, 200, 0, 0, 0, 1], [0, 0, 8, 1, 0, 0, 0, 1, 1, 2],
    [0, 0, 8, 9] + Array(repeating: [0, 0, 0, 1], count: 9).flatMap { $0 } + [1],
    [0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0],
  ] as [[UInt8]])
  func lies(_ bytes: [UInt8]) { #expect(throws: DataError.self) { try read(bytes) } }

  @Test("no bytes trap") func hostile() {
    var random = SplitMix(state: 11)
    for _ in 0..<5000 { _ = try? read(mutated([0, 0, 0x0b, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 0, 2, 0, 3, 0, 4], &random)) }
  }
}
