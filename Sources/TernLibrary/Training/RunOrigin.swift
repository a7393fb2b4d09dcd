internal import CTernStdlib
import TernData
import TernRuntime
import TernTensor
import TernTraining

/// What a record says of where a run comes from, besides its options.
enum RunOrigin {
  static var versions: [JSONMember] {
    [
      JSONMember("tern", .string(String(cString: tern_commit()))), JSONMember("matrix_library", .string(Kernels.matrixLibrary)),
      JSONMember("instruction_set", .string("\(Kernels.instructionSet)")), JSONMember("threads", .int(Kernels.threadCount)),
    ]
  }

  /// The script and the files that the data was read from, by path, each with a hash of its bytes.
  static func inputs(_ machine: Machine, _ datasets: [Dataset]) -> [JSONMember] {
    var members: [JSONMember] = []
    if let path = machine.scriptPath, let hash = hash(of: path) { members.append(JSONMember(path, .string(hash))) }
    for file in datasets.flatMap(\.files) where !members.contains(where: { $0.name == file.path }) {
      members.append(JSONMember(file.path, .string(hash(of: file.path) ?? "unreadable")))
    }
    return members
  }

  private static let chunk = 1 << 20

  /// Chunk by chunk, so that a large file needs no memory; nil when it cannot be read.
  private static func hash(of path: String) -> String? {
    do throws(FileError) {
      let file = try DiskFile.reading(path)
      let size = try file.size()
      var hashes: [UInt64] = []
      for offset in stride(from: 0, to: size, by: chunk) {
        let bytes = try file.bytes(count: min(chunk, size - offset), at: offset)
        hashes.append(bytes.withUnsafeBytes { XXH64.hash($0) })
      }
      return Digest.hex(hashes.count == 1 ? hashes[0] : hashes.withUnsafeBytes { XXH64.hash($0) })
    } catch {
      return nil
    }
  }
}
