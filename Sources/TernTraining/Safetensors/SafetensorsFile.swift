package import TernTensor
import TernData

/// A safetensors file, open for reading: its header is checked, its tensors are read one at a time.
///
/// Read, not memory-mapped: a map of a file that another program shortens ends the process.
package struct SafetensorsFile {
  package let path: String
  package let header: SafetensorsHeader
  private let file: DiskFile
  private let dataStart: Int
  /// Where each tensor stands among the header's entries.
  private let places: [String: Int]

  /// Half of the machine's memory: what the tensors of one file may take.
  package static var defaultLimit: Int { MachineFacts.memory > 0 ? MachineFacts.memory / 2 : 1 << 31 }

  /// Opens a file and checks its header against the bytes that are there.
  ///
  /// - Parameters:
  ///   - limit: The largest file to read, in bytes.
  ///   - followsLinks: False where a link could lead out of a folder that is not trusted.
  package init(
    path: String, limit: Int = SafetensorsFile.defaultLimit, followsLinks: Bool = true
  ) throws(SafetensorsError) {
    let (file, fileBytes) = try SafetensorsFile.open(path, followsLinks: followsLinks)
    guard fileBytes <= limit else { throw .tooLarge(path: path, bytes: fileBytes, limit: limit) }
    let json = try SafetensorsFile.headerBytes(of: file, fileBytes: fileBytes)
    dataStart = SafetensorsHeader.lengthBytes + json.count
    do {
      header = try SafetensorsHeader(parsing: json, dataBytes: fileBytes - dataStart)
    } catch {
      throw .damaged(path: path, error)
    }
    self.path = path
    self.file = file
    places = Dictionary(header.entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func open(
    _ path: String, followsLinks: Bool
  ) throws(SafetensorsError) -> (file: DiskFile, bytes: Int) {
    do {
      let file = try DiskFile.reading(path, followsLinks: followsLinks)
      return (file, try file.size())
    } catch {
      throw .file(error)
    }
  }

  private static func headerBytes(of file: DiskFile, fileBytes: Int) throws(SafetensorsError) -> [UInt8] {
    let length = try bytes(of: file, count: SafetensorsHeader.lengthBytes, at: 0)
    guard length.count == SafetensorsHeader.lengthBytes
    else { throw .damaged(path: file.path, .noHeader(fileBytes: fileBytes)) }
    let count = length.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard count <= UInt64(SafetensorsHeader.byteLimit)
    else { throw .damaged(path: file.path, .headerTooLong(bytes: count, limit: SafetensorsHeader.byteLimit)) }
    let json = Int(count) <= fileBytes ? try bytes(of: file, count: Int(count), at: SafetensorsHeader.lengthBytes) : []
    guard json.count == Int(count), SafetensorsHeader.lengthBytes + json.count <= fileBytes
    else { throw .damaged(path: file.path, .headerPastEnd(headerBytes: Int(count), fileBytes: fileBytes)) }
    return json
  }

  private static func bytes(of file: DiskFile, count: Int, at offset: Int) throws(SafetensorsError) -> [UInt8] {
    do { return try file.bytes(count: count, at: offset) } catch { throw .file(error) }
  }
}

// MARK: Tensors

extension SafetensorsFile {
  /// Every tensor of the file, in the order of its data.
  package func tensors() throws(SafetensorsError) -> [NamedTensor] {
    var tensors: [NamedTensor] = []
    for entry in header.entries { tensors.append(NamedTensor(entry.name, try read(entry, axisNames: nil))) }
    return tensors
  }

  /// What the header says of a tensor; nil when there is none of that name.
  package func entry(named name: String) -> SafetensorsHeader.Entry? {
    places[name].map { header.entries[$0] }
  }

  /// Reads one tensor and names its axes: a name or nil for each, or nil for none.
  package func tensor(named name: String, axisNames: [String?]? = nil) throws(SafetensorsError) -> Tensor {
    guard let entry = entry(named: name) else { throw .noTensor(path: path, name: name) }
    return try read(entry, axisNames: axisNames)
  }

  private func read(_ entry: SafetensorsHeader.Entry, axisNames: [String?]?) throws(SafetensorsError) -> Tensor {
    let storage = Storage(byteCount: entry.bytes.count)
    let buffer = UnsafeMutableRawBufferPointer(start: storage.pointer, count: entry.bytes.count)
    let count: Int
    do { count = try file.read(into: buffer, at: dataStart + entry.bytes.lowerBound) } catch { throw .file(error) }
    guard count == buffer.count else { throw .damaged(path: path, .endedEarly(tensor: entry.name)) }
    if entry.dtype == .bool { try checkBools(buffer, of: entry) }
    return Tensor(storage: storage, dtype: entry.dtype, shape: entry.shape, axisNames: axisNames)
  }

  /// A bool that is neither 0 nor 1 would mean something else in every kernel.
  private func checkBools(
    _ buffer: UnsafeMutableRawBufferPointer, of entry: SafetensorsHeader.Entry
  ) throws(SafetensorsError) {
    guard let index = buffer.firstIndex(where: { $0 > 1 }) else { return }
    throw .damaged(path: path, .badBool(tensor: entry.name, index: index, value: buffer[index]))
  }
}
