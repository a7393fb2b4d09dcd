import TernSyntax

/// A name of a function's own: where it lives and what is known of it.
final class Local {
  let name: String
  let register: Int
  let isVar: Bool
  /// The loops around the declaration; a use inside further loops is never the last one.
  let loops: [Int]
  /// Holds a late slot: a `fn` that a sibling captured before its line ran.
  var isLate = false
  /// Counters and hoisted constants stay where they are.
  var isPinned = false
  var contract: Contract?
  /// The last instruction that read it, to be turned into a move when the function is finished.
  var lastRead: Read?

  struct Read {
    let instruction: Int
    let operand: Operand
    let loops: [Int]
    enum Operand { case move, left, right }
  }

  init(_ name: String, register: Int, isVar: Bool, loops: [Int]) {
    self.name = name
    self.register = register
    self.isVar = isVar
    self.loops = loops
  }
}

/// The names of one block.
struct BlockScope {
  var locals: [String: Local] = [:]
  let firstRegister: Int
  /// Registers that may still hold a reference to something shared when the block ends.
  var needsClearing = false
}

/// A loop being compiled: where `break` and `continue` go.
struct LoopScope {
  let id: Int
  var breaks: [Int] = []
  var continues: [Int] = []
  let scopeDepth: Int
  let attemptDepth: Int
}

/// How a name is reached from where it is used.
enum Resolution {
  case local(Local)
  case capture(Int, isLate: Bool)
  /// The function itself.
  case itself
  /// A member of the model whose function this is, and the capture that holds the model.
  case member(Int, model: Int)
  case method(String, model: Int)
  case training
  case global(Int)
}

/// What the functions of a model can name beside their own locals.
final class ModelScope {
  var names: [String: Int] = [:]
  var kinds: [ModelBlueprint.Member] = []
  var methods: Set<String> = []
  /// Locals of the functions around the declaration that the model's functions use; kept as hidden members at the end.
  var hidden: [(name: String, position: Int)] = []
  var argumentCount = 0
  /// The size words of each param's and state's type.
  var members: [[String]] = []
  let enclosing: FunctionCompiler?

  init(enclosing: FunctionCompiler?) { self.enclosing = enclosing }
}
