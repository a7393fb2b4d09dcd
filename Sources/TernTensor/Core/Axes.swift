/// An axis as a script names it.
package enum AxisReference: Sendable, Equatable {
  case name(String), position(Int)
}

extension Tensor {
  package func axisName(_ axis: Int) -> String? {
    guard let axisNames, axis < axisNames.count else { return nil }
    return axisNames[axis]
  }

  /// The position of an axis.
  package func axis(_ reference: AxisReference, op: String) throws(TensorError) -> Int {
    switch reference {
    case .name(let name):
      guard let axis = axisNames?.firstIndex(of: name) else {
        throw .axisUnknown(op: op, name: name, known: (axisNames ?? []).compactMap { $0 }, type: typeText)
      }
      return axis
    case .position(let position):
      let axis = position < 0 ? position &+ rank : position
      guard axis >= 0, axis < rank else { throw .axisOutOfRange(op: op, axis: position, type: typeText, rank: rank) }
      return axis
    }
  }

  /// The positions of several axes, ascending; every axis when none is named.
  package func axes(_ references: [AxisReference]?, op: String) throws(TensorError) -> [Int] {
    guard let references else { return Array(0..<rank) }
    var axes: [Int] = []
    for reference in references {
      let axis = try axis(reference, op: op)
      if axes.contains(axis) { throw .axisTwice(op: op, axis: axis, type: typeText) }
      axes.append(axis)
    }
    return axes.sorted()
  }

  /// Where a new axis goes: 0 to rank, negative from the end.
  func place(_ position: Int, op: String) throws(TensorError) -> Int {
    let axis = position < 0 ? position &+ rank &+ 1 : position
    guard axis >= 0, axis <= rank else { throw .axisOutOfRange(op: op, axis: position, type: typeText, rank: rank) }
    return axis
  }
}

/// The names of axes: nil when none has one.
enum AxisNames {
  /// A name that would stand twice leaves both places.
  static func distinct(_ names: [String?]) -> [String?]? {
    let kept = names.map { name in name != nil && names.count { $0 == name } > 1 ? nil : name }
    return normal(kept)
  }

  static func normal(_ names: [String?]) -> [String?]? { names.contains { $0 != nil } ? names : nil }

  static func padded(_ tensor: Tensor) -> [String?] { tensor.axisNames ?? Array(repeating: nil, count: tensor.rank) }

  /// Names that meet from the right: a name merges with none and clashes with another.
  static func merge(_ op: String, _ a: Tensor, _ b: Tensor) throws(TensorError) -> [String?]? {
    if a.axisNames == nil && b.axisNames == nil { return nil }
    let left = padded(a), right = padded(b)
    var merged: [String?] = []
    for back in 1...max(left.count, right.count, 1) {
      let x = back <= left.count ? left[left.count - back] : nil
      let y = back <= right.count ? right[right.count - back] : nil
      if let x, let y, x != y { throw .nameClash(op: op, leftName: x, rightName: y, left: a.typeText, right: b.typeText) }
      merged.append(x ?? y)
    }
    return distinct(Array(merged.reversed().suffix(max(left.count, right.count))))
  }
}
