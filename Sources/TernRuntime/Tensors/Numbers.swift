import TernSyntax
import TernTensor

/// The number of a value.
package enum Number {
  case int(Int), float(Double), bool(Bool)

  package var double: Double {
    switch self {
    case .int(let value): Double(value)
    case .float(let value): value
    case .bool(let value): value ? 1 : 0
    }
  }
}

extension Machine {
  /// THE number of a value: of an int, a float, a bool, or a tensor without axes. Code that is traced raises its error for
  /// unknowns here.
  package func number(of value: Value, _ what: String = "a number") throws(Fault) -> Number {
    if let number = try numberIfAny(value) { return number }
    throw Fault(.needsNumber, "\(what) is needed; this is \(value.description)").marking(0, value.description)
  }

  package func numberIfAny(_ value: Value) throws(Fault) -> Number? {
    switch value {
    case .int(let number): return .int(number)
    case .float(let number): return .float(number)
    case .bool(let flag): return .bool(flag)
    case .tensor(let tensor):
      try tensor.mustBeKnown()
      guard tensor.rank == 0, let scalar = tensor.scalar else { return nil }
      switch scalar {
      case .int(let number): return .int(number)
      case .float(let number): return .float(number)
      case .bool(let flag): return .bool(flag)
      }
    default: return nil
    }
  }

  package func integer(_ value: Value, _ what: String = "an int") throws(Fault) -> Int {
    switch try number(of: value, what) {
    case .int(let number): return number
    case .float:
      throw Fault(.needsNumber, "\(what) is needed; this is a float", hint: "`int(x)` drops the fraction").marking(0, "a float")
    case .bool: throw Fault(.needsNumber, "\(what) is needed; this is a bool").marking(0, "a bool")
    }
  }

  package func double(_ value: Value, _ what: String = "a number") throws(Fault) -> Double {
    switch try number(of: value, what) {
    case .int(let number): return Double(number)
    case .float(let number): return number
    case .bool: throw Fault(.needsNumber, "\(what) is needed; this is a bool")
    }
  }

  /// What `for` goes through, as a list.
  package func items(of value: Value) throws(Fault) -> ListObject {
    switch value {
    case .list(let list): return list
    case .range(let range):
      guard range.low != nil, range.high != nil else { throw openRange() }
      guard let count = range.count, count < 1 << 32 else {
        throw Fault(.memoryLimit, "a list of so many ints does not fit in memory", hint: "go through the range itself")
      }
      try tensorCall { () throws(TensorError) in
        try MemoryBudget.charge(count * 16)
        MemoryBudget.refund(count * 16)
      }
      try Room.checkResident(count * 16, "a list of \(count) ints")
      let list = ListObject(capacity: count)
      for position in 0..<count { list.append(.int(range.item(position))) }
      return list
    case .string(let text):
      // Each code point becomes a string of its own.
      try Room.checkResident(text.count * 64, "a list of \(text.count) code points")
      return ListObject(text.text.unicodeScalars.map { Value.string(String(Character($0))) })
    case .tensor(let tensor) where tensor.rank > 0:
      try Room.checkResident(tensor.shape[0] * 256, "a list of \(tensor.shape[0]) rows")
      let list = ListObject(capacity: tensor.shape[0])
      for position in 0..<tensor.shape[0] {
        list.append(.tensor(try tensorCall { () throws(TensorError) in try tensor.row(position) }))
      }
      return list
    case .foreign(let foreign):
      try foreign.value.prepare()
      if let count = foreign.value.count {
        let list = try ListObject.withRoom(for: count)
        for position in 0..<count { list.append(try foreign.value.item(position)) }
        return list
      }
    default: break
    }
    throw notIterable(value)
  }

  func openRange() -> Fault { Fault(.infiniteRange, "a range with an open end has no items to go through") }

  func notIterable(_ value: Value) -> Fault {
    var hint: String?
    if case .record = value { hint = "`items(r)` gives its pairs, `keys(r)` its keys" }
    if case .int = value { hint = "`0..n` goes through the ints below n" }
    return Fault(.notIterable, "\(value.description) has no items to go through", hint: hint).marking(0, value.description)
  }
}

extension Tensor {
  /// Refuses a tensor whose elements are not known while code is traced or mapped.
  package func mustBeKnown(_ what: String = "this") throws(Fault) {
    if isUnknown { throw Fault(TensorError.unknown(op: what)).marking(Fault.whole, typeText) }
  }
}
