import Glibc
import TernTensor
import TernData
import Testing
import TernTraining

/// One tensor of every dtype, with no axes, no elements and names of axes among them.
private var everyDType: [NamedTensor] {
  [
    NamedTensor("w", .f32([0, 1, 2, 3, 4, 5], [2, 3])),
    NamedTensor("b", .f64(0.5)),
    NamedTensor("n", .of(.i64, [2], bytes: [UInt8](repeating: 255, count: 8) + [7, 0, 0, 0, 0, 0, 0, 0])),
    NamedTensor("i", .of(.i32, [1], bytes: [9, 0, 0, 0])),
    NamedTensor("h", .of(.f16, [1], bytes: [0x00, 0x3C])),
    NamedTensor("g", .of(.bf16, [1], bytes: [0x80, 0x3F])),
    NamedTensor("c", .of(.i8, [3], bytes: [1, 2, 255])),
    NamedTensor("u", .of(.u8, [0, 4], bytes: [])),
    NamedTensor("m", .of(.bool, [2], bytes: [1, 0])),
  ]
}

@Suite("Safetensors") struct SafetensorsTests {
  @Test("are the bytes that the reference implementation writes") func golden() throws {
    let folder = TemporaryFolder()
    try SafetensorsFile.write(everyDType, metadata: [("made by", "the reference")], to: folder("a.safetensors"))
    // Written by the Python package safetensors 0.8.0 from the same tensors.
    let header = #"{"__metadata__":{"made by":"the reference"},"n":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},"#
      + #""b":{"dtype":"F64","shape":[],"data_offsets":[16,24]},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[24,48]},"#
      + #""i":{"dtype":"I32","shape":[1],"data_offsets":[48,52]},"g":{"dtype":"BF16","shape":[1],"data_offsets":[52,54]},"#
      + #""h":{"dtype":"F16","shape":[1],"data_offsets":[54,56]},"c":{"dtype":"I8","shape":[3],"data_offsets":[56,59]},"#
      + #""u":{"dtype":"U8","shape":[0,4],"data_offsets":[59,59]},"m":{"dtype":"BOOL","shape":[2],"data_offsets":[59,61]}}"#
    let data: [UInt8] = [UInt8](repeating: 255, count: 8) + [7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE0, 0x3F]
      + [0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40, 0, 0, 0xA0, 0x40]
      + [9, 0, 0, 0, 0x80, 0x3F, 0x00, 0x3C, 1, 2, 255, 1, 0]
    let length: [UInt8] = [0x20, 0x02, 0, 0, 0, 0, 0, 0]
    #expect(Disk.read(folder("a.safetensors")) == length + Array((header + "   ").utf8) + data)
    #expect(folder.names == ["a.safetensors"])
  }

  @Test("come back as they were, every dtype") func roundTrip() throws {
    let folder = TemporaryFolder()
    try SafetensorsFile.write(everyDType, to: folder("a.safetensors"))
    let file = try SafetensorsFile(path: folder("a.safetensors"))
    #expect(file.header.metadata.isEmpty)
    for item in everyDType {
      let read = try file.tensor(named: item.name)
      #expect(read.dtype == item.tensor.dtype)
      #expect(read.shape == item.tensor.shape)
      #expect(read.allBytes == item.tensor.allBytes)
    }
    #expect(try file.tensors().map(\.name) == ["n", "b", "w", "i", "g", "h", "c", "u", "m"])
    #expect(try file.tensor(named: "w", axisNames: ["row", nil]).axisNames == ["row", nil])
    #expect(throws: SafetensorsError.noTensor(path: file.path, name: "x")) { try file.tensor(named: "x") }
  }

  @Test("may be none at all") func empty() throws {
    let folder = TemporaryFolder()
    try SafetensorsFile.write([], to: folder("a.safetensors"))
    #expect(Disk.read(folder("a.safetensors")) == [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8))
    #expect(try SafetensorsFile(path: folder("a.safetensors")).tensors().isEmpty)
  }

