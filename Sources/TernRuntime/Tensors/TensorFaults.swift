import TernSyntax
package import TernTensor

/// What the tensor core reports as facts, in words: one sentence a case.
extension Fault {
  package convenience init(_ error: TensorError) {
    let words = TensorWords(error)
    self.init(words.code, words.message, hint: words.hint)
    notes = words.notes
    operands = words.operands
    switch error {
    case .axisUnknown(_, let name, _, _): _ = about(name)
    case .axisOutOfRange(_, let axis, _, _), .axisTwice(_, let axis, _): number = "\(axis)"
    case .negativeSize(let size): number = "\(size)"
    case .argument(_, _, let value): number = "\(value)"
    default: break
    }
  }
}

private struct TensorWords {
  var code: ErrorCode
  var message: String
  var hint: String?
  var notes: [String] = []
  var operands: [(position: Int, note: String)] = []

  private init(_ code: ErrorCode, _ message: String, hint: String? = nil, notes: [String] = [], sides: [String] = []) {
    self.code = code
    self.message = message
    self.hint = hint
    self.notes = notes
    operands = sides.enumerated().map { ($0.offset, $0.element) }
  }

  init(_ error: TensorError) {
    self = TensorWords.shapes(error) ?? TensorWords.axes(error) ?? TensorWords.indices(error) ?? TensorWords.elements(error) ?? TensorWords.matrices(error)
      ?? TensorWords(.internalFault, "\(error)")
  }

  private static func shapes(_ error: TensorError) -> TensorWords? {
    switch error {
    case .broadcast(let op, let left, let right, let axis, let leftSize, let rightSize):
      let which = axis == -1 ? "the last axis" : "axis \(axis) from the end".replacingMinus
      return TensorWords(
        .shapeMismatch, "these shapes do not line up", notes: ["`\(op)` pairs axes from the right; \(which) is \(leftSize) and \(rightSize)"],
        sides: [left, right])
    case .broadcastBothSides(let op, let left, let right):
      return TensorWords(
        .broadcastBothSides, "both sides of `\(op)` would expand", hint: "`outer(a, b)`, `expand(x, 1)`, or names for the axes say what is meant",
        notes: ["only one side may grow to the other's shape"], sides: [left, right])
    case .namedSizes(let op, let name, let left, let right, let leftSize, let rightSize):
      return TensorWords(
        .shapeMismatch, "these shapes do not line up", notes: ["`\(op)` pairs axes by name; `\(name)` is \(leftSize) and \(rightSize)"],
        sides: [left, right])
    case .nameClash(let op, let leftName, let rightName, let left, let right):
      return TensorWords(
        .axisNames, "these axis names clash", hint: "`rename` or `transpose` one side", notes: ["`\(op)` would pair `\(leftName)` with `\(rightName)`"],
        sides: [left, right])
    case .matmulSizes(let left, let right, let leftSize, let rightSize):
      return TensorWords(
        .shapeMismatch, "these shapes do not line up",
        notes: ["`@` joins the left's last axis with the right's \(right.axisCount <= 2 ? "first" : "last but one"); \(leftSize) ≠ \(rightSize)"],
        sides: [left, right])
    case .unsound(let op): return TensorWords(.damagedFile, "the graph calls `\(op)` in a way it cannot be called")
    case .unknown(let op):
      return TensorWords(
        .unknownWhileTraced, "\(op) needs numbers that are not known while this is traced",
        hint: "`where(c, a, b)` chooses element by element; `scan` and `while_loop` repeat; without `jit` and `vmap` everything is known")
    case .matmulNeedsAxes(let left, let right):
      return TensorWords(.shapeMismatch, "`@` takes tensors with axes", hint: "`*` multiplies by a number", sides: [left, right])
    case .unequalShapes(let op, let first, let other):
      return TensorWords(.shapeMismatch, "`\(op)` takes equal shapes; these are \(first) and \(other)")
    case .reshape(let type, let count, let sizes):
      return TensorWords(.badReshape, "\(type) has \(count) elements, which do not fill \(sizes)", sides: [type])
    case .negativeSize(let size): return TensorWords(.badReshape, "a size is not negative; this is \(size)")
    case .tooManyAxes(let count): return TensorWords(.tooManyAxes, "a tensor has at most \(Shape.maxRank) axes; this would have \(count)")
    case .tooLarge(let sizes): return TensorWords(.memoryLimit, "a tensor of \(sizes) is too large")
    case .emptyReduction(let op, let type): return TensorWords(.emptyInput, "`\(op)` of nothing has no value: \(type)", sides: [type])
    case .emptyList(let op): return TensorWords(.emptyInput, "`\(op)` takes at least one tensor; the list is empty")
    case .argument(let op, let what, let value): return TensorWords(.badArgument, "`\(op)` takes \(what); this is \(value)")
    case .windowTooLarge(let op, let axis, let extent, let size, let padding):
      return TensorWords(
        .shapeMismatch, "`\(op)` does not fit: its window reaches over \(extent), and the \(axis) is \(size)\(padding > 0 ? ", \(size + padding) with padding" : "")",
        hint: "a smaller window, or `padding: \"same\"`")
    case .groups(let op, let groups, let what, let count):
      return TensorWords(
        .badArgument, "`\(op)` shares \(what) out among groups; \(groups) do\(groups == 1 ? "es" : "") not divide \(count)", hint: "`groups: 1`")
    case .filterChannels(let op, let image, let filter, let channels, let groups, let found):
      let each = groups == 1 ? "\(channels)" : "\(channels) / \(groups)"
      return TensorWords(
        .shapeMismatch, "these shapes do not line up", hint: "channels stand last",
        notes: ["`\(op)` weighs \(each) channels; the filter has \(found)"], sides: [image, filter])
    case .gatherShapes(let first, let other):
      return TensorWords(.shapeMismatch, "`gather` pairs indices of equal shapes; these are \(first) and \(other)")
    default: return nil
    }
  }

