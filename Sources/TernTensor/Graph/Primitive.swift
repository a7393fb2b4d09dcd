import CTernKernels

/// One operation of the core: everything that eager work, recording, tracing, passes, help and the conformance test read.
package final class Primitive: Sendable {
  package typealias Rule = @Sendable (_ operands: [Tensor], _ attributes: Attributes) throws(TensorError) -> TensorType
  package typealias NameRule = @Sendable (_ operands: [Tensor], _ attributes: Attributes) throws(TensorError) -> [String?]?
  package typealias Kernel = @Sendable (_ operands: [Tensor], _ attributes: Attributes, _ out: Tensor) throws(TensorError) -> Void
  typealias Native = @Sendable (_ call: NativeCall) -> [tern_step]?
  package typealias Gradient = @Sendable (_ step: GradientStep) throws(TensorError) -> [Tensor?]

  package let name: String
  /// One sentence of documentation.
  package let summary: String
  /// The dtype and shape of the result, or the error of the operands.
  package let rule: Rule
  /// The result's axis names; asked only when an operand has some.
  package let names: NameRule
  /// Computes into a tensor of the result's type whose elements are not set yet.
  package let kernel: Kernel
  /// The gradient by each operand, written in primitives; nil when the result does not vary smoothly with any.
  package let gradient: Gradient?
  package let batching: BatchingRule
  package let alias: AliasRule
  package let cost: CostRule
  /// The element-by-element function, when there is one: such primitives fuse.
  let elementwise: ElementwiseCode?
  /// How elements along the axes of the attributes are combined, when they are.
  let fold: tern_fold?
  /// The same as steps of a plan; nil where a plan calls the kernel.
  let native: Native?
  /// Does the kernel refuse some values, such as a position out of range?
  let refuses: Bool
  /// Does the kernel take f16 and bf16 as they are? Of others they are storage: widened to f32, and the result rounded.
  let takesHalves: Bool
  /// What the conformance test feeds it.
  package let domain: Domain

  init(
    _ name: String, _ summary: String, rule: @escaping Rule, names: @escaping NameRule = { (_, _) throws(TensorError) in nil },
    kernel: @escaping Kernel, gradient: Gradient? = nil, batching: BatchingRule, alias: AliasRule = .none, cost: CostRule = .elements(1),
    elementwise: ElementwiseCode? = nil, fold: tern_fold? = nil, native: Native? = nil, refuses: Bool = false, takesHalves: Bool = false, domain: Domain
  ) {
    self.name = name
    self.summary = summary
    self.rule = rule
    self.names = names
    self.kernel = kernel
    self.gradient = gradient
    self.batching = batching
    self.alias = alias
    self.cost = cost
    self.elementwise = elementwise
    self.fold = fold
    self.native = native
    self.refuses = refuses
    self.takesHalves = takesHalves
    self.domain = domain
  }
}

/// What a primitive is told besides its operands.
package enum Attributes: Sendable, Hashable {
  case none
  /// Elementwise operands that were paired by name: both may expand, and these are the result's names.
  case paired([String?])
  case axes([Int])
  case axis(Int)
  /// Along an axis, from its end or not.
  case scan(axis: Int, backwards: Bool)
  case shape(Shape)
  case permutation([Int])
  case dtype(DType)
  case region(Region)
  /// A region of a tensor of that shape.
  case place(Region, of: Shape)
  case epsilon(Double)
  case product(turnLeft: Bool, turnRight: Bool)
  /// The same of halves, whose result is f32.
  case wideProduct(turnLeft: Bool, turnRight: Bool)
  /// A system of equations, of the matrix or its transpose; of a triangle only that is read.
  case system(turned: Bool)
  case triangle(upper: Bool, turned: Bool)
  /// Positions on an axis of that size, with what an error says of it.
  case positions(size: Int, axis: Int, name: String?, type: String)
  /// What is drawn for each key.
  case draw(Draw)
  case window(Window)
}

/// A tensor of chance: what it looks like, and the integers it is drawn from.
package struct Draw: Sendable, Hashable {
  package enum Kind: Sendable, Hashable { case uniform, normal, integers(from: Int, to: Int), permutation }
  package var kind: Kind
  package var dtype: DType
  package var shape: Shape
}

/// How a primitive is mapped over a further axis of its operands.
package enum BatchingRule: Sendable {
  /// The axis goes in front and operands without it broadcast.
  case elementwise
  /// The axis goes in front and the axes of the attributes move one to the right.
  case shiftAxes
  /// The axis joins the leading axes.
  case leading
  /// One call for each position.
  case loop
  /// The axis joins the images of a batch; where filters differ, the channels, which then are that many more groups.
  case windows
}

/// Whose memory a result may take.
package enum AliasRule: Sendable {
  case none
  /// The result is a view of the first operand, from an element on; nil where its elements are no neighbours.
  case view(@Sendable (_ operand: Tensor, _ attributes: Attributes) -> Int?)
  /// The result may be written over an operand of equal size.
  case inPlace
}

package enum CostRule: Sendable {
  case nothing
  /// Operations an element of the largest operand.
  case elements(Int)
  case product
  case window
}

enum ElementwiseCode: Sendable, Equatable {
  case map(tern_unary), zip(tern_binary), choose