  @Test("are not written under one name, or the format's own") func badNames() {
    let folder = TemporaryFolder()
    let twice = [NamedTensor("a", .f64(1)), NamedTensor("a", .f64(2))]
    #expect(throws: SafetensorsError.duplicateName("a")) { try SafetensorsFile.write(twice, to: folder("x")) }
    let reserved = [NamedTensor("__metadata__", .f64(1))]
    #expect(throws: SafetensorsError.reservedName("__metadata__")) {
      try SafetensorsFile.write(reserved, to: folder("x"))
    }
    #expect(folder.names.isEmpty)
  }

  @Test("replace an older file whole or not at all") func atomic() throws {
    let folder = TemporaryFolder()
    try SafetensorsFile.write([NamedTensor("a", .f64(1))], to: folder("x"))
    try SafetensorsFile.write([NamedTensor("a", .f64(2))], to: folder("x"))
    #expect(try SafetensorsFile(path: folder("x")).tensor(named: "a").double == 2)
    let full = FileError(.write, folder("x"), code: ENOSPC)
    #expect(throws: full) {
      try Replacement.file(at: folder("x")) { file throws(FileError) in
        try file.write([1, 2, 3])
        throw full
      }
    }
    #expect(try SafetensorsFile(path: folder("x")).tensor(named: "a").double == 2)
    #expect(folder.names == ["x"])
  }

  @Test("are written through a link, not over it") func link() throws {
    let folder = TemporaryFolder()
    try SafetensorsFile.write([NamedTensor("a", .f64(1))], to: folder("real"))
    #expect(symlink(folder("real"), folder("latest")) == 0)
    try SafetensorsFile.write([NamedTensor("a", .f64(3))], to: folder("latest"))
    #expect(try SafetensorsFile(path: folder("real")).tensor(named: "a").double == 3)
  }
}

