package import TernSyntax
import TernTensor

extension Fault {
  static func overflow(_ operation: String, _ a: Int, _ b: Int) -> Fault {
    Fault(
      .integerOverflow, "\(a) \(operation) \(b) does not fit a 64-bit int",
      hint: "`float(x)` first, if a rounded result will do")
  }

  /// Operands that an operator does not take.
  static func badOperands(_ operation: String, _ a: Value, _ b: Value, hint: String? = nil) -> Fault {
    Fault(.badOperands, "`\(operation)` does not take \(a.description) and \(b.description)", hint: hint)
      .marking(0, a.description).marking(1, b.description)
  }
}

extension Machine {
  // MARK: Arithmetic

  /// An operator on whatever the fast paths leave. The result goes to `target`; operands that may be consumed are released,
  /// or their storage becomes the result's.
  @inline(never)
  func arithmetic(_ operation: BinaryOperator, _ flags: UInt8, _ target: Registers, _ left: Registers, _ right: Registers)
    throws(Fault)
  {
    if let a = left.asDouble, let b = right.asDouble {
      if left.tag == Tag.int && right.tag == Tag.int {
        try integers(operation, target, left.asInt, right.asInt)
      } else {
        target.setFloat(Machine.floats(operation, a, b))
      }
      return
    }
    try stopIfDue()
    let ownsLeft = flags & 1 != 0 && left != right
    let ownsRight = flags & 2 != 0 && left != right
    if operation == .add && left.tag == Tag.string && right.tag == Tag.string {
      try concatenate(target, left, right, ownsLeft: ownsLeft)
    } else {
      target.pointee = try combine(operation, left, right, ownsLeft: ownsLeft, ownsRight: ownsRight)
      try Room.settle()
    }
    if flags & 1 != 0 && left != target { left.clear() }
    if flags & 2 != 0 && right != target { right.clear() }
  }

  private func integers(_ operation: BinaryOperator, _ target: Registers, _ a: Int, _ b: Int) throws(Fault) {
    if operation == .divide { return target.setFloat(Double(a) / Double(b)) }
    if operation == .matmul { throw Fault.badOperands("@", .int(a), .int(b), hint: "`*` multiplies numbers") }
    if operation == .power && b < 0 { return target.setFloat(Machine.floats(.power, Double(a), Double(b))) }
    if b == 0 && (operation == .floorDivide || operation == .remainder) {
      throw Fault(.divisionByZero, "\(a) \(operation.rawValue) 0 has no value among the ints", hint: operation == .remainder ? "is the right side meant to be 0? of floats, `1 % 0.0` is nan" : "`/` divides as floats")
        .marking(1)
    }
    guard let result = IntegerArithmetic.apply(operation, a, b) else {
      throw Fault.overflow(operation.rawValue, a, b)
    }
    target.setInt(result)
  }

  /// Appends in place where the left string has no other holder, so that a loop of appends is linear.
  private func concatenate(_ target: Registers, _ left: Registers, _ right: Registers, ownsLeft: Bool) throws(Fault) {
    let suffix = right.object(StringObject.self)
    try Room.checkResident(suffix._withUnsafeGuaranteedRef { $0.byteCount }, "this text")
    if ownsLeft && left.holdsUnique(StringObject.self) {
      left.object(StringObject.self)._withUnsafeGuaranteedRef { prefix in
        suffix._withUnsafeGuaranteedRef { prefix.append($0) }
      }
      if target != left { target.moveIn(from: left) }
      return
    }
    try Room.checkResident(left.object(StringObject.self)._withUnsafeGuaranteedRef { $0.byteCount }, "this text")
    let joined = left.object(StringObject.self)._withUnsafeGuaranteedRef { prefix in
      suffix._withUnsafeGuaranteedRef { StringObject(joining: prefix, $0) }
    }
    target.pointee = .string(joined)
  }

