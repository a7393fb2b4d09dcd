import Glibc
import TernData
import TernTensor
import Testing

/// The data sets that ship with Tern, beside this repository's sources.
let shippedFolder = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/stdlib/data"

func file(_ text: String) -> FileBytes { FileBytes(path: "t.csv", bytes: Array(text.utf8)) }

func csv(_ text: String, header: Bool = true, separator: UInt8? = nil) throws(DataError) -> Table {
  try CSVReader.table(file(text), options: CSVOptions(separator: separator, header: header))
}

func shipped(_ name: String, header: Bool = true) throws -> Dataset {
  let reading = try Reading.read("\(shippedFolder)/\(name)", options: CSVOptions(header: header))
  guard case .dataset(let dataset) = reading else { throw DataError.unknownFormat(path: name) }
  return dataset
}

func table(_ entries: (name: String, column: Column)...) throws -> Table { try Table(entries) }

/// The values of a tensor of f32.
func floats(_ tensor: Tensor) -> [Float] {
  Array(UnsafeBufferPointer(start: tensor.data.assumingMemoryBound(to: Float.self), count: tensor.count))
}

func ints(_ tensor: Tensor) -> [Int64] {
  Array(UnsafeBufferPointer(start: tensor.data.assumingMemoryBound(to: Int64.self), count: tensor.count))
}

/// A tensor of u8 that counts up.
func counting(_ sizes: [Int]) throws -> Tensor {
  let count = sizes.reduce(1, *)
  return try #require(Tensor.filled(.u8, sizes) { target in
    for index in 0..<count { target.storeBytes(of: UInt8(truncatingIfNeeded: index), toByteOffset: index, as: UInt8.self) }
  })
}

/// A path in a fresh folder that goes when the body ends.
func withTemporaryFile<Result>(_ name: String, _ body: (String) throws -> Result) throws -> Result {
  let folder = "/tmp/tern-data-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  mkdir(folder, 0o700)
  defer {
    unlink("\(folder)/\(name)")
    rmdir(folder)
  }
  return try body("\(folder)/\(name)")
}

/// A small generator, so that a failing mutation can be found again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

/// Bytes with a few of them changed, dropped, doubled or cut off.
func mutated(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
  var bytes = bytes
  let spice: [UInt8] = [0, 9, 10, 13, 34, 44, 48, 45, 46, 101, 123, 91, 92, 117, 125, 128, 0xef, 0xff]
  for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
    let place = Int.random(in: bytes.indices, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
    case 1: bytes[place] = spice.randomElement(using: &random) ?? 0
    case 2: bytes.remove(at: place)
    case 3: bytes.insert(spice.randomElement(using: &random) ?? 0, at: place)
    default: bytes.removeSubrange((Bool.random(using: &random) ? place : max(place, bytes.count - 3))...)
    }
  }
  return bytes
}
