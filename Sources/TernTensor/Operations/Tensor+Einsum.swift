/// What is wrong with the text or the operands of an `einsum`.
package enum EinsumFault: Equatable, Sendable {
  case character(String)
  case arrows
  case brokenDots
  case operandCount(named: Int, given: Int)
  case axisCount(operand: Int, labels: String, type: String, rank: Int)
  case sizes(label: String, first: Int, other: Int, operand: Int)
  case unknownOutput(label: String)
  case outputTwice(label: String)
}

extension Tensor {
  /// Sums of products over named axes: `"ij,jk->ik"` multiplies matrices, `"ii->i"` is a diagonal, `"ij->ji"` a transpose.
  /// Labels that the result does not name are summed over; without `->` it has those that stand once, in alphabetical order.
  /// `...` are the axes left over, which broadcast from the right.
  ///
  /// It is made of sums, transposes and products, so that gradients, mapping and plans follow.
  package static func einsum(_ text: String, _ operands: [Tensor]) throws(TensorError) -> Tensor {
    let spec = try EinsumSpec(text)
    guard spec.inputs.count == operands.count else { throw .einsum(.operandCount(named: spec.inputs.count, given: operands.count), spec: text) }
    let parts = try met(operands, op: "einsum")
    let dtype = parts.first?.dtype ?? .f32
    if dtype == .bool { throw .boolArithmetic(op: "einsum") }
    var terms: [EinsumTerm] = [], names: [EinsumLabel: String] = [:], sizes: [EinsumLabel: Int] = [:]
    for (k, part) in parts.enumerated() {
      let labels = try spec.labels(of: k, part)
      try note(labels, of: part, k, text, &names, &sizes)
      terms.append(try EinsumTerm(part.unnamed, labels).withDiagonals())
    }
    let output = try spec.output(among: terms.map(\.labels))
    // An axis of size 1 under `...` beside a larger one of the same label says nothing.
    for k in terms.indices { terms[k] = try terms[k].squeezed(sizes) }
    let result = try contracted(terms, output).laid(as: output).tensor.cast(dtype)
    return result.named(AxisNames.distinct(output.map { names[$0] }))
  }

  /// Notes the size and the name of each label, which are the same wherever it stands.
  private static func note(
    _ labels: [EinsumLabel], of part: Tensor, _ k: Int, _ text: String, _ names: inout [EinsumLabel: String], _ sizes: inout [EinsumLabel: Int]
  ) throws(TensorError) {
    for (axis, label) in labels.enumerated() {
      let size = part.shape[axis], before = sizes[label] ?? size
      guard before == size || (label.isRest && (before == 1 || size == 1)) else {
        throw .einsum(.sizes(label: label.text, first: before, other: size, operand: k), spec: text)
      }
      sizes[label] = before == 1 ? size : before
      guard let name = part.axisName(axis) else { continue }
      if let other = names[label], other != name {
        throw .nameClash(op: "einsum", leftName: other, rightName: name, left: "`\(label.text)`", right: part.typeText)
      }
      names[label] = name
    }
  }

  /// Multiplies two terms at a time: of all pairs the one whose product is the smallest.
  private static func contracted(_ terms: [EinsumTerm], _ output: [EinsumLabel]) throws(TensorError) -> EinsumTerm {
    var terms = terms
    func needed(without pair: [Int]) -> Set<EinsumLabel> {
      terms.indices.reduce(into: Set(output)) { if !pair.contains($1) { $0.formUnion(terms[$1].labels) } }
    }
    while terms.count > 1 {
      var best = (cost: Double.infinity, first: 0, second: 1)
      if terms.count > 2 {
        for i in terms.indices {
          for j in terms.indices where j > i {
            let cost = terms[i].cost(with: terms[j], keeping: needed(without: [i, j]))
            if cost < best.cost { best = (cost, i, j) }
          }
        }
      }
      let kept = needed(without: [best.first, best.second])
      terms[best.first] = try terms[best.first].times(terms[best.second], keeping: kept)
      terms.remove(at: best.second)
    }
    guard let last = terms.first else { throw .emptyList(op: "einsum") }
    return try last.summed(keeping: Set(output))
  }
}

