internal import CZlib

/// Inflating of gzip files, several members in a row included.
package enum Gzip {
  package static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.count > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b }

  /// - Throws: `damagedFile` for a bad checksum, a cut or foreign bytes; `tooLarge` past `limit` bytes.
  package static func inflate(_ input: [UInt8], path: String, limit: Int) throws(DataError) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(min(limit, input.count.multipliedReportingOverflow(by: 4).partialValue))
    var position = 0
    while position < input.count {
      position += try member(input, from: position, into: &output, path: path, limit: limit)
      if input[position...].allSatisfy({ $0 == 0 }) { break }  // gzip files may be padded with zeros
    }
    return output
  }

  /// Inflates one member and returns how many bytes it took.
  private static func member(
    _ input: [UInt8], from start: Int, into output: inout [UInt8], path: String, limit: Int
  ) throws(DataError) -> Int {
    var stream = z_stream()
    guard tern_inflate_start(&stream) == Z_OK else { throw .damagedFile(path: path, reason: "zlib did not start") }
    defer { inflateEnd(&stream) }
    var window = [UInt8](repeating: 0, count: 1 << 18)
    var taken = 0
    while true {
      let (status, used, made) = step(&stream, input, from: start + taken, &window)
      taken += used
      guard output.count + made <= limit else { throw .tooLarge(path: path, limit: limit) }
      output += window[..<made]
      if status == Z_STREAM_END { return taken }
      guard status == Z_OK else { throw .damagedFile(path: path, reason: "the gzip data is damaged") }
      guard used + made > 0 else { throw .damagedFile(path: path, reason: "the gzip data ends too early") }
    }
  }

  /// One call of zlib, which counts in 32 bits: hence the cap on what it is offered.
  private static func step(
    _ stream: inout z_stream, _ input: [UInt8], from start: Int, _ window: inout [UInt8]
  ) -> (status: Int32, used: Int, made: Int) {
    let offered = min(input.count - start, 1 << 30), room = window.count
    let status = input.withUnsafeBufferPointer { source in
      window.withUnsafeMutableBufferPointer { target in
        stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress.map { $0 + start })
        stream.avail_in = UInt32(offered)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(room)
        return CZlib.inflate(&stream, Z_NO_FLUSH)
      }
    }
    // Nothing left to read and nothing made is Z_BUF_ERROR: the caller names it a cut.
    let used = offered - Int(stream.avail_in), made = room - Int(stream.avail_out)
    return (status == Z_BUF_ERROR && used + made == 0 ? Z_OK : status, used, made)
  }
}