  static func floats(_ operation: BinaryOperator, _ a: Double, _ b: Double) -> Double {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply, .matmul: a * b
    case .divide: a / b
    case .floorDivide: FloatArithmetic.floorDivide(a, b)
    case .remainder: FloatArithmetic.remainder(a, b)
    case .power: FloatArithmetic.power(a, b)
    }
  }

  @inline(never)
  func addInt(_ flags: UInt8, _ target: Registers, _ left: Registers, _ addend: Int, isSubtraction: Bool) throws(Fault) {
    let right = scratch
    right.setInt(isSubtraction ? -addend : addend)
    try arithmetic(isSubtraction ? .subtract : .add, flags & 1, target, left, right)
  }

  @inline(never)
  func arithmetic(_ operation: BinaryOperator, _ flags: UInt8, _ target: Registers, _ left: Registers, _ right: Int) throws(Fault) {
    let slot = scratch
    slot.setInt(right)
    try arithmetic(operation, flags & 1, target, left, slot)
  }

  /// Was the `addInt` before this instruction written as a subtraction? Only for messages and kinds that tell them apart.
  func isSubtraction(_ function: Unmanaged<Closure>, _ next: Code) -> Bool {
    let prototype = function._withUnsafeGuaranteedRef { $0.prototype }
    guard case .expression(let expr) = prototype.place(at: next - prototype.info.pointee.code - 1),
      case .binary(let operation, _, _) = expr.kind
    else { return false }
    return operation == .subtract
  }

  @inline(never)
  func negate(_ flags: UInt8, _ target: Registers, _ operand: Registers) throws(Fault) {
    switch operand.pointee {
    case .int(let value):
      guard value != Int.min else { throw Fault(.integerOverflow, "-(\(value)) does not fit a 64-bit int") }
      target.setInt(-value)
    case .float(let value): target.setFloat(-value)
    case .duration(let value): target.pointee = .duration(0 &- value)
    case .tensor(let tensor): target.pointee = try .tensor(Tensors.negate(tensor))
    case .foreign(let foreign):
      guard let result = try foreign.value.operate(.negate, .none, isLeft: true) else { throw noNegative(operand.pointee) }
      target.pointee = result
    case .list, .record, .model:
      let right = scratch
      right.setInt(-1)
      target.pointee = try combine(.multiply, operand, right, ownsLeft: false, ownsRight: false)
    default: throw noNegative(operand.pointee)
    }
    if flags & 1 != 0 && operand != target { operand.clear() }
  }

  private func noNegative(_ value: Value) -> Fault {
    Fault(.badOperands, "`-` does not take \(value.description)").marking(0, value.description)
  }

  /// A binary operator on two values, for builtins.
  package func arithmetic(_ operation: BinaryOperator, _ a: Value, _ b: Value) throws(Fault) -> Value {
    let slots = scratchPair
    slots.pointee = a
    (slots + 1).pointee = b
    defer { clearAll(slots, 2) }
    let target = slots + 2
    try arithmetic(operation, 0, target, slots, slots + 1)
    return target.take()
  }

  /// Operands that are not both numbers.
  func combine(
    _ operation: BinaryOperator, _ left: Registers, _ right: Registers, ownsLeft: Bool, ownsRight: Bool
  ) throws(Fault) -> Value {
    switch (left.pointee, right.pointee) {
    case (.foreign(let foreign), let other):
      if let result = try foreign.value.operate(.arithmetic(operation), other, isLeft: true) { return result }
    case (let other, .foreign(let foreign)):
      if let result = try foreign.value.operate(.arithmetic(operation), other, isLeft: false) { return result }
    case (.tensor, _), (_, .tensor):
      return try tensorArithmetic(operation, left, right, ownsLeft: ownsLeft, ownsRight: ownsRight)
    case (.list, _), (.record, _), (.model, _), (_, .list), (_, .record), (_, .model):
      return try treeArithmetic(operation, left, right, ownsLeft: ownsLeft, ownsRight: ownsRight)
    case (.string, .string):
      break
    default:
      if let quantity = try Quantities.apply(operation, left.pointee, right.pointee) { return quantity }
    }
    throw Fault.badOperands(operation.rawValue, left.pointee, right.pointee, hint: operandHint(operation, left.pointee, right.pointee))
  }

  private func operandHint(_ operation: BinaryOperator, _ a: Value, _ b: Value) -> String? {
    switch (operation, a, b) {
    case (.add, .string, _), (.add, _, .string): "`\"{x}\"` or `str(x)` makes text of a value"
    case (_, .none, _), (_, _, .none): "one side is none: a missing value, or a function without a result"
    default: nil
    }
  }

  // MARK: Comparison

  @inline(__always)
  func compare(_ operation: CompareOperator, _ flags: UInt8, _ target: Registers, _ left: Registers, _ right: Registers)
    throws(Fault)
  {
    if left.tag | right.tag == 0 {
      target.setBool(Machine.holds(operation, left.asInt, right.asInt))
    } else {
      try compareSlowly(operation, flags, target, left, right)
    }
  }

  @inline(__always)
  static func holds<T: Comparable>(_ operation: CompareOperator, _ a: T, _ b: T) -> Bool {
    switch operation {
    case .less: a < b
    case .lessEqual: a <= b
    case .greater: a > b
    case .greaterEqual: a >= b
    case .equal, .isIn: a == b
    case .notEqual, .notIn: a != b
    }
  }

  @inline(never)
  private func compareSlowly(
    _ operation: CompareOperator, _ flags: UInt8, _ target: Registers, _ left: Registers, _ right: Registers
  ) throws(Fault) {
    if left.tag == Tag.float && right.tag == Tag.float {
      return target.setBool(Machine.holds(operation, left.asFloat, right.asFloat))
    }
    try stopIfDue()
    let result = try compare(operation, left.pointee, right.pointee)
    if flags & 1 != 0 { left.clear() }
    if flags & 2 != 0 { right.clear() }
    target.pointee = result
  }

  /// `a < b` and its like: a bool, or a tensor or column of bools where one side is one.
  package func compare(_ operation: CompareOperator, _ a: Value, _ b: Value) throws(Fault) -> Value {
    let asksEquality = operation == .equal || operation == .notEqual
    // A column has cells that may be missing.
    if asksEquality, b.isNone, case .foreign(let foreign) = a, let result = try foreign.value.operate(.compare(operation), b, isLeft: true) { return result }
    if asksEquality, a.isNone || b.isNone { return .bool((a.isNone && b.isNone) == (operation == .equal)) }
    switch (a, b) {
    case (.foreign(let foreign), _):
      if let result = try foreign.value.operate(.compare(operation), b, isLeft: true) { return result }
    case (_, .foreign(let foreign)):
      if let result = try foreign.value.operate(.compare(operation), a, isLeft: false) { return result }
    case (.tensor, _), (_, .tensor):
      if let result = try tensorComparison(operation, a, b) { return result }
    default: break
    }
    if asksEquality { return .bool(try deepEqual(a, b) == (operation == .equal)) }
    let (x, y) = operation == .less || operation == .greaterEqual ? (a, b) : (b, a)
    if case (.float(let p), _) = (a, b), p.isNaN { return .bool(false) }
    if case (_, .float(let q)) = (a, b), q.isNaN { return .bool(false) }
    do throws(Fault) {
      let isLess = try self.isLess(x, y)
      return .bool(operation == .less || operation == .greater ? isLess : !isLess)
    } catch {
      if operation == .greater || operation == .lessEqual { error.operands = error.operands.reversed().map { (1 - $0.position, $0.note) } }
      throw error
    }
  }

  /// What a jump asks.
  @inline(__always)
  func decide(_ operation: CompareOperator, _ flags: UInt8, _ left: Registers, _ right: Registers) throws(Fault) -> Bool {
    if left.tag | right.tag == 0 { return Machine.holds(operation, left.asInt, right.asInt) }
    if left.tag == Tag.float && right.tag == Tag.float { return Machine.holds(operation, left.asFloat, right.asFloat) }
    return try isTrue(operation, flags, left, right)
  }

  @inline(__always)
  func decide(_ operation: CompareOperator, _ flags: UInt8, _ left: Registers, _ right: Int) throws(Fault) -> Bool {
    if left.tag == Tag.int { return Machine.holds(operation, left.asInt, right) }
    return try isTrue(operation, flags, left, right)
  }

  @inline(never)
  func isTrue(_ operation: CompareOperator, _ flags: UInt8, _ left: Registers, _ right: Registers) throws(Fault) -> Bool {
    if let a = left.asDouble, let b = right.asDouble, left.tag != right.tag {
      return Machine.holdsMixed(operation, left, a, right, b)
    }
    if left.tag == Tag.float && right.tag == Tag.float { return Machine.holds(operation, left.asFloat, right.asFloat) }
    let result = try compare(operation, left.pointee, right.pointee)
    let answer = try truth(result)
    if flags & 1 != 0 { left.clear() }
    if flags & 2 != 0 { right.clear() }
    return answer
  }

  /// An int beside a float: exact where the int is too large for a float.
  private static func holdsMixed(
    _ operation: CompareOperator, _ left: Registers, _ a: Double, _ right: Registers, _ b: Double
  ) -> Bool {
    holds(operation, a, b)
  }

  @inline(never)
  func isTrue(_ operation: CompareOperator, _ flags: UInt8, _ left: Registers, _ right: Int) throws(Fault) -> Bool {
    if left.tag == Tag.float { return Machine.holds(operation, left.asFloat, Double(right)) }
    let slot = scratch
    slot.setInt(right)
    return try isTrue(operation, flags, left, slot)
  }

  @inline(never)
  func membership(_ flags: UInt8, _ target: Registers, _ item: Registers, _ whole: Registers, negated: Bool) throws(Fault) {
    try stopIfDue()
    let found = try contains(item.pointee, in: whole.pointee)
    if flags & 1 != 0 { item.clear() }
    if flags & 2 != 0 { whole.clear() }
    target.setBool(found != negated)
  }

  package func contains(_ item: Value, in whole: Value) throws(Fault) -> Bool {
    switch whole {
    case .list(let list):
      for candidate in list.values where try deepEqual(item, candidate) { return true }
      return false
    case .range(let range):
      switch try numberIfAny(item) {
      case .int(let value)?: return range.contains(value)
      case .float(let value)?: return Int(exactly: value).map(range.contains) ?? false
      default: return false
      }
    case .string(let text):
      guard case .string(let part) = item else {
        throw Fault(.badMembership, "`in` a str asks for a str; this is \(item.description)").marking(0, item.description)
      }
      return text.text.containsBytes(of: part.text)
    case .record(let record):
      guard case .string(let key) = item else { return false }
      return record[key.text] != nil
    case .foreign(let foreign):
      if let count = foreign.value.count {
        for position in 0..<count where try deepEqual(item, foreign.value.item(position)) { return true }
        return false
      }
    default: break
    }
    throw Fault(
      .badMembership, "`in` asks a list, range, str or record; this is \(whole.description)", hint: nil
    ).marking(1, whole.description)
  }

  // MARK: Conditions and logic

  @inline(never)
  func condition(_ slot: Registers, _ flags: UInt8) throws(Fault) -> Bool {
    let answer = try truth(slot.pointee)
    if flags & 1 != 0 { slot.clear() }
    return answer
  }

  /// The bool of a condition.
  package func truth(_ value: Value) throws(Fault) -> Bool {
    switch value {
    case .bool(let answer): return answer
    case .tensor(let tensor):
      if let answer = try Tensors.truth(tensor) { return answer }
      throw Fault(
        .needsBool, "a condition is one bool; this is \(tensor.typeText)", hint: "`any(…)` or `all(…)` of its elements"
      ).marking(Fault.whole, tensor.typeText)
    case .foreign(let foreign) where foreign.value.kind == "column":
      throw Fault(.needsBool, "a condition is one bool; this is a column", hint: "`any(…)` or `all(…)` of its cells").marking(Fault.whole)
    default:
      throw Fault(.needsBool, "a condition is a bool; this is \(value.description)", hint: truthHint(value))
        .marking(Fault.whole, value.description)
    }
  }

  private func truthHint(_ value: Value) -> String? {
    switch value {
    case .int, .float: "`x != 0`"
    case .list, .string, .record: "`len(x) > 0`"
    case .none: "`x == none`"
    default: nil
    }
  }

  @inline(never)
  func not(_ flags: UInt8, _ target: Registers, _ operand: Registers) throws(Fault) {
    let value = operand.pointee
    if flags & 1 != 0 && operand != target { operand.clear() }
    switch value {
    case .tensor(let tensor) where tensor.rank > 0 || tensor.isUnknown: target.pointee = .tensor(try Tensors.not(tensor))
    case .foreign(let foreign):
      guard let result = try foreign.value.operate(.not, .none, isLeft: true) else { return target.setBool(try !truth(value, of: "`not`", at: 0)) }
      target.pointee = result
    default: target.setBool(try !truth(value, of: "`not`", at: 0))
    }
  }

  /// The bool of an operand; the error names the operator and marks the operand.
  private func truth(_ value: Value, of operation: String, at position: Int) throws(Fault) -> Bool {
    do throws(Fault) { return try truth(value) } catch {
      guard error.code == .needsBool else { throw error }
      if error.message.hasPrefix("a condition is a bool") { error.message = "\(operation) takes bools; this is \(value.description)" }
      throw error.remarking(position)
    }
  }

  /// Is the left side of `and`/`or` enough? A tensor of several bools, or a column, never is.
  @inline(never)
  func shortCircuits(_ slot: Registers, on decisive: Bool) throws(Fault) -> Bool {
    if slot.tag == Tag.bool { return slot.asBool == decisive }
    switch slot.pointee {
    case .tensor(let tensor) where tensor.rank > 0 || tensor.isUnknown: return false
    case .foreign(let foreign) where foreign.value.kind == "column": return false
    default:
      let answer = try truth(slot.pointee, of: decisive ? "`or`" : "`and`", at: Fault.whole)
      slot.setBool(answer)
      return answer == decisive
    }
  }

  @inline(never)
  func logic(_ operation: LogicOperator, _ target: Registers, _ right: Registers) throws(Fault) {
    let element: ElementOperation = operation == .and ? .and : .or
    switch (target.pointee, right.pointee) {
    case (.foreign(let foreign), let other):
      if let result = try foreign.value.operate(element, other, isLeft: true) { target.pointee = result; right.clear(); return }
    case (let other, .foreign(let foreign)):
      if let result = try foreign.value.operate(element, other, isLeft: false) { target.pointee = result; right.clear(); return }
    case (.tensor(let tensor), let other) where tensor.rank > 0 || tensor.isUnknown:
      target.pointee = try .tensor(Tensors.logic(operation, .tensor(tensor), other))
      return right.clear()
    case (let other, .tensor(let tensor)) where tensor.rank > 0 || tensor.isUnknown:
      target.pointee = try .tensor(Tensors.logic(operation, other, .tensor(tensor)))
      return right.clear()
    default: break
    }
    let answer = try truth(right.pointee, of: "`\(operation.rawValue)`", at: 1)
    right.clear()
    target.setBool(answer)
  }
}

