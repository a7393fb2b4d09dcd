internal import Synchronization

/// A key compared and hashed by its bytes: Swift's own equality of strings merges canonically equivalent texts.
package struct FieldKey: Hashable {
  package let text: String
  package init(_ text: String) { self.text = text }

  package static func == (a: FieldKey, b: FieldKey) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }
  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// The keys of records, in order. Records made alike share one layout, whose number is what inline caches compare; a record
/// that grows past `sharedLimit` keys has a layout of its own, numbered 0, that grows with it.
package final class Layout {
  static let sharedLimit = 24

  package private(set) var keys: [FieldKey]
  private var positions: [FieldKey: Int]
  let id: UInt32
  private var extensions: [FieldKey: Layout] = [:]

  private init(keys: [FieldKey], id: UInt32) {
    self.keys = keys
    self.id = id
    positions = Dictionary(minimumCapacity: keys.count)
    for (position, key) in keys.enumerated() { positions[key] = position }
  }

  /// The number of the next layout.
  private static let growing = Mutex<UInt32>(1)
  nonisolated(unsafe) package static let empty = Layout(keys: [], id: 0xffff_ffff)

  package var count: Int { keys.count }
  package func position(of key: FieldKey) -> Int? { positions[key] }
  package func position(of name: String) -> Int? { positions[FieldKey(name)] }

  /// The shared layout with these keys, which must differ from each other.
  package static func of(_ names: [String]) -> Layout {
    names.reduce(empty) { layout, name in layout.extended(by: FieldKey(name)) }
  }

  /// This layout and one more key.
  ///
  /// Machines on several threads share layouts, so the tree of them is changed by one at a time.
  func extended(by key: FieldKey) -> Layout {
    if id == 0 || keys.count >= Layout.sharedLimit {
      let own = Layout(keys: keys, id: 0)
      own.grow(by: key)
      return own
    }
    nonisolated(unsafe) var layout = self
    Layout.growing.withLock { nextID in
      if let known = extensions[key] {
        layout = known
        return
      }
      layout = Layout(keys: keys + [key], id: nextID)
      nextID &+= 1
      extensions[key] = layout
    }
    return layout
  }

  /// Adds a key in place; only to a layout of a record's own.
  func grow(by key: FieldKey) {
    positions[key] = keys.count
    keys.append(key)
  }
}

/// A record: a layout and as many items.
package final class RecordObject {
  package private(set) var layout: Layout
  private(set) var layoutID: UInt32
  package private(set) var items: Registers
  private var capacity: Int

  package init(_ layout: Layout = .empty, capacity: Int = 0) {
    self.layout = layout
    layoutID = layout.id
    self.capacity = max(layout.count, capacity, 1)
    items = .allocate(capacity: self.capacity)
    items.initialize(repeating: .none, count: layout.count)
  }

  convenience init(copying other: RecordObject) {
    self.init(other.layout)
    for index in 0..<count { items[index] = other.items[index] }
  }

  package convenience init(_ fields: KeyValuePairs<String, Value>) {
    self.init(Layout.of(fields.map(\.key)))
    for (index, field) in fields.enumerated() { items[index] = field.value }
  }

  deinit {
    Burial.bury(items, layout.count)
    items.deallocate()
  }

  package var count: Int { layout.count }

  package subscript(name: String) -> Value? {
    layout.position(of: name).map { items[$0] }
  }

  /// The slot of a key, new or old; a new one holds `none`. Only on a record held once.
  package func slot(_ key: FieldKey) -> Registers {
    if let position = layout.position(of: key) { return items + position }
    let position = count
    if position == capacity { enlarge() }
    if layoutID == 0 && isKnownUniquelyReferenced(&layout) {
      layout.grow(by: key)
    } else {
      layout = layout.extended(by: key)
      layoutID = layout.id
    }
    (items + position).initialize(to: .none)
    return items + position
  }

  package func set(_ name: String, _ value: Value) { slot(FieldKey(name)).pointee = value }

  private func enlarge() {
    let larger = max(4, capacity * 2)
    let new = Registers.allocate(capacity: larger)
    new.moveInitialize(from: items, count: count)
    items.deallocate()
    items = new
    capacity = larger
  }
}
