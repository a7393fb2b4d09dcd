import TernSyntax
import TernTensor

extension Machine {
  /// Binds a pattern's names when it fits; nothing when it does not.
  @inline(never)
  func matches(_ function: Unmanaged<Closure>, _ value: Registers, into first: Registers, pattern: Int) throws(Fault) -> Bool {
    let pattern = function._withUnsafeGuaranteedRef { $0.prototype.patterns[pattern] }
    var bound: [(Int, Value)] = []
    guard try fits(pattern, value.pointee, &bound) else { return false }
    for (register, value) in bound { first[register] = value }
    return true
  }

  @inline(never)
  func bindPattern(_ function: Unmanaged<Closure>, _ value: Registers, into first: Registers, pattern: Int) throws(Fault) {
    let compiled = function._withUnsafeGuaranteedRef { $0.prototype.patterns[pattern] }
    guard try matches(function, value, into: first, pattern: pattern) else { throw misfit(compiled, value.pointee) }
  }

  /// What does not fit. Only the whole value has a place in the source that can be marked.
  private func misfit(_ pattern: CompiledPattern, _ value: Value, isWhole: Bool = true) -> Fault {
    if case .record(let fields, _) = pattern {
      let known: [String]? =
        switch value {
        case .record(let record): record.layout.keys.map(\.text)
        case .model(let model): model.blueprint.fieldNames
        default: nil
        }
      if let known {
        let missing = fields.map(\.key.text).filter { !known.contains($0) }
        if !missing.isEmpty {
          let near = missing.first.flatMap { didYouMean($0, among: known) }.map { "did you mean `\($0)`?" }
          return Fault(
            .missingFields, "there is no field \(missing.map { "`\($0)`" }.joined(separator: ", "))",
            hint: near ?? listing("it has", known))
        }
      }
    }
    if case .list(let before, let rest, let after) = pattern, case .list(let list) = value {
      let needed = before.count + after.count
      guard rest == nil ? list.count == needed : list.count >= needed else {
        return Fault(
          .patternMismatch, "this pattern takes \(rest == nil ? "" : "at least ")\(needed) item\(needed == 1 ? "" : "s"); the list has \(list.count)")
      }
    }
    // The parts are all there: one of them does not fit.
    for (part, item) in parts(of: value, for: pattern) where !((try? matches(part, item)) ?? false) { return misfit(part, item, isWhole: false) }
    let hint: String? = if case (.list, .tensor) = (pattern, value) { "a list pattern takes lists apart; a tensor has indices: `x[0]`" } else { nil }
    let fault = Fault(.patternMismatch, "this pattern does not fit \(value.description)", hint: hint)
    return isWhole ? fault.marking(0, value.description) : fault
  }

  private func matches(_ pattern: CompiledPattern, _ value: Value) throws(Fault) -> Bool {
    var bound: [(Int, Value)] = []
    return try fits(pattern, value, &bound)
  }

  private func parts(of value: Value, for pattern: CompiledPattern) -> [(CompiledPattern, Value)] {
    switch (pattern, value) {
    case (.list(let before, _, let after), .list(let list)):
      let tail = list.count - after.count
      return before.enumerated().map { ($1, list[$0]) } + after.enumerated().map { ($1, list[tail + $0]) }
    case (.record(let fields, _), .record(let record)):
      return fields.compactMap { field in record.layout.position(of: field.key).map { (field.pattern, record.items[$0]) } }
    default: return []
    }
  }

  func refusal(_ function: Unmanaged<Closure>, _ site: Int) -> Fault {
    guard case .refusal(let code, let message, let hint) = function._withUnsafeGuaranteedRef({ $0.prototype.sites[site] }) else {
      return Fault(.internalFault, "an error without words")
    }
    return Fault(code, message, hint: hint)
  }

  func noArmFits(_ value: Registers) -> Fault {
    let text = value.pointee.text(width: 60)
    let shown = text.count > 60 ? String(text.prefix(57)) + "…" : text
    value.clear()
    return Fault(.noArmFits, "no arm of this `match` fits \(shown)", hint: "a last arm `_ => …` takes the rest")
  }

  private func fits(_ pattern: CompiledPattern, _ value: Value, _ bound: inout [(Int, Value)]) throws(Fault) -> Bool {
    switch pattern {
    case .wildcard: return true
    case .bind(let register):
      bound.append((register, value))
      return true
    case .none: return value.isNone
    case .bool(let expected):
      if case .bool(let given)? = try numberIfAny(value) { return given == expected }
      return false
    case .int(let expected): return try isNumber(value, Double(expected), exactly: expected)
    case .float(let expected): return try isNumber(value, expected, exactly: nil)
    case .string(let expected):
      guard case .string(let given) = value else { return false }
      return FieldKey(given.text) == FieldKey(expected)
    case .range(let low, let high, let inclusive):
      guard case .int(let given)? = try numberIfAny(value) else { return false }
      if let low, given < low { return false }
      if let high { return inclusive ? given <= high : given < high }
      return true
    case .list(let before, let rest, let after): return try fitsList(before, rest, after, value, &bound)
    case .record(let fields, let rest): return try fitsRecord(fields, rest, value, &bound)
    }
  }

  private func isNumber(_ value: Value, _ expected: Double, exactly: Int?) throws(Fault) -> Bool {
    switch try numberIfAny(value) {
    case .int(let given)?: return exactly.map { $0 == given } ?? (Double(given) == expected)
    case .float(let given)?: return given == expected
    default: return false
    }
  }

  private func fitsList(
    _ before: [CompiledPattern], _ rest: CompiledPattern.Rest?, _ after: [CompiledPattern], _ value: Value,
    _ bound: inout [(Int, Value)]
  ) throws(Fault) -> Bool {
    guard case .list(let list) = value else { return false }
    let needed = before.count + after.count
    guard rest == nil ? list.count == needed : list.count >= needed else { return false }
    for (position, pattern) in before.enumerated() { if try !fits(pattern, list[position], &bound) { return false } }
    let tail = list.count - after.count
    for (position, pattern) in after.enumerated() { if try !fits(pattern, list[tail + position], &bound) { return false } }
    if let register = rest?.register {
      bound.append((register, .list((before.count..<tail).map { list[$0] })))
    }
    return true
  }

  private func fitsRecord(
    _ fields: [(key: FieldKey, pattern: CompiledPattern)], _ rest: Int?, _ value: Value, _ bound: inout [(Int, Value)]
  ) throws(Fault) -> Bool {
    switch value {
    case .record(let record):
      for field in fields {
        guard let position = record.layout.position(of: field.key), try fits(field.pattern, record.items[position], &bound) else {
          return false
        }
      }
      if let rest {
        let others = RecordObject()
        for (position, key) in record.layout.keys.enumerated() where !fields.contains(where: { $0.key == key }) {
          others.slot(key).pointee = record.items[position]
        }
        bound.append((rest, .record(others)))
      }
      return true
    case .model(let model):
      for field in fields {
        guard let position = model.position(of: field.key.text), try fits(field.pattern, model.items[position], &bound) else { return false }
      }
      return rest == nil
    default: return false
    }
  }
}
