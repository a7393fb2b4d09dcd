import Glibc
import TernTensor
import TernData
import Testing
import TernTraining

extension StoredTree {
  /// The tree as text, to compare wholes; tensors by dtype, shape, names and bytes.
  fileprivate var described: [String] {
    nodes.map { node in
      guard case .tensor(let tensor) = node else { return "\(node)" }
      return "\(tensor.dtype)\(tensor.shape.array)\(tensor.axisNames ?? [])\(tensor.allBytes)"
    }
  }

  /// A model with shared kinds of everything a tree can hold.
  fileprivate static var everything: StoredTree {
    var tree = StoredTree()
    let w = tree.add(.tensor(.f32([1, 2, 3, 4, 5, 6], [2, 3], axes: ["inputs", nil])))
    let b = tree.add(.tensor(.f32([0, 0, 0])))
    let mean = tree.add(.tensor(.f64(0.25)))
    let act = tree.add(.opaque(kind: "function", ["library": "relu"]))
    let dense = tree.add(.model(name: "dense", fields: [
      ModelField("act", .constant, act), ModelField("w", .param, w), ModelField("b", .param, b),
      ModelField("mean", .state, mean),
    ]))
    let scalars = [
      TreeNode.none, .bool(true), .int(.min), .float(0.1), .float(.nan), .float(.infinity), .float(-.infinity),
      .float(-0.0), .float(2), .string("é \"x\"\n"),
    ].map { tree.add($0) }
    let list = tree.add(.list([dense] + scalars))
    let nothing = tree.add(.record([]))
    tree.add(.record([TreeField("net", list), TreeField("odd key", nothing)]))
    return tree
  }
}

@Suite("A saved tree") struct StoredTreeTests {
  @Test("comes back as it was") func roundTrip() throws {
    let folder = TemporaryFolder()
    let tree = StoredTree.everything
    try tree.save(to: folder("net"))
    #expect(try StoredTree(loading: folder("net")).described == tree.described)
    #expect(TemporaryFolder.names(in: folder("net")) == ["tensors.safetensors", "tree.json"])
    #expect(folder.names == ["net"])
  }

