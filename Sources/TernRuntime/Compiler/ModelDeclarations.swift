import TernSyntax

extension ModelScope {
  /// The words in the types of params and states: sizes that `call` may name.
  var memberSizes: [String] { members.flatMap { $0 } }
}

extension FunctionCompiler {
  /// `model name(arguments) { … }` declares a function that makes a model.
  func modelStatement(_ declaration: ModelDeclaration) {
    let register = temporary()
    modelConstructor(declaration, into: register)
    if isTopLevel && scopes.count == 1 {
      guard let slot = unit.file.slot(of: declaration.name.text) else { return tooLarge(declaration.range) }
      emit(.setGlobal, a: r(register), b: slot, x: 1, at: .range(declaration.range))
      top = register
    } else {
      top = register
      declare(declaration.name.text)
    }
  }

  private func modelConstructor(_ declaration: ModelDeclaration, into register: Int) {
    let scope = ModelScope(enclosing: isTopLevel && scopes.count == 1 ? nil : self)
    scope.collect(declaration, sizeWords: sizeWords)
    if !declaration.members.contains(where: { if case .function(let f) = $0 { f.name?.text == "call" } else { false } }) {
      unit.report(.badModel, "a model needs a `fn call`", declaration.name.range)
    }
    let methods = declaration.members.compactMap { member -> (String, Prototype)? in
      guard case .function(let function) = member, let name = function.name?.text else { return nil }
      return (name, compile(function: function, name: name == "call" ? declaration.name.text : name, model: scope))
    }
    let starts = compileStarts(declaration, scope)
    let constructor = constructorFunction(declaration, scope, methods, starts)
    parts.globals.formUnion(constructor.globals)
    for (_, method) in methods { parts.globals.formUnion(method.globals) }
    parts.prototypes.append(constructor)
    emit(.closure, a: r(register), b: indexInRange(parts.prototypes.count - 1))
  }

  /// What each param and state starts from, as a function of the sizes by name.
  private func compileStarts(_ declaration: ModelDeclaration, _ scope: ModelScope) -> [String: ModelBlueprint.Start] {
    var starts: [String: ModelBlueprint.Start] = [:]
    for member in declaration.members {
      switch member {
      case .param(let name, let type, let start), .state(let name, let type, let start):
        let words = Array(Set(scope.memberSizes + declaration.callSizes(sizeWords))).sorted()
        let parameters = words.filter { scope.names[$0] == nil }.map { word in
          Parameter(
            pattern: Pattern(.name(word), start.range), type: nil, defaultValue: Expr(.none, start.range), isRest: false,
            range: start.range)
        }
        let function = Function(
          name: nil, parameters: parameters, result: nil, body: .expression(start), range: start.range)
        let code = compile(function: function, name: name.text, model: scope)
        starts[name.text] = ModelBlueprint.Start(type: contract(type), code: code, range: name.range.union(type.range))
      default: break
      }
    }
    return starts
  }

  /// The function that makes the model: binds the arguments, evaluates the `let`s in order, and gathers everything.
  private func constructorFunction(
    _ declaration: ModelDeclaration, _ scope: ModelScope, _ methods: [(String, Prototype)],
    _ starts: [String: ModelBlueprint.Start]
  ) -> Prototype {
    let compiler = FunctionCompiler(unit: unit, parent: self, name: declaration.name.text)
    let function = Function(
      name: declaration.name, parameters: declaration.parameters, result: nil,
      body: .block(Block([], declaration.range)), range: declaration.range, documentation: declaration.documentation)
    compiler.parts.function = function
    compiler.compileConstructor(function, declaration, scope, methods, starts)
    return compiler.finish()
  }

  private func compileConstructor(
    _ function: Function, _ declaration: ModelDeclaration, _ scope: ModelScope, _ methods: [(String, Prototype)],
    _ starts: [String: ModelBlueprint.Start]
  ) {
    openScope()
    prepareParameters(function)
    for member in declaration.members {
      guard case .binding(let pattern, let type, let value) = member else { continue }
      statement(
        Statement(.binding(isVar: false, pattern: pattern, type: type, value: value, documentation: ""), pattern.range))
    }
    let first = top
    for name in scope.names.sorted(by: { $0.value < $1.value }).map(\.key) {
      let register = temporary()
      switch scope.kinds[scope.names[name] ?? 0] {
      case .param, .state: emit(.clearUnset, a: r(register), b: 1)
      case .argument, .binding: self.name(name, declaration.name.range, into: register)
      }
    }
    parts.blueprints.append(blueprint(declaration, scope, methods, starts))
    emit(
      .makeModel, a: r(first), b: indexInRange(parts.blueprints.count - 1), c: r(first), at: .range(declaration.range))
    emit(.ret, a: r(first), b: top)
    scopes.removeLast()
  }

  private func blueprint(
    _ declaration: ModelDeclaration, _ scope: ModelScope, _ methods: [(String, Prototype)],
    _ starts: [String: ModelBlueprint.Start]
  ) -> ModelBlueprint {
    let names = scope.names.sorted { $0.value < $1.value }.map(\.key)
    let blueprint = ModelBlueprint(
      declaration: declaration, source: unit.source, layout: Layout.of(names), members: scope.kinds,
      argumentCount: scope.argumentCount)
    blueprint.methods = Dictionary(methods) { first, _ in first }
    for (name, start) in starts {
      if let position = scope.names[name] { blueprint.starts[position] = start }
    }
    return blueprint
  }
}

extension ModelScope {
  /// Numbers the arguments and members in the order of their declaration.
  func collect(_ declaration: ModelDeclaration, sizeWords: (TypeExpr) -> [String]) {
    func add(_ name: String, _ kind: ModelBlueprint.Member) {
      guard names[name] == nil else { return }
      names[name] = names.count
      kinds.append(kind)
    }
    for parameter in declaration.parameters {
      parameter.pattern.boundNames.forEach { add($0, .argument) }
    }
    argumentCount = names.count
    for member in declaration.members {
      switch member {
      case .param(let name, let type, _):
        add(name.text, .param)
        members.append(sizeWords(type))
      case .state(let name, let type, _):
        add(name.text, .state)
        members.append(sizeWords(type))
      case .binding(let pattern, _, _): pattern.boundNames.forEach { add($0, .binding) }
      case .function(let function):
        if let name = function.name?.text { methods.insert(name) }
      }
    }
  }
}

extension ModelDeclaration {
  /// The bare words in the contract of `call`.
  func callSizes(_ sizeWords: (TypeExpr) -> [String]) -> [String] {
    for case .function(let function) in members where function.name?.text == "call" {
      return function.parameters.flatMap { $0.type.map(sizeWords) ?? [] } + (function.result.map(sizeWords) ?? [])
    }
    return []
  }
}

extension Pattern {
  /// The names a pattern binds, in order.
  var boundNames: [String] {
    switch kind {
    case .name(let name): [name]
    case .rest(let name): name.map { [$0] } ?? []
    case .list(let items): items.flatMap(\.boundNames)
    case .record(let fields, let rest): fields.flatMap(\.pattern.boundNames) + (rest.map { [$0.text] } ?? [])
    default: []
    }
  }
}
