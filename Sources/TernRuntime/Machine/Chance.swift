package import TernTensor

/// Where draws come from: a stream is a key and the number of draws made from it. A draw depends on both alone.
///
/// While code is traced the key and where the stream stood are not known: what is drawn then depends on them as on any input.
package struct Chance {
  private var streams: [Stream] = [Stream(base: .known(Key(seed: 0)))]

  private struct Stream {
    let base: StreamKey
    /// The draws made before those that `position` counts, where that is not known.
    var start: Tensor?
    /// The child of the base that draws come from; its key is made when the first one does.
    var child: Int?
    var childKey: StreamKey?
    var position = 0

    var key: StreamKey {
      mutating get throws(TensorError) {
        guard let child else { return base }
        if let childKey { return childKey }
        let key = try base.fold(child)
        childKey = key
        return key
      }
    }
  }

  package init() {}

  /// The key of the next draw of the stream in force.
  package mutating func next() throws(Fault) -> StreamKey {
    let last = streams.count - 1
    defer { streams[last].position += 1 }
    do throws(TensorError) {
      guard let start = streams[last].start else { return try streams[last].key.fold(streams[last].position) }
      let place = try Tensor.binary(.add, start, .int(streams[last].position))
      return try streams[last].key.fold(place)
    } catch { throw Fault(error) }
  }

  /// The key of the next draw, for what is no tensor.
  package mutating func nextKey() throws(Fault) -> Key { try Chance.known(next()) }

  /// The stream in force.
  package var key: Key {
    mutating get throws(Fault) {
      let last = streams.count - 1
      let stream: StreamKey
      do throws(TensorError) { stream = try streams[last].key } catch { throw Fault(error) }
      return try Chance.known(stream)
    }
  }

  private static func known(_ stream: StreamKey) throws(Fault) -> Key {
    guard case .known(let key) = stream else { throw Fault(TensorError.unknown(op: "a draw")) }
    return key
  }

  /// A stream that is in force until `pop`; where it stands may be known later.
  package mutating func push(_ key: StreamKey, from start: Tensor? = nil) { streams.append(Stream(base: key, start: start)) }
  package mutating func push(_ key: Key) { push(.known(key)) }
  package mutating func pop() { if streams.count > 1 { streams.removeLast() } }

  /// The key of the stream in force and the number of draws made from it, as tensors.
  package mutating func standing() throws(TensorError) -> [Tensor] {
    let last = streams.count - 1
    let position = try Tensor.number(.int(streams[last].position), as: .i64)
    let start = try streams[last].start.map { start throws(TensorError) in try start + position }
    return [try streams[last].key.tensor(), start ?? position]
  }

  /// Where the stream in force stands, and going on from there after draws that were made elsewhere.
  package var position: Int { streams[streams.count - 1].position }
  package mutating func advance(by draws: Int) { streams[streams.count - 1].position += draws }

  /// Goes on in a child of the stream that was pushed last: each call of `map`, each step, has one by its index.
  package mutating func enter(child: Int) {
    let last = streams.count - 1
    streams[last].child = child
    streams[last].childKey = nil
    streams[last].position = 0
  }

  /// Starts the stream of a cell: from the session's seed and the cell's name or number.
  package mutating func begin(seed: Int, cell: String) { streams = [Stream(base: .known(Key(seed: seed).fold(cell)))] }
}