  private static func axes(_ error: TensorError) -> TensorWords? {
    switch error {
    case .axisOutOfRange(let op, let axis, let type, let rank):
      let has = rank == 0 ? "no axes" : rank == 1 ? "axis 0 only" : "axes 0 to \(rank - 1)"
      return TensorWords(.badAxis, "`\(op)` asks for axis \(axis); \(type) has \(has)", sides: [type])
    case .axisUnknown(let op, let name, let known, let type):
      let near = didYouMean(name, among: known).map { "did you mean \"\($0)\"?" }
      let all = known.isEmpty ? "its axes have no names; a position such as `over: 0` does" : "its axes are \(known.joined(separator: ", "))"
      return TensorWords(.badAxis, "`\(op)` asks for axis \"\(name)\", which \(type) does not have", hint: near ?? all, sides: [type])
    case .axisTwice(let op, let axis, let type): return TensorWords(.badAxis, "`\(op)` names axis \(axis) of \(type) twice", sides: [type])
    case .axisNameCount(let names, let type, let rank):
      return TensorWords(.badAxis, "\(names) name\(names == 1 ? "" : "s") for the \(rank) axes of \(type)", sides: [type])
    case .axisNotOne(let op, let axis, let size, let type):
      return TensorWords(.badAxis, "`\(op)` drops axes of size 1; axis \(axis) of \(type) is \(size)", sides: [type])
    case .notAPermutation(let order, let type):
      return TensorWords(.badAxis, "\(order) is no order of the axes of \(type)", hint: "each axis stands once", sides: [type])
    case .needsAxes(let op, let type, let rank):
      return TensorWords(.wrongRank, "`\(op)` takes a tensor with \(rank == 1 ? "an axis" : "\(rank) axes"); this is \(type)", sides: [type])
    default: return nil
    }
  }