  static func == (a: ElementwiseCode, b: ElementwiseCode) -> Bool {
    switch (a, b) {
    case (.map(let x), .map(let y)): x.rawValue == y.rawValue
    case (.zip(let x), .zip(let y)): x.rawValue == y.rawValue
    case (.choose, .choose): true
    default: false
    }
  }
}

/// Operands and attributes on which the conformance test tries a primitive.
package struct Domain: Sendable {
  /// How an operand is filled.
  package enum Fill: Sendable {
    case reals(ClosedRange<Double>)
    /// Distinct values, so that a maximum has no ties and a small step changes no order.
    case spread(ClosedRange<Double>)
    case bools
    case positions(below: Int)
    /// Matrices far from singular; symmetric ones; symmetric ones whose eigenvalues are positive.
    case matrices, symmetric, definite
  }
  package struct Case: Sendable {
    package var operands: [(shape: [Int], fill: Fill)]
    package var attributes: Attributes
  }
  package var cases: [Case]
  /// Is the second derivative worth a test?
  package var isSmooth: Bool

  package init(_ cases: [Case], smooth: Bool = true) {
    self.cases = cases
    isSmooth = smooth
  }

  /// One case.
  static func of(_ operands: (shape: [Int], fill: Fill)..., attributes: Attributes = .none, smooth: Bool = true) -> Domain {
    Domain([Case(operands: operands, attributes: attributes)], smooth: smooth)
  }

  func or(_ operands: (shape: [Int], fill: Fill)..., attributes: Attributes = .none) -> Domain {
    Domain(cases + [Case(operands: operands, attributes: attributes)], smooth: isSmooth)
  }
}

/// What a gradient rule sees: one recorded call, one level down, and the gradient of its result.
package struct GradientStep {
  package let operands: [Tensor]
  package let result: Tensor
  package let attributes: Attributes
  /// The gradient of the function's value by the result.
  package let dy: Tensor
  /// Which operands lead back to an input: the others need no gradient.
  package let wanted: [Bool]

  var x: Tensor { operands[0] }
  var y: Tensor { result }
  var a: Tensor { operands[0] }
  var b: Tensor { operands[1] }

  /// Both gradients of a binary elementwise primitive, each only if wanted and summed back to its operand's shape.
  func both(
    _ left: () throws(TensorError) -> Tensor, _ right: () throws(TensorError) -> Tensor
  ) throws(TensorError) -> [Tensor?] {
    var out: [Tensor?] = [nil, nil]
    if wanted[0] { out[0] = try left().summed(to: a.shape) }
    if wanted[1] { out[1] = try right().summed(to: b.shape) }
    return out
  }
}

/// Applies a primitive: the one way to compute.
///
/// An operand is data or a node of a numbered level. The highest level among the operands handles the call: it applies the
/// primitive one level down, by this same function, and records it. Without any level the kernel runs.
package func bind(_ primitive: Primitive, _ operands: [Tensor], _ attributes: Attributes = .none) throws(TensorError) -> Tensor {
  if !primitive.takesHalves {
    for operand in operands where operand.dtype.isHalf { return try bindWidened(primitive, operands, attributes) }
  }
  if let graph = highestLevel(operands) { return try graph.record(primitive, operands, attributes) }
  let type = try primitive.type(of: operands, attributes)
  for operand in operands where operand.isUnknown { throw .unknown(op: primitive.name) }
  if case .view(let offset) = primitive.alias, let first = offset(operands[0], attributes) {
    return Tensor(viewing: operands[0], offset: first * type.dtype.size, as: type)
  }
  let out = try Tensor(type)
  try primitive.kernel(operands, attributes, out)
  if FiniteWatch.isOn { try FiniteWatch.check(primitive.name, operands, out) }
  return out
}

/// Half precision is for storage: an operation works on f32 and rounds its result once. That is three calls, so that each
/// level records them: gradients are rounded like values, and a plan computes what eager code does.
private func bindWidened(_ primitive: Primitive, _ operands: [Tensor], _ attributes: Attributes) throws(TensorError) -> Tensor {
  var half = DType.f32, wide: [Tensor] = []
  for operand in operands {
    if operand.dtype.isHalf { half = operand.dtype }
    wide.append(operand.dtype.isHalf ? try bind(.cast, [operand], .dtype(.f32)) : operand)
  }
  let out = try bind(primitive, wide, attributes)
  return out.dtype == .f32 ? try bind(.cast, [out], .dtype(half)) : out
}

extension Primitive {
  /// What the result is, axis names included.
  func type(of operands: [Tensor], _ attributes: Attributes) throws(TensorError) -> TensorType {
    var type = try rule(operands, attributes)
    if case .paired(let names) = attributes { type.axisNames = AxisNames.normal(names) }
    else if operands.contains(where: { $0.axisNames != nil }) { type.axisNames = try names(operands, attributes) }
    return type
  }
}

/// The level that handles a call: of those that still record, the one begun last.
private func highestLevel(_ operands: [Tensor]) -> Graph? {
  var highest: Graph?
  for operand in operands {
    guard let graph = operand.recordingGraph else { continue }
    if graph.level > highest?.level ?? 0 { highest = graph }
  }
  return highest
}