extension UnsafeMutablePointer<Value> {
  /// Changes the number in this slot by another of its kind; false, and nothing done, where that is not all there is to it.
  @inline(__always) func update(_ operation: UInt8, by other: Registers) -> Bool {
    guard tag == other.tag else { return false }
    if tag == Tag.float {
      switch operation {
      case 0: setFloat(asFloat + other.asFloat)
      case 1: setFloat(asFloat - other.asFloat)
      default: setFloat(asFloat * other.asFloat)
      }
      return true
    }
    guard tag == Tag.int else { return false }
    let (result, overflow) =
      switch operation {
      case 0: asInt.addingReportingOverflow(other.asInt)
      case 1: asInt.subtractingReportingOverflow(other.asInt)
      default: asInt.multipliedReportingOverflow(by: other.asInt)
      }
    if !overflow { bits = result }
    return !overflow
  }

  /// The number in this slot as a float, when it holds an int or a float.
  @inline(__always) var asDouble: Double? {
    switch tag {
    case Tag.int: Double(asInt)
    case Tag.float: asFloat
    default: nil
    }
  }
}

/// Float operators beyond the processor's, with Python's signs.
enum FloatArithmetic {
  static func floorDivide(_ a: Double, _ b: Double) -> Double {
    guard b != 0 else { return a / b }
    let rest = a.truncatingRemainder(dividingBy: b)
    var quotient = (a - rest) / b
    if rest != 0 && (rest < 0) != (b < 0) { quotient -= 1 }
    guard quotient != 0 else { return (a / b).sign == .minus ? -0.0 : 0.0 }
    let floor = quotient.rounded(.down)
    return quotient - floor > 0.5 ? floor + 1 : floor
  }

  static func remainder(_ a: Double, _ b: Double) -> Double {
    let rest = a.truncatingRemainder(dividingBy: b)
    if rest == 0 { return b.sign == .minus ? -0.0 : 0.0 }
    return (rest < 0) != (b < 0) && rest.isFinite && !b.isNaN ? rest + b : rest
  }

  static func power(_ a: Double, _ b: Double) -> Double { pow(a, b) }
}

import func Glibc.pow
