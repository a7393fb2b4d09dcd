/// What can go wrong with tensors, as facts: the runtime turns each case into one sentence.
///
/// `op` is the operation as a script spells it (`+`, `@`, `concat`); a type text reads `f32[row: 2, col: 3]`.
package enum TensorError: Error, Equatable, Sendable {
  // Shapes that meet
  /// An axis is `leftSize` on the left and `rightSize` on the right; `axis` counts from the end (-1 is the last).
  case broadcast(op: String, left: String, right: String, axis: Int, leftSize: Int, rightSize: Int)
  case broadcastBothSides(op: String, left: String, right: String)
  case namedSizes(op: String, name: String, left: String, right: String, leftSize: Int, rightSize: Int)
  case nameClash(op: String, leftName: String, rightName: String, left: String, right: String)
  /// `@` joins the left's last axis with the right's last but one.
  case matmulSizes(left: String, right: String, leftSize: Int, rightSize: Int)
  case matmulNeedsAxes(left: String, right: String)
  case unequalShapes(op: String, first: String, other: String)

  // Windows
  /// A window reaches over `extent` places of an axis that has `size`, or `size + padding` with its padding.
  case windowTooLarge(op: String, axis: String, extent: Int, size: Int, padding: Int)
  case groups(op: String, groups: Int, what: String, count: Int)
  case filterChannels(op: String, image: String, filter: String, channels: Int, groups: Int, found: Int)

  // Axes
  case axisOutOfRange(op: String, axis: Int, type: String, rank: Int)
  case axisUnknown(op: String, name: String, known: [String], type: String)
  case axisTwice(op: String, axis: Int, type: String)
  case axisNameCount(names: Int, type: String, rank: Int)
  case axisNotOne(op: String, axis: Int, size: Int, type: String)
  case notAPermutation(order: [Int], type: String)
  case needsAxes(op: String, type: String, rank: Int)

  /// A call that was read from a file is none of that operation's.
  case unsound(op: String)

  /// An operation asked for elements that are not there while code is traced or mapped.
  case unknown(op: String)

  /// Of numbers that were finite an operation made one that is not, while that was watched.
  case notFinite(op: String, value: Double, type: String, gradientOf: String?)

  // Sizes
  case reshape(type: String, count: Int, to: [Int])
  case negativeSize(Int)
  case tooManyAxes(Int)
  case tooLarge([Int])
  case emptyReduction(op: String, type: String)
  case emptyList(op: String)
  case argument(op: String, what: String, value: Int)

  // Indices
  case indexOutOfRange(index: Int, size: Int, axis: Int, name: String?, type: String)
  case rangeOutOfRange(start: Int?, stop: Int?, inclusive: Bool, step: Int, size: Int, axis: Int, name: String?, type: String)
  case rangeBackwards(start: Int?, stop: Int?, inclusive: Bool, step: Int, size: Int, axis: Int, name: String?, type: String)
  case stepZero
  case tooManyIndices(count: Int, type: String, rank: Int)
  case restTwice
  case indexedTwice(name: String, type: String)
  case indexByPositionAndName
  case twoArrays
  case indexDType(type: String)
  case maskShape(mask: [Int], axes: [Int], type: String)
  case place(value: String, place: [Int])
  case gatherShapes(first: String, other: String)

  // Element types
  case dtypeRefused(op: String, dtype: DType)
  case boolArithmetic(op: String)
  case needsBool(op: String, dtype: DType)
  case needsFloat(op: String, type: String)
  /// A tensor of one dtype into a place of another.
  case silentCast(from: DType, to: DType)
  /// A script number, or an element of a cast, that the dtype cannot hold.
  case doesNotFit(value: String, dtype: DType)
  case unsupported(op: String, dtype: DType)

  // Numbers
  case divisionByZero(op: String)
  case negativePower

  // Gradients
  case gradientNeedsNumber(type: String)
  case notDifferentiable(op: String)

  // Matrices; `matrix` is its place among the leading axes, nil when there are none
  case einsum(EinsumFault, spec: String)
  case notSquare(op: String, type: String)
  case systemSizes(op: String, matrix: String, other: String, rows: Int, otherRows: Int)
  case matrix(op: String, MatrixFault, type: String, matrix: Int?)
  case libraryMissing(op: String)

  // The machine
  case memoryLimit(asked: Int, used: Int, limit: Int)
  case interrupted
  /// The deadline of this thread is over.
  case outOfTime
}

/// Why a matrix cannot be solved, inverted or factored; `place` counts its columns.
package enum MatrixFault: Equatable, Sendable {
  case singular(place: Int), notDefinite(place: Int), notSymmetric, notFinite, notConverged
}

extension TensorError {
  /// Does it come from outside of the numbers: an interrupt, no time or no memory left?
  package var endsRuns: Bool {
    switch self {
    case .interrupted, .outOfTime, .memoryLimit: true
    default: false
    }
  }
}