/// A letter, or the k-th axis from the right of those that `...` stands for.
private enum EinsumLabel: Hashable {
  case letter(Character), rest(Int)

  var isRest: Bool { if case .rest = self { true } else { false } }
  var text: String { if case .letter(let letter) = self { String(letter) } else { "..." } }
}

/// The text taken apart: for each operand and the result its letters, and where its `...` stands.
private struct EinsumSpec {
  struct Side { var letters: [Character] = [], dots: Int? }
  let text: String
  private(set) var inputs: [Side] = []
  private var result: Side?

  init(_ text: String) throws(TensorError) {
    self.text = text
    var side = Side(), rest = Substring(text), isResult = false
    while let character = rest.first {
      if rest.hasPrefix("->") {
        if isResult { throw .einsum(.arrows, spec: text) }
        inputs.append(side)
        (side, isResult) = (Side(), true)
        rest = rest.dropFirst(2)
        continue
      }
      if rest.hasPrefix("...") {
        if side.dots != nil { throw .einsum(.brokenDots, spec: text) }
        side.dots = side.letters.count
        rest = rest.dropFirst(3)
        continue
      }
      switch character {
      case ",":
        if isResult { throw .einsum(.character(","), spec: text) }
        inputs.append(side)
        side = Side()
      case " ": break
      case ".": throw .einsum(.brokenDots, spec: text)
      case _ where character.isLetter: side.letters.append(character)
      default: throw .einsum(.character(String(character)), spec: text)
      }
      rest = rest.dropFirst()
    }
    if isResult { result = side } else { inputs.append(side) }
  }

  /// The label of each axis of the k-th operand.
  func labels(of k: Int, _ operand: Tensor) throws(TensorError) -> [EinsumLabel] {
    let side = inputs[k], extra = operand.rank - side.letters.count
    guard extra == 0 || (extra > 0 && side.dots != nil) else {
      throw .einsum(.axisCount(operand: k, labels: String(side.letters), type: operand.typeText, rank: operand.rank), spec: text)
    }
    return side.labels(extra)
  }

  func output(among terms: [[EinsumLabel]]) throws(TensorError) -> [EinsumLabel] {
    let all = Set(terms.joined())
    let extra = all.count(where: \.isRest)
    guard let result else {
      let letters = inputs.flatMap(\.letters)
      let once = letters.filter { letter in letters.count { $0 == letter } == 1 }.sorted()
      return (0..<extra).reversed().map { .rest($0) } + once.map { .letter($0) }
    }
    for letter in result.letters {
      if !all.contains(.letter(letter)) { throw .einsum(.unknownOutput(label: String(letter)), spec: text) }
      if result.letters.count(where: { $0 == letter }) > 1 { throw .einsum(.outputTwice(label: String(letter)), spec: text) }
    }
    if result.dots != nil, !inputs.contains(where: { $0.dots != nil }) { throw .einsum(.unknownOutput(label: "..."), spec: text) }
    return result.dots == nil ? result.labels(0) : result.labels(extra)
  }
}

extension EinsumSpec.Side {
  fileprivate func labels(_ extra: Int) -> [EinsumLabel] {
    var labels: [EinsumLabel] = letters.map { .letter($0) }
    labels.insert(contentsOf: (0..<extra).reversed().map { .rest($0) }, at: dots ?? letters.count)
    return labels
  }
}

/// A tensor with a label for each axis.
private struct EinsumTerm {
  let tensor: Tensor
  let labels: [EinsumLabel]

  init(_ tensor: Tensor, _ labels: [EinsumLabel]) {
    self.tensor = tensor
    self.labels = labels
  }

  private func size(_ label: EinsumLabel) -> Int { labels.firstIndex(of: label).map { tensor.shape[$0] } ?? 1 }

  private func reshaped(_ sizes: [Int], _ labels: [EinsumLabel]) throws(TensorError) -> EinsumTerm {
    EinsumTerm(try tensor.reshaped(to: try Shape(checking: sizes)), labels)
  }

  fileprivate func laid(as order: [EinsumLabel]) throws(TensorError) -> EinsumTerm {
    EinsumTerm(try tensor.permuted(order.compactMap { labels.firstIndex(of: $0) }), order)
  }

