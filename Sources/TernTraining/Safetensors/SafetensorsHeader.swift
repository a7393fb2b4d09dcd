package import TernTensor
package import TernData

/// What a safetensors file says of itself before its data.
///
///     ┌──────────┬─────────────────────────────────────┬──────────────────┐
///     │ N, 8 B LE│ JSON, N bytes, padded with spaces   │ the tensors' data│
///     └──────────┴─────────────────────────────────────┴──────────────────┘
///     {"__metadata__": {"k": "v"}, "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
///
/// Every number is checked when the header is read: each tensor's bytes are those its dtype and shape need, and
/// together they cover the data from its first byte to its last without holes or overlaps.
package struct SafetensorsHeader: Sendable {
  /// One tensor: what it is, and where its bytes are in the data.
  package struct Entry: Sendable {
    package let name: String
    package let dtype: DType
    package let shape: Shape
    package let bytes: Range<Int>
  }

  /// In the order of the data.
  package let entries: [Entry]
  package let metadata: [JSONMember]

  /// The longest header read or written, in bytes: the reference implementation's limit.
  package static let byteLimit = 100_000_000
  /// Bytes before the header: its length.
  static let lengthBytes = 8
  static let metadataName = "__metadata__"
}

// MARK: Reading

extension SafetensorsHeader {
  /// Reads a header of a file whose data takes `dataBytes`.
  package init(parsing json: [UInt8], dataBytes: Int) throws(SafetensorsDamage) {
    guard json.first == UInt8(ascii: "{") else { throw .headerStart(byte: json.first) }
    let members = try SafetensorsHeader.members(of: json)
    var entries: [Entry] = []
    var metadata: [JSONMember] = []
    for member in members {
      if member.name == SafetensorsHeader.metadataName {
        metadata = try SafetensorsHeader.metadata(from: member.value)
      } else {
        entries.append(try Entry(member))
      }
    }
    entries.sort { ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound) }
    try SafetensorsHeader.checkCover(entries, dataBytes)
    self.entries = entries
    self.metadata = metadata
  }

  private static func members(of json: [UInt8]) throws(SafetensorsDamage) -> [JSONMember] {
    do { return try JSONValue(parsing: json).members ?? [] } catch { throw .badJSON(error) }
  }

  private static func metadata(from value: JSONValue) throws(SafetensorsDamage) -> [JSONMember] {
    guard let members = value.members, members.allSatisfy({ $0.value.string != nil }) else { throw .badMetadata }
    return members
  }

  private static func checkCover(_ entries: [Entry], _ dataBytes: Int) throws(SafetensorsDamage) {
    var end = 0
    for entry in entries {
      let start = entry.bytes.lowerBound
      if start > end { throw .gap(tensor: entry.name, expected: end, found: start) }
      if start < end { throw .overlap(tensor: entry.name, expected: end, found: start) }
      end = entry.bytes.upperBound
    }
    guard end == dataBytes else { throw .dataSize(needed: end, found: dataBytes) }
  }
}

extension SafetensorsHeader.Entry {
  fileprivate init(_ member: JSONMember) throws(SafetensorsDamage) {
    name = member.name
    let fields = member.value
    guard let dtypeName = fields["dtype"]?.string else { throw .badEntry(tensor: name, field: "dtype") }
    guard let sizes = fields["shape"]?.naturals else { throw .badEntry(tensor: name, field: "shape") }
    guard let offsets = fields["data_offsets"]?.naturals, offsets.count == 2, offsets[0] <= offsets[1]
    else { throw .badEntry(tensor: name, field: "data_offsets") }
    guard let dtype = DType(safetensorsName: dtypeName) else { throw .unknownDType(tensor: name, dtype: dtypeName) }
    guard sizes.count <= Shape.maxRank
    else { throw .tooManyAxes(tensor: name, axes: sizes.count, limit: Shape.maxRank) }
    guard let shape = Shape(sizes) else { throw .tooManyElements(tensor: name) }
    let (needed, overflow) = shape.count.multipliedReportingOverflow(by: dtype.size)
    guard !overflow else { throw .tooManyElements(tensor: name) }
    let bytes = offsets[0]..<offsets[1]
    guard needed == bytes.count else { throw .byteCount(tensor: name, needed: needed, found: bytes.count) }
    self.dtype = dtype
    self.shape = shape
    self.bytes = bytes
  }
}

extension JSONValue {
  /// A list of whole numbers from 0 on; nil for anything else.
  fileprivate var naturals: [Int]? {
    guard let items = array else { return nil }
    let numbers = items.compactMap(\.int).filter { $0 >= 0 }
    return numbers.count == items.count ? numbers : nil
  }
}

// MARK: Writing

extension SafetensorsHeader {
  /// Lays tensors out one after the other, in the reference implementation's order, so that files agree byte for byte.
  package init(
    layingOut tensors: [NamedTensor], metadata: [JSONMember] = []
  ) throws(SafetensorsError) {
    var names: Set<String> = []
    var entries: [Entry] = []
    var offset = 0
    for item in tensors.sorted(by: SafetensorsHeader.precedes) {
      guard item.name != SafetensorsHeader.metadataName else { throw .reservedName(item.name) }
      guard names.insert(item.name).inserted else { throw .duplicateName(item.name) }
      let end = offset + item.tensor.elementBytes.count
      entries.append(Entry(name: item.name, dtype: item.tensor.dtype, shape: item.tensor.shape, bytes: offset..<end))
      offset = end
    }
    self.entries = entries
    self.metadata = metadata
  }

  static func precedes(_ a: NamedTensor, _ b: NamedTensor) -> Bool {
    let (left, right) = (a.tensor.dtype.safetensorsRank, b.tensor.dtype.safetensorsRank)
    return left != right ? left > right : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
  }

  /// The file's first bytes: the length, and the header padded so that the data starts at a multiple of eight.
  package func encoded() throws(SafetensorsError) -> [UInt8] {
    var members = entries.map { JSONMember($0.name, $0.json) }
    if !metadata.isEmpty { members.insert(JSONMember(SafetensorsHeader.metadataName, .object(metadata)), at: 0) }
    var json = Array(JSONValue.object(members).text.utf8)
    while !json.count.isMultiple(of: 8) { json.append(UInt8(ascii: " ")) }
    guard json.count <= SafetensorsHeader.byteLimit
    else { throw .headerTooLong(bytes: json.count, limit: SafetensorsHeader.byteLimit) }
    return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
  }
}

extension SafetensorsHeader.Entry {
  fileprivate var json: JSONValue {
    [
      "dtype": .string(dtype.safetensorsName),
      "shape": .array(shape.array.map { .int($0) }),
      "data_offsets": [.int(bytes.lowerBound), .int(bytes.upperBound)],
    ]
  }
}
