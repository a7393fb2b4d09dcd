import CTernKernels

/// An n-dimensional array of one dtype, row-major and dense. Immutable once shared: only a uniquely held tensor is ever
/// written in place.
///
/// A tensor owns its memory, or borrows a part of another's and keeps that one alive (a reshape, a row): one object and one
/// block a result is what makes a small eager operation cheap. While a gradient is taken a tensor can also be a node of a
/// graph: it then has its concrete value as any other, and `lower` is what it stands for one level down.
///
/// Unchecked sendable, because nothing changes after the first reference to a tensor leaves the operation that made it,
/// except through in-place operations whose caller holds the only reference.
package final class Tensor: @unchecked Sendable {
  package let dtype: DType
  /// A script float under differentiation: no axes, and a dtype that gives way to any other.
  package let isWeak: Bool
  package let shape: Shape
  package let count: Int
  /// A name or nil for each axis; nil when no axis has one.
  package let axisNames: [String?]?
  /// The first element. Valid while the tensor lives.
  package let data: UnsafeMutableRawPointer
  /// Who keeps the memory; nil when the tensor itself does.
  private let owner: AnyObject?

  let graph: Graph?
  let node: Int32
  let lower: Tensor?

  /// A new tensor whose elements are not set yet.
  init(_ type: TensorType) throws(TensorError) {
    count = type.shape.count
    let bytes = count &* type.dtype.size
    guard let memory = tern_alloc(bytes) else { throw MemoryBudget.refusal(of: bytes) }
    data = memory
    dtype = type.dtype
    isWeak = type.isWeak
    shape = type.shape
    axisNames = type.axisNames
    owner = nil
    graph = nil
    node = 0
    lower = nil
  }

  /// A new tensor of another's dtype and shape, not set yet: what the short ways make.
  init(like other: Tensor) throws(TensorError) {
    count = other.count
    let bytes = other.count &* other.dtype.size
    guard let memory = tern_alloc(bytes) else { throw MemoryBudget.refusal(of: bytes) }
    data = memory
    dtype = other.dtype
    isWeak = false
    shape = other.shape
    axisNames = nil
    owner = nil
    graph = nil
    node = 0
    lower = nil
  }

  /// The same elements, or a dense part of them, seen as another type.
  init(viewing other: Tensor, offset: Int = 0, as type: TensorType) {
    count = type.shape.count
    data = other.data + offset
    dtype = type.dtype
    isWeak = type.isWeak
    shape = type.shape
    axisNames = type.axisNames
    owner = other.owner ?? other
    graph = nil
    node = 0
    lower = nil
  }

  /// A node of a graph, with the value it has one level down.
  init(lifting lower: Tensor, graph: Graph?, node: Int32, axisNames: [String?]?) {
    count = lower.count
    data = lower.data
    dtype = lower.dtype
    isWeak = lower.isWeak
    shape = lower.shape
    self.axisNames = axisNames
    owner = lower.owner ?? lower
    self.graph = graph
    self.node = node
    self.lower = lower
  }

  /// What is known of a result before it is computed: no elements.
  package init(unknown type: TensorType) {
    count = type.shape.count
    data = tern_nothing()
    dtype = type.dtype
    isWeak = type.isWeak
    shape = type.shape
    axisNames = type.axisNames
    owner = Tensor.nobody
    graph = nil
    node = 0
    lower = nil
  }

  /// A node of a level that maps over a further first axis, which only `lower` has.
  init(mapping lower: Tensor, graph: Graph, node: Int32, as type: TensorType) {
    count = type.shape.count
    data = tern_nothing()
    dtype = type.dtype
    isWeak = type.isWeak
    shape = type.shape
    axisNames = type.axisNames
    owner = Tensor.nobody
    self.graph = graph
    self.node = node
    self.lower = lower
  }

  private final class Nobody: Sendable {}
  private static let nobody = Nobody()

  /// Has it no elements to look at, because it is computed later or stands for several?
  package var isUnknown: Bool { data == tern_nothing() }

  /// Elements in memory that something else made: a mapped file, a decoded buffer.
  package init(storage: Storage, offset: Int = 0, dtype: DType, shape: Shape, axisNames: [String?]? = nil) {
    count = shape.count
    data = storage.pointer + offset
    self.dtype = dtype
    isWeak = false
    self.shape = shape
    self.axisNames = axisNames
    owner = storage
    graph = nil
    node = 0
    lower = nil
  }

  deinit {
    if owner == nil { tern_free(data, count &* dtype.size) }
  }

  package var rank: Int { shape.rank }
  package var byteCount: Int { count * dtype.size }
  package var type: TensorType { TensorType(dtype: dtype, shape: shape, axisNames: axisNames, isWeak: isWeak) }

  /// Is this a node of a level that still records?
  var isNode: Bool { graph != nil }

  /// What a trace knows of it.
  package var formType: TensorType { type }
  /// Are the dtype, the sizes and the axis names the same, and does no level record this?
  package func isFormed(as other: Tensor) -> Bool {
    guard graph == nil || recordingGraph == nil, dtype == other.dtype, isWeak == other.isWeak, shape == other.shape else { return false }
    return axisNames == nil ? other.axisNames == nil : axisNames == other.axisNames
  }

  /// Nobody else sees the memory, provided that the caller holds the only reference to the tensor.
  package var ownsMemory: Bool { owner == nil }

  /// `f32[row: 2, col: 3]`
  package var typeText: String { type.text }
}

/// The memory behind tensors that did not come from an operation.
package final class Storage: @unchecked Sendable {  // written only by whoever makes it, before a tensor sees it
  package let pointer: UnsafeMutableRawPointer
  package let byteCount: Int
  private let release: (@Sendable (UnsafeMutableRawPointer, Int) -> Void)?

  package init(byteCount: Int) {
    self.byteCount = byteCount
    pointer = .allocate(byteCount: max(byteCount, 64), alignment: 64)
    release = nil
  }

  /// Takes over memory that exists already.
  package init(adopting pointer: UnsafeMutableRawPointer, byteCount: Int, release: @escaping @Sendable (UnsafeMutableRawPointer, Int) -> Void) {
    self.pointer = pointer
    self.byteCount = byteCount
    self.release = release
  }

  deinit {
    if let release { release(pointer, byteCount) } else { pointer.deallocate() }
  }
}

/// What is known of a tensor without its elements.
package struct TensorType: Sendable, Equatable {
  package var dtype: DType
  package var shape: Shape
  package var axisNames: [String?]?
  package var isWeak: Bool

  package init(dtype: DType, shape: Shape, axisNames: [String?]? = nil, isWeak: Bool = false) {
    self.dtype = dtype
    self.shape = shape
    self.axisNames = axisNames
    self.isWeak = isWeak
  }

  package var text: String { "\(dtype.name)[\(TensorType.axesText(shape.array, axisNames))]" }

  static func axesText(_ sizes: [Int], _ names: [String?]?) -> String {
    sizes.enumerated().map { axis, size in
      if let names, axis < names.count, let name = names[axis] { "\(name): \(size)" } else { "\(size)" }
    }.joined(separator: ", ")
  }
}
