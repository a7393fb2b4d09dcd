package import TernTensor

/// Where draws come from: a stream is a key and the number of draws made from it. A draw depends on both alone.
package struct Chance {
  private var streams: [Stream] = [Stream(base: Key(seed: 0))]

  private struct Stream {
    let base: Key
    /// The child of the base that draws come from; its key is made when the first one does.
    var child: Int?
    var childKey: Key?
    var position = 0

    var key: Key {
      mutating get {
        guard let child else { return base }
        if let childKey { return childKey }
        let key = base.fold(child)
        childKey = key
        return key
      }
    }
  }

  package init() {}

  /// The key of the next draw of the stream in force.
  package mutating func next() -> Key {
    let last = streams.count - 1
    defer { streams[last].position += 1 }
    return streams[last].key.fold(streams[last].position)
  }

  /// The stream in force.
  package var key: Key { mutating get { streams[streams.count - 1].key } }

  /// A stream that is in force until `pop`.
  package mutating func push(_ key: Key) { streams.append(Stream(base: key)) }
  package mutating func pop() { if streams.count > 1 { streams.removeLast() } }

  /// Goes on in a child of the stream that was pushed last: each call of `map`, each step, has one by its index.
  package mutating func enter(child: Int) {
    let last = streams.count - 1
    streams[last].child = child
    streams[last].childKey = nil
    streams[last].position = 0
  }

  /// Starts the stream of a cell: from the session's seed and the cell's name or number.
  package mutating func begin(seed: Int, cell: String) { streams = [Stream(base: Key(seed: seed).fold(cell))] }
}
