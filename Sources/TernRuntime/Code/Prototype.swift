package import TernSyntax

/// The facts of a function that a call needs: trivial, behind a pointer that lives as long as the prototype, so that
/// reading them costs no reference counting.
struct CallInfo {
  var code: Code
  var constants: Registers
  var file: UnsafeMutablePointer<FileState>
  var registerCount: Int32
  /// All parameters, `...rest` included.
  var parameterCount: Int16
  /// Exactly this many positional arguments need no binding; -1 when there is a rest parameter.
  var plainCount: Int16
}

/// A function's code and what belongs to it. Immutable once compiled, kept for the life of its file.
package final class Prototype {
  package let name: String
  package let source: SourceText
  let info: UnsafeMutablePointer<CallInfo>
  package let file: File
  package let function: Function?
  let constants: [Value]
  package let codeCount: Int
  /// For each instruction the expression or statement it came from.
  let places: [Place]
  let prototypes: [Prototype]
  let blueprints: [ModelBlueprint]
  let layouts: [Layout]
  let names: [String]
  let sites: [Site]
  let patterns: [CompiledPattern]
  let contracts: [Contract]
  let entries: [EntryContract]
  let handlers: [Handler]
  /// Where each capture comes from when the closure is made.
  let captures: [Capture]
  package let parameters: [ParameterInfo]
  /// Top-level slots the code mentions, for snapshots and for what a cell depends on.
  package let globals: [Int]
  /// For a top-level slot that nothing filled when this was compiled, the local name that may be meant.
  let nameHints: [Int: String]
  let isMethod: Bool

  struct Capture {
    enum Source { case local(Int), capture(Int), itself, late(Int) }
    let source: Source
    /// The captured thing is a late slot: what it holds is read when it is used.
    let isLate: Bool
  }

  /// Where an instruction came from: an expression knows its operands' places too.
  package enum Place {
    case none
    case range(SourceRange)
    case expression(Expr)
  }

  /// Errors raised by instructions in `start ..< end` go on at `target` with the error's record in `register`.
  struct Handler {
    let start: Int
    let end: Int
    let target: Int
    let register: Int
    let firstTemporary: Int
  }

  package struct ParameterInfo {
    package let name: String?
    package let hasDefault: Bool
    package let isRest: Bool
  }

  init(_ parts: CompiledParts) {
    name = parts.name
    source = parts.source
    file = parts.file
    function = parts.function
    constants = parts.constants
    codeCount = parts.code.count
    places = parts.places
    prototypes = parts.prototypes
    blueprints = parts.blueprints
    layouts = parts.layouts
    names = parts.names
    sites = parts.sites
    patterns = parts.patterns
    contracts = parts.contracts
    entries = parts.entries
    handlers = parts.handlers
    captures = parts.captures
    parameters = parts.parameters
    globals = parts.globals.sorted()
    nameHints = parts.nameHints
    isMethod = parts.isMethod
    let code = Code.allocate(capacity: max(parts.code.count, 1))
    code.initialize(from: parts.code, count: parts.code.count)
    let pool = Registers.allocate(capacity: max(constants.count, 1))
    pool.initialize(from: constants, count: constants.count)
    info = .allocate(capacity: 1)
    let hasRest = parts.parameters.contains { $0.isRest }
    info.initialize(
      to: CallInfo(
        code: code, constants: pool, file: parts.file.state, registerCount: Int32(parts.registerCount),
        parameterCount: Int16(clamping: parts.parameters.count), plainCount: hasRest ? -1 : Int16(clamping: parts.parameters.count)))
  }

  deinit {
    info.pointee.code.deallocate()
    info.pointee.constants.deinitialize(count: constants.count)
    info.pointee.constants.deallocate()
    info.deallocate()
  }

  var captureCount: Int { captures.count }

  func place(at instruction: Int) -> Place {
    places.indices.contains(instruction) ? places[instruction] : .none
  }
}

/// What the compiler hands over.
struct CompiledParts {
  var name: String
  var source: SourceText
  var file: File
  var function: Function?
  var code: [Instruction] = []
  var places: [Prototype.Place] = []
  var constants: [Value] = []
  var prototypes: [Prototype] = []
  var blueprints: [ModelBlueprint] = []
  var layouts: [Layout] = []
  var names: [String] = []
  var sites: [Site] = []
  var patterns: [CompiledPattern] = []
  var contracts: [Contract] = []
  var entries: [EntryContract] = []
  var handlers: [Prototype.Handler] = []
  var captures: [Prototype.Capture] = []
  var parameters: [Prototype.ParameterInfo] = []
  var globals: Set<Int> = []
  var nameHints: [Int: String] = [:]
  var registerCount = 0
  var isMethod = false
}

/// What an instruction needs to know beyond its registers.
enum Site {
  /// One entry an argument, in the order of the registers.
  case call([CallArgument])
  case list([Bool])
  case record([String?])
  case string([StringPiece])
  /// For each item: an axis name or nil, and whether it is `...`.
  case index([IndexShape])
  case place(steps: [PlaceStep], operation: BinaryOperator?)
  case refusal(code: ErrorCode, message: String, hint: String?)
  case type(name: String, axes: [(name: String?, isAny: Bool)])

  enum CallArgument { case positional, label(String), spread }
  enum StringPiece { case text(String), fill(NumberFormat) }
  struct IndexShape {
    let axis: String?
    let isRest: Bool
  }
  /// A step to a place; an index takes as many registers as it has items, a field none.
  enum PlaceStep { case field(String), index([IndexShape]) }
}

/// A pattern with the registers its names are bound in, counted from the first.
indirect enum CompiledPattern {
  case wildcard
  case bind(Int)
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  case range(low: Int?, high: Int?, inclusive: Bool)
  case list(before: [CompiledPattern], rest: Rest?, after: [CompiledPattern])
  case record(fields: [(key: FieldKey, pattern: CompiledPattern)], rest: Int?)

  /// `...` in a list pattern: the register it binds, or nil to drop the items.
  struct Rest { let register: Int? }
}
