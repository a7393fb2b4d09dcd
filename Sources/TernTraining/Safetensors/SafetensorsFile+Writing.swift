import TernData

extension SafetensorsFile {
  /// Writes tensors and metadata to a file that appears whole or not at all.
  package static func write(
    _ tensors: [NamedTensor], metadata: [(name: String, text: String)] = [], to path: String
  ) throws(SafetensorsError) {
    let image = try SafetensorsImage(tensors, metadata: metadata.map { JSONMember($0.name, .string($0.text)) })
    do throws(FileError) {
      try Replacement.file(at: path) { file throws(FileError) in try image.write(to: file) }
    } catch {
      throw .file(error)
    }
  }
}

/// A safetensors file that is ready to be written: nothing but the disk can fail now.
struct SafetensorsImage {
  private let head: [UInt8]
  private let tensors: [NamedTensor]

  init(_ tensors: [NamedTensor], metadata: [JSONMember] = []) throws(SafetensorsError) {
    head = try SafetensorsHeader(layingOut: tensors, metadata: metadata).encoded()
    self.tensors = tensors.sorted(by: SafetensorsHeader.precedes)
  }

  func write(to file: DiskFile) throws(FileError) {
    try file.write(head)
    for item in tensors {
      try file.write(item.tensor.elementBytes)
      // The bytes are only there while the tensor is.
      withExtendedLifetime(item.tensor) {}
    }
  }
}