  private static func indices(_ error: TensorError) -> TensorWords? {
    func place(_ axis: Int, _ name: String?) -> String { name.map { "axis `\($0)`" } ?? "axis \(axis)" }
    func range(_ start: Int?, _ stop: Int?, _ inclusive: Bool, _ step: Int) -> String {
      let plain = "\(start.map(String.init) ?? "")\(inclusive ? "..=" : "..")\(stop.map(String.init) ?? "")"
      return step == 1 ? plain : "\(plain) by \(step)"
    }
    switch error {
    case .indexOutOfRange(let index, let size, let axis, let name, let type):
      return TensorWords(
        .indexOutOfRange, "index \(index) is out of range: \(place(axis, name)) of \(type) has \(Machine.positions(size))", sides: [type])
    case .rangeOutOfRange(let start, let stop, let inclusive, let step, let size, let axis, let name, let type):
      return TensorWords(
        .indexOutOfRange, "the range \(range(start, stop, inclusive, step)) goes past \(place(axis, name)) of \(type), which has \(Machine.positions(size))",
        sides: [type])
    case .rangeBackwards(let start, let stop, let inclusive, let step, _, let axis, let name, let type):
      return TensorWords(
        .badSlice, "the range \(range(start, stop, inclusive, step)) of \(place(axis, name)) ends before it begins", sides: [type])
    case .stepZero: return TensorWords(.badSlice, "a range's step is not 0")
    case .tooManyIndices(let count, let type, let rank):
      return TensorWords(.badIndex, "\(count) indices for \(type), which has \(rank) ax\(rank == 1 ? "i" : "e")s", sides: [type])
    case .restTwice: return TensorWords(.badIndex, "`...` stands once in an index")
    case .indexedTwice(let name, let type): return TensorWords(.badIndex, "axis `\(name)` of \(type) is indexed twice", sides: [type])
    case .indexByPositionAndName: return TensorWords(.badIndex, "an index goes by positions or by names, not both")
    case .twoArrays:
      return TensorWords(
        .twoArrays, "two arrays in one index read two ways", hint: "`gather(x, i, j)` pairs them; `x[i][.., j]` takes every combination")
    case .indexDType(let type):
      return TensorWords(
        .badIndex, "an index is of ints or bools; this is \(type)", hint: "a list of ints, or `tensor(…, dtype: i64)`")
    case .maskShape(let mask, let axes, let type):
      return TensorWords(.badIndex, "a mask of \(mask) does not cover axes of \(axes) in \(type)", sides: [type])
    case .place(let value, let place): return TensorWords(.shapeMismatch, "\(value) does not fit the place, which is \(place)")
    default: return nil
    }
  }

  private static func matrices(_ error: TensorError) -> TensorWords? {
    switch error {
    case .einsum(let fault, let spec): return einsum(fault, spec)
    case .notSquare(let op, let type):
      return TensorWords(.shapeMismatch, "`\(op)` takes square matrices; this is \(type)", hint: "`lstsq` and `pinv` take any", sides: [type])
    case .systemSizes(let op, let matrix, let other, let rows, let otherRows):
      return TensorWords(
        .shapeMismatch, "these shapes do not line up", notes: ["`\(op)` takes a right side with as many rows as the matrix; \(rows) ≠ \(otherRows)"],
        sides: [matrix, other])
    case .matrix(let op, let fault, let type, let matrix):
      let (what, hint) = unfit(fault)
      return TensorWords(.unfitMatrix, "`\(op)` of \(type): \(matrix.map { "matrix \($0) " } ?? "the matrix ")\(what)", hint: hint)
    case .libraryMissing(let op):
      return TensorWords(.libraryMissing, "`\(op)` needs LAPACK, which is not installed", hint: "`sudo apt install libopenblas0-openmp`")
    default: return nil
    }
  }

  private static func unfit(_ fault: MatrixFault) -> (what: String, hint: String?) {
    switch fault {
    case .singular(let place):
      ("is singular: column \(place) is a combination of those before it", "`lstsq` and `pinv` give the best there is")
    case .notDefinite(let place):
      ("is not positive definite: row \(place) of the triangle would need the root of a number below zero",
       "a covariance that rounding spoilt is helped by `a + 1e-6 * eye(n)`")
    case .notSymmetric: ("is not symmetric", "`(a + transpose(a)) / 2` is its symmetric part")
    case .notFinite: ("holds NaN or infinity", "`all(is_finite(a))` asks for it")
    case .notConverged: ("has no factors that the iteration could find", nil)
    }
  }

