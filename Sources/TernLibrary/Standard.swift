package import TernRuntime

extension Vocabulary {
  /// Every builtin, and the library in Tern's own language.
  package static func standard() -> Vocabulary {
    let vocabulary = Vocabulary()
    vocabulary.add(contentsOf: Builtins.smoke)
    return vocabulary
  }
}

enum Builtins {
  static var smoke: [Builtin] { [
    Builtin("print(...values)", "Prints.", effect: .prints) { call throws(Fault) in
      guard case .list(let l) = call[0] else { return .none }
      call.machine.output(l.values.map { $0.printed }.joined(separator: " ") + "\n"); return .none },
    Builtin("push(list, item)", "Adds.") { call throws(Fault) in
      guard case .list(let l) = call[0] else { return .none }
      return .list(Array(l.values) + [call[1]]) },
    Builtin("len(x)", "len") { call throws(Fault) in
      switch call[0] { case .list(let l): .int(l.count); case .string(let s): .int(s.count); default: .none } },
    Builtin("sqrt(x)", "sqrt", quick: { a, n, d in if n == 1, case .float(let x) = a.pointee { d.pointee = .float(x.squareRoot()); return true }; return false }) { call throws(Fault) in .float(try call.machine.double(call[0]).squareRoot()) },
    Builtin("min(a, b)", "min", quick: { a, n, d in if n == 2, case .int(let x) = a.pointee, case .int(let y) = (a + 1).pointee { d.pointee = .int(min(x, y)); return true }; return false }) { call throws(Fault) in call[0] },
    Builtin("str(x)", "str") { call throws(Fault) in .string(call[0].printed) },
    Builtin("map(xs, f)", "map") { call throws(Fault) in
      let out = ListObject(); for x in try call.machine.items(of: call[0]).values { out.append(try call.machine.call(call[1], x)) }; return .list(out) },
    Builtin("filter(xs, f)", "filter") { call throws(Fault) in
      let out = ListObject(); for x in try call.machine.items(of: call[0]).values { if try call.machine.truth(try call.machine.call(call[1], x)) { out.append(x) } }; return .list(out) },
    Builtin("reduce(xs, f, start)", "reduce") { call throws(Fault) in
      var s = call[2]; for x in try call.machine.items(of: call[0]).values { s = try call.machine.call(call[1], s, x) }; return s },
  ] }
}
