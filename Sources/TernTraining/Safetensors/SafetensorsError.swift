package import TernData

/// Why a safetensors file cannot be read or written.
package enum SafetensorsError: Error, Equatable, Sendable {
  case file(FileError)
  /// Reading it would take more than `limit` bytes of memory.
  case tooLarge(path: String, bytes: Int, limit: Int)
  case damaged(path: String, SafetensorsDamage)
  /// The file is sound, but holds no tensor of that name.
  case noTensor(path: String, name: String)
  // Writing.
  case duplicateName(String)
  /// `__metadata__` is the format's own.
  case reservedName(String)
  case headerTooLong(bytes: Int, limit: Int)
}

/// What is wrong inside a safetensors file. Offsets and sizes are in bytes; `tensor` is the name in the header.
package enum SafetensorsDamage: Error, Equatable, Sendable {
  // The header as a whole.
  case noHeader(fileBytes: Int)
  case headerTooLong(bytes: UInt64, limit: Int)
  case headerPastEnd(headerBytes: Int, fileBytes: Int)
  case headerStart(byte: UInt8?)
  case badJSON(JSONError)
  case badMetadata
  // One tensor's entry.
  case badEntry(tensor: String, field: String)
  /// A dtype that does not exist, or that Tern has no tensor for.
  case unknownDType(tensor: String, dtype: String)
  case tooManyAxes(tensor: String, axes: Int, limit: Int)
  case tooManyElements(tensor: String)
  /// The bytes an entry claims are not those its dtype and shape need.
  case byteCount(tensor: String, needed: Int, found: Int)
  // The entries together.
  /// A tensor does not begin where the one before it ended.
  case gap(tensor: String, expected: Int, found: Int)
  case overlap(tensor: String, expected: Int, found: Int)
  case dataSize(needed: Int, found: Int)
  // The data.
  case badBool(tensor: String, index: Int, value: UInt8)
  case endedEarly(tensor: String)
}