  private static func einsum(_ fault: EinsumFault, _ spec: String) -> TensorWords {
    let form = "a text such as \"ij,jk->ik\": letters for axes, a comma between operands, `->` before the result"
    switch fault {
    case .character(let odd): return TensorWords(.badArgument, "`\(odd)` has no meaning in \"\(spec)\"", hint: form)
    case .arrows: return TensorWords(.badArgument, "`->` stands twice in \"\(spec)\"", hint: form)
    case .brokenDots: return TensorWords(.badArgument, "the axes left over are written `...`, once an operand; this is \"\(spec)\"", hint: form)
    case .operandCount(let named, let given):
      return TensorWords(
        .badArgument, "\"\(spec)\" names \(named) operand\(named == 1 ? "" : "s"); \(given) \(given == 1 ? "is" : "are") given", hint: form)
    case .axisCount(let operand, let labels, let type, let rank):
      return TensorWords(
        .shapeMismatch, "operand \(operand) of \"\(spec)\" is \(type), with \(rank) ax\(rank == 1 ? "i" : "e")s; `\(labels)` names \(labels.count)",
        hint: "`...` stands for axes without a letter")
    case .sizes(let label, let first, let other, let operand):
      return TensorWords(.shapeMismatch, "`\(label)` of \"\(spec)\" is \(first) and, in operand \(operand), \(other)")
    case .unknownOutput(let label): return TensorWords(.badArgument, "the result of \"\(spec)\" names `\(label)`, which no operand has")
    case .outputTwice(let label): return TensorWords(.badArgument, "the result of \"\(spec)\" names `\(label)` twice")
    }
  }

  private static func elements(_ error: TensorError) -> TensorWords? {
    switch error {
    case .dtypeRefused(let op, let dtype): return TensorWords(.wrongDType, "`\(op)` does not take \(dtype.name)", hint: "`cast(x, f32)`")
    case .boolArithmetic(let op):
      return TensorWords(.wrongDType, "`\(op)` does not take two bools", hint: "`and`, `or`, `not` combine bools; `cast(x, i64)` makes ints")
    case .needsBool(let op, let dtype): return TensorWords(.needsBool, "`\(op)` takes bools; this is \(dtype.name)")
    case .needsFloat(let op, let type):
      return TensorWords(.wrongDType, "`\(op)` takes floats; this is \(type)", hint: "`cast(x, f32)`", sides: [type])
    case .silentCast(let from, let to):
      return TensorWords(.wrongDType, "a place of \(to.name) does not take \(from.name)", hint: "`cast(x, \(to.name))`")
    case .doesNotFit(let value, let dtype): return TensorWords(.doesNotFit, "\(value) does not fit \(dtype.name)")
    case .unsupported(let op, let dtype): return TensorWords(.wrongDType, "`\(op)` is not there for \(dtype.name) yet", hint: "`cast(x, f32)`")
    case .divisionByZero(let op): return TensorWords(.divisionByZero, "`\(op)` of ints by 0 has no value", hint: "`/` divides as floats")
    case .negativePower: return TensorWords(.badArgument, "an int to a negative power is no int", hint: "`cast(x, f32)` first")
    case .gradientNeedsNumber(let type):
      return TensorWords(
        .notScalarLoss, "a gradient is of one number; the function gave \(type)", hint: "`sum` or `mean` of it", sides: [type])
    case .notDifferentiable(let op): return TensorWords(.notDifferentiable, "`\(op)` has no gradient")
    case .memoryLimit(let asked, let used, let limit):
      return TensorWords(
        .memoryLimit, "\(ByteText.text(asked)) more would pass the memory limit of \(ByteText.text(limit))",
        notes: ["\(ByteText.text(used)) are in use"])
    case .notFinite(let op, let value, let type, let gradientOf):
      let place = gradientOf.map { ", in the gradient of `\($0)`" } ?? ""
      return TensorWords(.nonFinite, "`\(op)` gave \(floatText(value)) in \(type)\(place)")
    case .interrupted: return TensorWords(.interrupted, "interrupted")
    case .outOfTime: return TensorWords(.timeLimit, "the time limit is reached")
    default: return nil
    }
  }
}

/// Bytes as people read them.
package enum ByteText {
  package static func text(_ bytes: Int) -> String {
    let units: [(Int, String)] = [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")]
    for (size, unit) in units where bytes >= size {
      let tenths = bytes / (size / 10)
      return tenths % 10 == 0 || tenths >= 1000 ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
    }
    return "\(bytes) B"
  }
}

extension String {
  /// The number of axes in a type's text.
  fileprivate var axisCount: Int {
    guard let open = firstIndex(of: "[") else { return 0 }
    return self[open...].count { $0 == "," } + (hasSuffix("[]") ? 0 : 1)
  }

  fileprivate var replacingMinus: String { String(map { $0 == "-" ? " " : $0 }).split(separator: " ").joined(separator: " ") }
}