@Suite("A damaged safetensors file") struct DamagedSafetensorsTests {
  private func error(header: String, data: [UInt8] = [], length: UInt64? = nil) -> SafetensorsDamage? {
    let folder = TemporaryFolder()
    let count = length ?? UInt64(header.utf8.count)
    Disk.write((0..<8).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) } + Array(header.utf8) + data, to: folder("x"))
    do {
      _ = try SafetensorsFile(path: folder("x")).tensors()
      return nil
    } catch SafetensorsError.damaged(_, let damage) {
      return damage
    } catch {
      Issue.record(error)
      return nil
    }
  }

  private func entry(_ dtype: String, _ shape: String, _ offsets: String) -> String {
    #"{"a":{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
  }

  @Test("is refused for its header") func header() {
    #expect(error(header: "{}", length: 1 << 63) == .headerTooLong(bytes: 1 << 63, limit: 100_000_000))
    #expect(error(header: "{}", length: 100) == .headerPastEnd(headerBytes: 100, fileBytes: 10))
    #expect(error(header: "") == .headerStart(byte: nil))
    #expect(error(header: " {}") == .headerStart(byte: 0x20))
    #expect(error(header: "{\"a\"") == .badJSON(JSONError(reason: .unexpectedEnd, offset: 4)))
    #expect(error(header: #"{"__metadata__":{"a":1}}"#) == .badMetadata)
    #expect(error(header: #"{"a":{},"a":{}}"#) == .badJSON(JSONError(reason: .duplicateName("a"), offset: 8)))
    let folder = TemporaryFolder()
    Disk.write([1, 2, 3], to: folder("x"))
    #expect(throws: SafetensorsError.damaged(path: folder("x"), .noHeader(fileBytes: 3))) {
      try SafetensorsFile(path: folder("x"))
    }
  }

  @Test("is refused for one entry") func entries() {
    let four: [UInt8] = [0, 0, 0, 0]
    #expect(error(header: #"{"a":1}"#) == .badEntry(tensor: "a", field: "dtype"))
    #expect(error(header: entry("F32", "[1.0]", "[0,4]"), data: four) == .badEntry(tensor: "a", field: "shape"))
    #expect(error(header: entry("F32", "[-1]", "[0,4]"), data: four) == .badEntry(tensor: "a", field: "shape"))
    #expect(error(header: entry("F32", "[1]", "[4,0]"), data: four) == .badEntry(tensor: "a", field: "data_offsets"))
    #expect(error(header: entry("F32", "[1]", "[0]"), data: four) == .badEntry(tensor: "a", field: "data_offsets"))
    #expect(error(header: entry("U64", "[1]", "[0,8]")) == .unknownDType(tensor: "a", dtype: "U64"))
    #expect(error(header: entry("U8", "[1,1,1,1,1,1,1,1,1]", "[0,1]")) == .tooManyAxes(tensor: "a", axes: 9, limit: 8))
    #expect(error(header: entry("F64", "[4611686018427387904,4]", "[0,0]")) == .tooManyElements(tensor: "a"))
    #expect(error(header: entry("F32", "[2]", "[0,4]"), data: four) == .byteCount(tensor: "a", needed: 8, found: 4))
    #expect(error(header: entry("BOOL", "[4]", "[0,4]"), data: [0, 1, 2, 0]) == .badBool(tensor: "a", index: 2, value: 2))
  }

  @Test("is refused for holes, overlaps and what follows") func cover() {
    func two(_ a: String, _ b: String) -> String {
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":\#(a)},"b":{"dtype":"U8","shape":[2],"data_offsets":\#(b)}}"#
    }
    #expect(error(header: two("[0,2]", "[2,4]"), data: [1, 2, 3, 4]) == nil)
    #expect(error(header: two("[0,2]", "[1,3]"), data: [1, 2, 3]) == .overlap(tensor: "b", expected: 2, found: 1))
    #expect(error(header: two("[0,2]", "[3,5]"), data: [1, 2, 3, 4, 5]) == .gap(tensor: "b", expected: 2, found: 3))
    #expect(error(header: two("[2,4]", "[0,2]"), data: [1, 2, 3, 4, 5]) == .dataSize(needed: 4, found: 5))
    #expect(error(header: two("[0,2]", "[2,4]"), data: [1, 2, 3]) == .dataSize(needed: 4, found: 3))
    #expect(
      error(header: two("[9223372036854775805,9223372036854775807]", "[0,2]"), data: [1, 2])
        == .gap(tensor: "a", expected: 2, found: 9_223_372_036_854_775_805))
  }

  @Test("is refused when it is no file, or too large") func notAFile() {
    let folder = TemporaryFolder()
    #expect(throws: SafetensorsError.file(FileError(.open, folder("x"), code: ENOENT))) {
      try SafetensorsFile(path: folder("x"))
    }
    #expect(throws: SafetensorsError.file(FileError(.open, folder.path, code: EINVAL))) {
      try SafetensorsFile(path: folder.path)
    }
    #expect(mkfifo(folder("pipe"), 0o600) == 0)
    #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: folder("pipe")) }
    #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: folder.path + "/a\0b") }
    Disk.write([UInt8](repeating: 0, count: 100), to: folder("y"))
    #expect(throws: SafetensorsError.tooLarge(path: folder("y"), bytes: 100, limit: 99)) {
      try SafetensorsFile(path: folder("y"), limit: 99)
    }
  }

  @Test("of any bytes gives an answer") func fuzz() throws {
    let folder = TemporaryFolder()
    try SafetensorsFile.write(everyDType, metadata: [("k", "v")], to: folder("seed"))
    let seed = Disk.read(folder("seed"))
    let headerEnd = 8 + Int(seed[0]) + Int(seed[1]) << 8
    var generator = SeededGenerator(seed: 2)
    var sound = 0
    for _ in 0..<20_000 {
      let header = generator.mutated(Array(seed[8..<headerEnd]))
      if let parsed = try? SafetensorsHeader(parsing: header, dataBytes: seed.count - headerEnd) {
        sound += 1
        #expect(parsed.entries.reduce(0) { $0 + $1.shape.count * $1.dtype.size } == seed.count - headerEnd)
      }
    }
    for _ in 0..<2_000 {
      Disk.write(generator.mutated(seed), to: folder("x"))
      if let file = try? SafetensorsFile(path: folder("x")) { _ = try? file.tensors() }
    }
    #expect(sound > 100)
  }
}