  /// A label that stands twice keeps the elements whose positions are equal: of the two axes as one, every (n + 1)th.
  fileprivate func withDiagonals() throws(TensorError) -> EinsumTerm {
    guard let second = labels.indices.first(where: { labels[..<$0].contains(labels[$0]) }), let first = labels.firstIndex(of: labels[second])
    else { return self }
    let n = tensor.shape[first], others = labels.indices.filter { $0 != first && $0 != second }
    let front = try tensor.permuted([first, second] + others).reshaped(to: try Shape(checking: [n * n] + others.map { tensor.shape[$0] }))
    var region = Region(whole: front.shape)
    region.counts[0] = n
    region.steps[0] = n + 1
    let diagonal = n == 0 ? front : try bind(.slice, [front], .region(region))
    return try EinsumTerm(diagonal, [labels[first]] + others.map { labels[$0] }).withDiagonals()
  }

  fileprivate func squeezed(_ sizes: [EinsumLabel: Int]) throws(TensorError) -> EinsumTerm {
    let kept = labels.indices.filter { tensor.shape[$0] == sizes[labels[$0]] }
    return kept.count == labels.count ? self : try reshaped(kept.map { tensor.shape[$0] }, kept.map { labels[$0] })
  }

  fileprivate func summed(keeping kept: Set<EinsumLabel>) throws(TensorError) -> EinsumTerm {
    let gone = labels.indices.filter { !kept.contains(labels[$0]) }
    return gone.isEmpty ? self : EinsumTerm(try bind(.sum, [tensor], .axes(gone)).cast(tensor.dtype), labels.filter { kept.contains($0) })
  }

  /// The elements of the product with another.
  func cost(with other: EinsumTerm, keeping kept: Set<EinsumLabel>) -> Double {
    Set(labels + other.labels).intersection(kept).reduce(1) { $0 * Double(Swift.max(size($1), other.size($1))) }
  }

  /// The product with another, summed over the labels that nothing needs: a product of matrices for each position of what
  /// both have and keep, element by element where nothing is summed and neither has more.
  func times(_ other: EinsumTerm, keeping kept: Set<EinsumLabel>) throws(TensorError) -> EinsumTerm {
    let own = Set(labels), others = Set(other.labels)
    let a = try summed(keeping: kept.union(others)), b = try other.summed(keeping: kept.union(own))
    let both = a.labels.filter { others.contains($0) }
    let shared = both.filter { kept.contains($0) }, joined = both.filter { !kept.contains($0) }
    let left = a.labels.filter { !others.contains($0) }, right = b.labels.filter { !own.contains($0) }
    if joined.isEmpty, left.isEmpty || right.isEmpty {
      // Both sides pair from the right: what only one of them has stands in front.
      let order = left + right + shared
      let x = try a.laid(as: left + shared), y = try b.laid(as: right + shared)
      return EinsumTerm(try bind(.multiply, [x.tensor, y.tensor]), order)
    }
    let (x, turnLeft) = try a.matrices(shared, left, joined), (y, turnRight) = try b.matrices(shared, joined, right)
    let product = try Tensor.product(x, y, turnLeft: turnLeft, turnRight: turnRight)
    let order = shared + left + right
    return try EinsumTerm(product, []).reshaped(order.map { own.contains($0) ? a.size($0) : b.size($0) }, order)
  }

  /// As matrices of `rows` by `columns`, one for each position of the shared labels; read turned where that saves a copy.
  private func matrices(_ shared: [EinsumLabel], _ rows: [EinsumLabel], _ columns: [EinsumLabel]) throws(TensorError) -> (Tensor, Bool) {
    func count(_ labels: [EinsumLabel]) -> Int { labels.reduce(1) { $0 * size($1) } }
    let isTurned = labels == shared + columns + rows && labels != shared + rows + columns
    let (first, second) = isTurned ? (columns, rows) : (rows, columns)
    let laid = try laid(as: shared + first + second).tensor
    let lead = shared.isEmpty ? [] : [count(shared)]
    return (try laid.reshaped(to: try Shape(checking: lead + [count(first), count(second)])), isTurned)
  }
}