  @Test("reads one node a line, its tensors named by path") func document() throws {
    let folder = TemporaryFolder()
    try StoredTree.everything.save(to: folder("net"))
    #expect(Disk.text(folder("net/tree.json")) == """
      {"format":"tern-tree","version":1,"nodes":[
      {"tensor":"net.0.w","axes":["inputs",null],"xxh64":"cb9aefe4e48aa842"},
      {"tensor":"net.0.b","xxh64":"ef6eb604187a17fa"},
      {"tensor":"net.0.mean","xxh64":"c3b365b2682bd165"},
      {"opaque":"function","value":{"library":"relu"}},
      {"model":"dense","fields":{"act":{"let":3},"w":{"param":0},"b":{"param":1},"mean":{"state":2}}},
      null,
      true,
      -9223372036854775808,
      0.1,
      {"float":"nan"},
      {"float":"inf"},
      {"float":"-inf"},
      -0.0,
      2.0,
      "é \\"x\\"\\n",
      {"list":[4,5,6,7,8,9,10,11,12,13,14]},
      {"record":{}},
      {"record":{"net":15,"odd key":16}}
      ]}

      """)
  }

  @Test("may be as deep as it likes, also with a tensor at every level") func deep() throws {
    let folder = TemporaryFolder()
    var tree = StoredTree()
    var inner = tree.add(.int(7))
    for level in 0..<100_000 {
      let leaf = tree.add(level.isMultiple(of: 100) ? .tensor(.f64(Double(level))) : .none)
      inner = tree.add(.list([inner, leaf]))
    }
    try tree.save(to: folder("deep"))
    let loaded = try StoredTree(loading: folder("deep"))
    #expect(loaded.nodes.count == tree.nodes.count)
    guard case .list(let parts) = loaded.root else { throw FileError(.read, "root", code: 0) }
    #expect(parts == [199_998, 199_999])
  }

  @Test("keeps apart tensors whose paths read the same") func equalPaths() throws {
    let folder = TemporaryFolder()
    var tree = StoredTree()
    let one = tree.add(.tensor(.f64(1))), two = tree.add(.tensor(.f64(2))), three = tree.add(.tensor(.f64(3)))
    let inner = tree.add(.record([TreeField("b", one)]))
    tree.add(.record([TreeField("a", inner), TreeField("a.b", two), TreeField("__metadata__", three)]))
    try tree.save(to: folder("x"))
    #expect(try StoredTree(loading: folder("x")).described == tree.described)
  }

  @Test("can be a lone tensor or a lone number") func lone() throws {
    let folder = TemporaryFolder()
    for (name, node) in [("t", TreeNode.tensor(.f64(1))), ("n", .int(3))] {
      try StoredTree(nodes: [node]).save(to: folder(name))
      #expect(try StoredTree(loading: folder(name)).described == StoredTree(nodes: [node]).described)
    }
  }
}

@Suite("Saving a tree") struct SavingTreeTests {
  private func number(_ value: Int) -> StoredTree { StoredTree(nodes: [.int(value)]) }

  private func value(_ path: String) throws -> String { try StoredTree(loading: path).described.joined() }

  @Test("replaces an older save as a whole") func replaces() throws {
    let folder = TemporaryFolder()
    try number(1).save(to: folder("net"))
    try number(2).save(to: folder("net/"))
    #expect(try value(folder("net")) == "int(2)")
    #expect(folder.names == ["net"])
  }

  @Test("that fails leaves the older save and nothing else") func failure() throws {
    let folder = TemporaryFolder()
    try number(1).save(to: folder("net"))
    let full = FileError(.write, folder("net"), code: ENOSPC)
    #expect(throws: full) {
      try Replacement.folder(at: folder("net")) { inner throws(FileError) in
        try Replacement.writeSynced("\(inner)/tree.json") { file throws(FileError) in try file.write([1]) }
        throw full
      }
    }
    #expect(throws: TreeError.malformed(.noNodes)) { try StoredTree().save(to: folder("net")) }
    #expect(try value(folder("net")) == "int(1)")
    #expect(folder.names == ["net"])
  }

  @Test("never replaces what a save did not make") func foreign() throws {
    let folder = TemporaryFolder()
    try number(1).save(to: folder("net"))
    Disk.write("mine", to: folder("net/notes.md"))
    #expect(throws: TreeError.foreignContents(path: folder("net"), names: ["notes.md"])) {
      try number(2).save(to: folder("net"))
    }
    Disk.write("mine", to: folder("file"))
    #expect(throws: TreeError.foreignContents(path: folder("file"), names: [])) { try number(2).save(to: folder("file")) }
    #expect(Disk.text(folder("file")) == "mine")
    #expect(try value(folder("net")) == "int(1)")
  }

  @Test("fills an empty folder, and follows a link") func places() throws {
    let folder = TemporaryFolder()
    #expect(mkdir(folder("real"), 0o755) == 0)
    #expect(symlink("real", folder("latest")) == 0)
    try number(1).save(to: folder("latest"))
    #expect(try value(folder("real")) == "int(1)")
    try number(2).save(to: folder("latest"))
    #expect(try value(folder("real")) == "int(2)")
    #expect(folder.names == ["latest", "real"])
  }

  @Test("refuses an opaque value that could not be read again") func opaque() throws {
    let folder = TemporaryFolder()
    func tree(_ value: JSONValue) -> StoredTree { StoredTree(nodes: [.opaque(kind: "recipe", value)]) }
    func nested(_ depth: Int) -> JSONValue { (0..<depth).reduce(.null) { value, _ in .array([value]) } }
    try tree(nested(253)).save(to: folder("x"))
    #expect(throws: Never.self) { try StoredTree(loading: folder("x")) }
    for value in [nested(254), ["a": 1, "a": 2]] as [JSONValue] {
      #expect(throws: TreeError.malformed(.badNode(node: 0))) { try tree(value).save(to: folder("x")) }
    }
  }

  @Test("to no place at all is an error", arguments: ["", "/", "///", "a\0b"])
  func noPlace(_ path: String) { #expect(throws: TreeError.self) { try number(1).save(to: path) } }

  @Test("says which folder is missing") func missing() {
    let folder = TemporaryFolder()
    let error = #expect(throws: TreeError.self) { try number(1).save(to: folder("no/net")) }
    guard case .file(let file) = error else {
      Issue.record("another error")
      return
    }
    #expect(file.isMissing && file.path.hasPrefix(folder("no")))
  }

  @Test("refuses what is no tree", arguments: [
    ([.list([1]), .none], .partOutOfPlace(node: 0, part: 1)), ([.list([0])], .partOutOfPlace(node: 0, part: 0)),
    ([.none, .list([0, 0])], .partTwice(node: 1, part: 0)), ([.none, .none], .looseNode(node: 0)),
    ([.none, .list([-1, 0])], .partOutOfPlace(node: 1, part: -1)),
    ([.none, .none, .record([TreeField("a", 0), TreeField("a", 1)])], .repeatedField(node: 2, name: "a")),
  ] as [(MalformedNodes, TreeDamage)])
  func malformed(_ nodes: MalformedNodes, _ damage: TreeDamage) {
    let folder = TemporaryFolder()
    #expect(throws: TreeError.malformed(damage)) { try StoredTree(nodes: nodes.nodes).save(to: folder("x")) }
  }
}

/// Nodes without tensors, fit to be a test's argument.
struct MalformedNodes: ExpressibleByArrayLiteral, Sendable {
  enum Node: Sendable { case none, list([Int]), record([TreeField]) }
  private let plain: [Node]

  init(arrayLiteral nodes: Node...) { plain = nodes }

  var nodes: [TreeNode] {
    plain.map { node in
      switch node {
      case .none: .none
      case .list(let parts): .list(parts)
      case .record(let fields): .record(fields)
      }
    }
  }
}

@Suite("Loading a tree") struct LoadingTreeTests {
  /// The error of loading this document beside one tensor named `t`, an f32[2].
  private func error(_ document: String) -> TreeDamage? {
    let folder = TemporaryFolder()
    mkdir(folder("x"), 0o755)
    Disk.write(document, to: folder("x/tree.json"))
    try? SafetensorsFile.write([NamedTensor("t", .f32([1, 2]))], to: folder("x/tensors.safetensors"))
    do {
      _ = try StoredTree(loading: folder("x"))
      return nil
    } catch .damaged(let path, let damage) {
      #expect(path == folder("x/tree.json"))
      return damage
    } catch {
      Issue.record(error)
      return nil
    }
  }

  private func nodes(_ nodes: String) -> TreeDamage? {
    error(#"{"format":"tern-tree","version":1,"nodes":[\#(nodes)]}"#)
  }

  @Test("refuses a damaged document") func damaged() {
    #expect(nodes(#"{"tensor":"t"}"#) == nil)
    #expect(error("{") == .badJSON(JSONError(reason: .unexpectedEnd, offset: 1)))
    #expect(error(#"{"format":"tern-tree","version":0,"nodes":[]}"#) == .badField(name: "version"))
    #expect(error(#"{"format":"tern-tree","version":1}"#) == .badField(name: "nodes"))
    #expect(nodes("") == .noNodes)
    #expect(nodes(#"{"tensor":"u"}"#) == .noSuchTensor(node: 0, name: "u"))
    #expect(nodes(#"{"tensor":"t"},{"tensor":"t"}"#) == .tensorTwice(node: 1, name: "t"))
    #expect(nodes("1") == .unusedTensor(name: "t"))
    #expect(nodes(#"{"tensor":"t","axes":["a","b"]}"#) == .badAxisNames(node: 0, tensor: "t"))
    #expect(nodes(#"{"tensor":"t"},{"list":[0,5]}"#) == .partOutOfPlace(node: 1, part: 5))
  }

  @Test("refuses what is no node", arguments: [
    "[]", "{}", #"{"tensor":1}"#, #"{"tensor":"t","axes":[null]}"#, #"{"tensor":"t","axes":[1]}"#, #"{"float":"1"}"#,
    #"{"list":[1.5]}"#, #"{"list":[],"more":1}"#, #"{"record":{"a":"b"}}"#, #"{"model":"m"}"#,
    #"{"model":"m","fields":{"w":{"weight":0}}}"#, #"{"model":"m","fields":{"w":{}}}"#, #"{"opaque":"k"}"#,
    #"{"float":"nan","a":1,"b":2}"#,
  ])
  func notANode(_ node: String) { #expect(nodes(node) == .badNode(node: 0)) }

  @Test("notices one changed bit in a tensor") func changedBit() throws {
    let folder = TemporaryFolder()
    try StoredTree(nodes: [.tensor(.f32([1, 2, 3]))]).save(to: folder("x"))
    let path = folder("x/tensors.safetensors")
    var bytes = Disk.read(path)
    bytes[bytes.count - 2] ^= 1
    Disk.write(bytes, to: path)
    #expect(throws: TreeError.damaged(path: folder("x/tree.json"), .changedTensor(name: "value"))) {
      try StoredTree(loading: folder("x"))
    }
  }

  @Test("tells other folders and later versions") func others() {
    let folder = TemporaryFolder()
    #expect(throws: TreeError.notASavedTree(path: folder.path)) { try StoredTree(loading: folder.path) }
    let error = #expect(throws: TreeError.self) { try StoredTree(loading: folder("none")) }
    guard case .file = error else {
      Issue.record("another error")
      return
    }
    Disk.write(#"{"format":"tern-tree","version":2,"shape":"new"}"#, to: folder("tree.json"))
    #expect(throws: TreeError.newerVersion(path: folder("tree.json"), found: 2, supported: 1)) {
      try StoredTree(loading: folder.path)
    }
    Disk.write(#"{"name":"a web page"}"#, to: folder("tree.json"))
    #expect(throws: TreeError.notASavedTree(path: folder.path)) { try StoredTree(loading: folder.path) }
  }

  @Test("does not follow a link out of the folder") func links() throws {
    let folder = TemporaryFolder()
    try StoredTree(nodes: [.int(1)]).save(to: folder("a"))
    try StoredTree(nodes: [.int(1)]).save(to: folder("b"))
    unlink(folder("b/tensors.safetensors"))
    symlink(folder("a/tensors.safetensors"), folder("b/tensors.safetensors"))
    #expect(throws: TreeError.tensors(.file(FileError(.open, folder("b/tensors.safetensors"), code: ELOOP)))) {
      try StoredTree(loading: folder("b"))
    }
  }

  @Test("of any bytes gives an answer") func fuzz() throws {
    let folder = TemporaryFolder()
    try StoredTree.everything.save(to: folder("x"))
    let seed = Disk.read(folder("x/tree.json"))
    var generator = SeededGenerator(seed: 3)
    var sound = 0
    for _ in 0..<2_000 {
      Disk.write(generator.mutated(seed), to: folder("x/tree.json"))
      guard let tree = try? StoredTree(loading: folder("x")) else { continue }
      sound += 1
      try tree.save(to: folder("y"))
    }
    #expect(sound > 20)
  }
}

@Suite("XXH64") struct XXH64Tests {
  @Test("is the reference's", arguments: [
    (0, 0xef46_db37_51d8_e999), (1, 0x8a41_2781_1b21_e730), (3, 0xb6e6_c910_c2fd_373a), (4, 0x22ed_a2cf_6af4_c124),
    (8, 0xc6f1_803a_5e0b_3222), (31, 0x6ab1_c40e_29f5_0073), (32, 0x5a07_56fb_e9ec_d3d1), (33, 0xdc50_cdc3_7bb9_c183),
    (100, 0xd248_bfc5_208b_0b16), (1000, 0x6be0_3acb_f959_c413),
  ] as [(Int, UInt64)])
  func vectors(_ count: Int, _ expected: UInt64) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + 1) }
    #expect(bytes.withUnsafeBytes(XXH64.hash) == expected)
  }
}
