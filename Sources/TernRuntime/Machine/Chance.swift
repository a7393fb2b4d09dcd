package import TernTensor

/// Where draws come from: a stream is a key and the number of draws made from it. A draw depends on both alone.
package struct Chance {
  package private(set) var streams: [Stream] = [Stream(key: Key(seed: 0))]

  package struct Stream {
    package let key: Key
    package var position = 0
  }

  package init() {}

  /// The key of the next draw of the stream in force.
  package mutating func next() -> Key {
    let last = streams.count - 1
    defer { streams[last].position += 1 }
    return streams[last].key.fold(streams[last].position)
  }

  package var key: Key { streams[streams.count - 1].key }

  /// A stream that is in force until `pop`.
  package mutating func push(_ key: Key) { streams.append(Stream(key: key)) }
  package mutating func pop() { if streams.count > 1 { streams.removeLast() } }

  /// Starts the stream of a cell: from the session's seed and the cell's name or number.
  package mutating func begin(seed: Int, cell: String) { streams = [Stream(key: Key(seed: seed).fold(cell))] }
}
