import CTernKernels
import Glibc
import TernSyntax
package import TernTensor

/// A suspended caller: trivial, so that pushing and popping frames costs no reference counting. Who keeps the callee alive:
/// the register below its frame, the top-level slot it was called through (only a top-level statement writes slots, and none
/// runs while a function it called does), or the caller of `run`.
struct Frame {
  var code: Code
  var base: Registers
  var constants: Registers
  var globals: Registers
  var function: Unmanaged<Closure>
}

/// Runs compiled code: registers, frames, limits, and the state that calls share.
package final class Machine {
  /// What the loop and builtins share, behind a pointer: no exclusivity checks, no class-property traffic.
  struct State {
    var frames: UnsafeMutablePointer<Frame>
    var stack: Registers
    var stackEnd: Registers
    /// The first register nobody uses, as a builtin that calls back sees it.
    var top: Registers
    /// Calls of `run` inside each other, each of which takes native stack.
    var nested = 0
    /// Steps until limits are asked for.
    var fuel = 1
  }

  let state: UnsafeMutablePointer<State>
  let caches: UnsafeMutablePointer<FieldCache>
  private var cacheCount = 1
  package let vocabulary: Vocabulary
  package var limits = Limits()
  /// Where `print` goes.
  package var output: (String) -> Void = { text in
    var text = text
    text.withUTF8 { _ = write(1, $0.baseAddress, $0.count) }
  }
  /// What `fit` shows while it works, and other notes.
  package var notes: (String) -> Void = { text in
    var text = text
    text.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
  }
  package var chance = Chance()
  var applying: [Application] = []
  var lanes = Lanes()
  package var modules = Modules()
  /// Effects a script is denied.
  package var denied: Set<Effect> = []
  /// Functions that are being traced or mapped: some tensors are then known by their types alone.
  package var tracings = 0 { didSet { if oldValue == 0 { origin = PlanText.Origin() } } }
  /// What `print` was given while a function is traced, to be printed on every call.
  package var laterPrints: [[Value]]?
  /// How many `vmap`s what runs is inside of.
  package var mappings = 0
  /// Where only shapes are asked for: what stands for a param's numbers, which are not made.
  package var standIn: ((TensorType) -> Tensor)?
  /// Told of every function that is traced: its name, the graph and the plan as texts.
  package var traceObserver: ((_ name: String, _ graph: @escaping () -> String, _ plan: @escaping (_ isTimed: Bool) -> String) -> Void)?
  /// Are the steps of plans timed?
  package var timesPlans = false
  /// The folder paths in scripts are relative to; nil is the working directory.
  package var scriptFolder: String?
  /// The script itself, where it is a file.
  package var scriptPath: String?
  /// The cell that runs: its `{#id}`, else its number.
  package var cellName: String?
  /// Told of calls of builtins, where someone wants to know.
  package var callProfile: CallProfile?
  /// Told of what a cell does outside, where someone wants to know.
  package var cellNotes: CellNotes?
  /// For whom values were made while functions were traced: those of the k-th have the origin k + 1.
  package private(set) var origins: [PlanText.Origin] = []
  private var originNumbers: [PlanText.Origin: Int32] = [:]
  /// For whom they are made now.
  var origin = PlanText.Origin() { didSet { Graph.origin = originNumber } }
  /// The file whose lines are noted.
  package var linedFile: File?
  /// Told of every model that was called, with what it was given and what it gave.
  package var layerObserver: ((_ model: ModelObject, _ inputs: [Value], _ out: Value) -> Void)?
  package var isInteractive = false
  /// Nobody looks at progress and nothing is kept of runs: where outputs are only compared.
  package var isQuiet = false
  /// What runs is only looked at, by `tern check`: nothing outside is touched, nothing is trained.
  package internal(set) var isRehearsing = false
  /// What words of the library keep between calls, by name.
  package var companions: [String: AnyObject] = [:]
  /// Arguments of the command line: `args`, and `--name value` pairs for `arg`.
  package var arguments: [String] = []
  package var namedArguments: [String: String] = [:]
  package var width = 80
  var lateFunctions = LateFunctions()
  let pushBuiltin: Unmanaged<Builtin>?

  static let stackSlots = 4 << 20
  static let maxNested = 4000
  static let maxCaches = 1 << 22

  package init(vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    precondition(valueLayoutIsAsAssumed(), "the compiler lays Value out in another way than the machine assumes")
    // Untouched pages read as zero, which is `.int(0)`: a valid register.
    let stack = Machine.reserve(Machine.stackSlots, of: Value.self)
    caches = Machine.reserve(Machine.maxCaches, of: FieldCache.self)
    state = .allocate(capacity: 1)
    state.initialize(
      to: State(
        frames: Machine.reserve(Machine.stackSlots, of: Frame.self), stack: stack,
        stackEnd: stack + Machine.stackSlots - FunctionCompiler.registerLimit * 2, top: stack + 1))
    pushBuiltin = vocabulary.builtins["push"].map { Unmanaged.passUnretained($0) }
  }

  deinit {
    Machine.release(state.pointee.frames, Machine.stackSlots)
    Machine.release(state.pointee.stack, Machine.stackSlots)
    Machine.release(caches, Machine.maxCaches)
    lanes.release()
    state.deallocate()
  }

  /// Address space, of which only the touched pages become memory.
  static func reserve<T>(_ count: Int, of type: T.Type) -> UnsafeMutablePointer<T> {
    let bytes = count * MemoryLayout<T>.stride
    let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let memory, memory != MAP_FAILED else { return .allocate(capacity: count) }
    return memory.assumingMemoryBound(to: T.self)
  }

  /// What `reserve` gave; registers are empty when nothing runs.
  static func release<T>(_ memory: UnsafeMutablePointer<T>, _ count: Int) { munmap(memory, count * MemoryLayout<T>.stride) }

  /// The number of a new inline cache. Beyond the last one, instructions share it and merely miss.
  func newFieldCache() -> Int {
    if cacheCount < Machine.maxCaches - 1 { cacheCount += 1 }
    return cacheCount
  }

  // MARK: Running

  /// Runs a top-level statement; the value of an expression, else `none`.
  package func run(_ prototype: Prototype) throws(Fault) -> Value {
    let top = state.pointee.top
    defer {
      lateFunctions.collect()
      state.pointee.top = top
    }
    let closure = Closure(prototype, captureCount: 0)
    let value = try run(closure, top + 1)
    if case .foreign(let foreign) = value { try foreign.value.prepare() }
    return value
  }

  /// Suspends the caller and goes on in a function whose arguments lie in `window`.
  @inline(__always)
  private func enter(
    _ closure: Unmanaged<Closure>, _ window: Registers, _ count: Int16, _ state: UnsafeMutablePointer<State>,
    _ frame: inout UnsafeMutablePointer<Frame>, _ pc: inout Code, _ base: inout Registers, _ constants: inout Registers,
    _ globals: inout Registers, _ function: inout Unmanaged<Closure>
  ) throws(Fault) {
    let call = closure._withUnsafeGuaranteedRef { $0.call }
    if count != call.plainCount { try bindPlain(closure, window, Int(count)) }
    // Each call moves up by a register at least, so frames never run out before registers do.
    if window + Int(call.registerCount) > state.pointee.stackEnd {
      clearAll(window, Int(call.parameterCount))
      throw tooDeep()
    }
    frame.pointee = Frame(code: pc, base: base, constants: constants, globals: globals, function: function)
    frame += 1
    base = window
    function = closure
    pc = call.code
    constants = call.constants
    globals = call.file.pointee.slots
  }

  /// Goes on in the caller. What held the callee, when the call did, is let go.
  @inline(__always)
  private func leave(
    _ frame: inout UnsafeMutablePointer<Frame>, _ pc: inout Code, _ base: inout Registers, _ constants: inout Registers,
    _ globals: inout Registers, _ function: inout Unmanaged<Closure>
  ) {
    (base - 1).clear()
    frame -= 1
    pc = frame.pointee.code
    base = frame.pointee.base
    constants = frame.pointee.constants
    globals = frame.pointee.globals
    function = frame.pointee.function
  }

  /// Before something that may run other code on this machine: where its frames and registers begin.
  @inline(never)
  private func suspend(_ frame: UnsafeMutablePointer<Frame>, _ base: Registers, _ function: Unmanaged<Closure>) {
    state.pointee.frames = frame
    state.pointee.top = base + Int(function._withUnsafeGuaranteedRef { $0.info }.pointee.registerCount)
  }

  private var originNumber: Int32 {
    if origin.isNobody { return 0 }
    if let known = originNumbers[origin] { return known }
    guard origins.count < 1 << 20 else { return 0 }
    origins.append(origin)
    originNumbers[origin] = Int32(origins.count)
    return Int32(origins.count)
  }

  /// Before the outermost run.
  @inline(never) private func begin() {
    state.pointee.fuel = limits.interval
    limits.arm()
  }

  /// Asked when the steps that were given out are taken; gives more.
  @inline(never) private func poll() throws(Fault) -> Int {
    try limits.check(after: limits.interval)
    return limits.interval
  }

  /// Asked by what may take long, whatever the steps.
  @inline(__always) func stopIfDue() throws(Fault) { if limits.isStopDue { try limits.check(after: 1) } }

  /// One call or loop turn.
  @inline(__always) private func burn(_ fuel: inout Int) throws(Fault) {
    fuel &-= 1
    if fuel == 0 { fuel = try poll() }
  }

  /// The loop. Its arguments lie in `start` on; registers above are free. Fast paths stand here and touch registers as bits;
  /// everything else is a named method.
  func run(_ entry: Closure, _ start: Registers, turns: Unmanaged<Turns>? = nil) throws(Fault) -> Value {
    let state = self.state
    let caches = self.caches
    let pushBits = pushBuiltin.map { Int(bitPattern: $0.toOpaque()) } ?? 0
    state.pointee.nested += 1
    if state.pointee.nested == 1 { begin() }
    // Steps that one run did not take are left to the next.
    var fuel = state.pointee.fuel
    defer {
      state.pointee.fuel = fuel
      state.pointee.nested -= 1
      if state.pointee.nested == 0 { limits.disarm() }
    }
    guard state.pointee.nested < Machine.maxNested else { throw tooDeep() }
    var function = Unmanaged.passUnretained(entry)
    var base = start
    var pc = entry.info.pointee.code
    var constants = entry.info.pointee.constants
    var globals = entry.info.pointee.file.pointee.slots
    var frame = state.pointee.frames
    let floor = frame
    guard base + Int(entry.info.pointee.registerCount) < state.pointee.stackEnd else { throw tooDeep() }

    while true {
      do throws(Fault) {
        while true {
          let i = pc.pointee
          pc += 1
          let ra = base.at(i.a)
          switch i.opcode {
          case .move: ra.copy(from: base.at(i.b))
          case .take: ra.moveIn(from: base.at(i.b))
          case .loadConstant: ra.copy(from: constants + i.b)
          case .loadInt: ra.setInt(i.signedB)
          case .loadNone: ra.setNone()
          case .clear: ra.clear()
          case .clearRange: clearAll(ra, i.b)
          case .clearUnset: for index in 0..<i.b { (ra + index).pointee = .absent }
          case .getGlobal:
            let slot = globals + i.b
            if slot.tag == Tag.unset {
              suspend(frame, base, function)
              try linkGlobal(function, i.b, into: ra)
            } else {
              ra.copy(from: slot)
            }
          case .setGlobal: try setGlobal(function, ra, slot: i.b, contract: i.c, flags: i.x)
          case .takeGlobal:
            let slot = globals + i.b
            if slot.tag == Tag.unset {
              suspend(frame, base, function)
              try linkGlobal(function, i.b, into: ra)
            } else {
              ra.moveIn(from: slot)
            }
          case .getCapture:
            let slot = function._withUnsafeGuaranteedRef { $0.captures } + i.b
            if i.x == 0 { ra.copy(from: slot) } else { try getLate(slot, into: ra) }
          case .loadSelf: ra.pointee = .function(function.takeUnretainedValue())
          case .getLate: try getLate(base.at(i.b), into: ra)

          case .add:
            let rb = base.at(i.b)
            let rc = base.at(i.c)
            if rb.tag | rc.tag == 0 {
              let (sum, overflow) = rb.asInt.addingReportingOverflow(rc.asInt)
              if overflow { throw Fault.overflow("+", rb.asInt, rc.asInt) }
              ra.setInt(sum)
            } else if rb.tag == Tag.float && rc.tag == Tag.float {
              ra.setFloat(rb.asFloat + rc.asFloat)
            } else {
              try arithmetic(.add, i.x, ra, rb, rc)
            }
          case .subtract:
            let rb = base.at(i.b)
            let rc = base.at(i.c)
            if rb.tag | rc.tag == 0 {
              let (difference, overflow) = rb.asInt.subtractingReportingOverflow(rc.asInt)
              if overflow { throw Fault.overflow("-", rb.asInt, rc.asInt) }
              ra.setInt(difference)
            } else if rb.tag == Tag.float && rc.tag == Tag.float {
              ra.setFloat(rb.asFloat - rc.asFloat)
            } else {
              try arithmetic(.subtract, i.x, ra, rb, rc)
            }
          case .multiply:
            let rb = base.at(i.b)
            let rc = base.at(i.c)
            if rb.tag | rc.tag == 0 {
              let (product, overflow) = rb.asInt.multipliedReportingOverflow(by: rc.asInt)
              if overflow { throw Fault.overflow("*", rb.asInt, rc.asInt) }
              ra.setInt(product)
            } else if rb.tag == Tag.float && rc.tag == Tag.float {
              ra.setFloat(rb.asFloat * rc.asFloat)
            } else {
              try arithmetic(.multiply, i.x, ra, rb, rc)
            }
          case .divide:
            let rb = base.at(i.b)
            let rc = base.at(i.c)
            if rb.tag == Tag.float && rc.tag == Tag.float {
              ra.setFloat(rb.asFloat / rc.asFloat)
            } else {
              try arithmetic(.divide, i.x, ra, rb, rc)
            }
          case .remainder:
            let rb = base.at(i.b)
            let rc = base.at(i.c)
            if rb.tag | rc.tag == 0, rc.asInt > 0 {
              let rest = rb.asInt % rc.asInt
              ra.setInt(rest < 0 ? rest &+ rc.asInt : rest)
            } else {
              try arithmetic(.remainder, i.x, ra, rb, rc)
            }
          case .floorDivide: try arithmetic(.floorDivide, i.x, ra, base.at(i.b), base.at(i.c))
          case .power: try arithmetic(.power, i.x, ra, base.at(i.b), base.at(i.c))
          case .matmul: try arithmetic(.matmul, i.x, ra, base.at(i.b), base.at(i.c))
          case .addInt:
            let rb = base.at(i.b)
            if rb.tag == Tag.int {
              let (sum, overflow) = rb.asInt.addingReportingOverflow(i.signedC)
              if overflow { throw Fault.overflow(i.signedC < 0 ? "-" : "+", rb.asInt, abs(i.signedC)) }
              ra.setInt(sum)
            } else if rb.tag == Tag.float {
              ra.setFloat(rb.asFloat + Double(i.signedC))
            } else {
              try addInt(i.x, ra, rb, i.signedC, isSubtraction: isSubtraction(function, pc))
            }
          case .multiplyInt:
            let rb = base.at(i.b)
            if rb.tag == Tag.int {
              let (product, overflow) = rb.asInt.multipliedReportingOverflow(by: i.signedC)
              if overflow { throw Fault.overflow("*", rb.asInt, i.signedC) }
              ra.setInt(product)
            } else if rb.tag == Tag.float {
              ra.setFloat(rb.asFloat * Double(i.signedC))
            } else {
              try arithmetic(.multiply, i.x, ra, rb, i.signedC)
            }
          case .remainderInt:
            let rb = base.at(i.b)
            if rb.tag == Tag.int, i.signedC > 0 {
              let rest = rb.asInt % i.signedC
              ra.setInt(rest < 0 ? rest &+ i.signedC : rest)
            } else {
              try arithmetic(.remainder, i.x, ra, rb, i.signedC)
            }
          case .negate: try negate(i.x, ra, base.at(i.b))

          case .less: try compare(.less, i.x, ra, base.at(i.b), base.at(i.c))
          case .lessEqual: try compare(.lessEqual, i.x, ra, base.at(i.b), base.at(i.c))
          case .greater: try compare(.greater, i.x, ra, base.at(i.b), base.at(i.c))
          case .greaterEqual: try compare(.greaterEqual, i.x, ra, base.at(i.b), base.at(i.c))
          case .equal: try compare(.equal, i.x, ra, base.at(i.b), base.at(i.c))
          case .notEqual: try compare(.notEqual, i.x, ra, base.at(i.b), base.at(i.c))
          case .isIn: try membership(i.x, ra, base.at(i.b), base.at(i.c), negated: false)
          case .notIn: try membership(i.x, ra, base.at(i.b), base.at(i.c), negated: true)
          case .not:
            let rb = base.at(i.b)
            if rb.tag == Tag.bool { ra.setBool(!rb.asBool) } else { try not(i.x, ra, rb) }
          case .logicAnd: try logic(.and, ra, base.at(i.c))
          case .logicOr: try logic(.or, ra, base.at(i.c))

          case .jump: pc += i.jump
          case .jumpBack:
            try burn(&fuel)
            pc += i.jump
          case .jumpUnless:
            if ra.tag == Tag.bool {
              if !ra.asBool { pc += i.jump }
            } else if try !condition(ra, i.x) {
              pc += i.jump
            }
          case .jumpIf:
            if ra.tag == Tag.bool {
              if ra.asBool { pc += i.jump }
            } else if try condition(ra, i.x) {
              pc += i.jump
            }
          case .jumpIfSet: if ra.tag != Tag.unset { pc += i.jump }
          case .shortAnd: if try shortCircuits(ra, on: false) { pc += i.jump }
          case .shortOr: if try shortCircuits(ra, on: true) { pc += i.jump }
          case .jumpUnlessLess: if try !decide(.less, i.x, ra, base.at(i.b)) { pc += i.signedC }
          case .jumpUnlessLessEqual: if try !decide(.lessEqual, i.x, ra, base.at(i.b)) { pc += i.signedC }
          case .jumpUnlessGreater: if try !decide(.greater, i.x, ra, base.at(i.b)) { pc += i.signedC }
          case .jumpUnlessGreaterEqual: if try !decide(.greaterEqual, i.x, ra, base.at(i.b)) { pc += i.signedC }
          case .jumpUnlessEqual: if try !decide(.equal, i.x, ra, base.at(i.b)) { pc += i.signedC }
          case .jumpIfEqual: if try !decide(.notEqual, i.x, ra, base.at(i.b)) { pc += i.signedC }
          case .jumpUnlessLessInt: if try !decide(.less, i.x, ra, i.signedB) { pc += i.signedC }
          case .jumpUnlessLessEqualInt: if try !decide(.lessEqual, i.x, ra, i.signedB) { pc += i.signedC }
          case .jumpUnlessGreaterInt: if try !decide(.greater, i.x, ra, i.signedB) { pc += i.signedC }
          case .jumpUnlessGreaterEqualInt: if try !decide(.greaterEqual, i.x, ra, i.signedB) { pc += i.signedC }
          case .jumpUnlessEqualInt: if try !decide(.equal, i.x, ra, i.signedB) { pc += i.signedC }
          case .loopWhileLess:
            if try decide(.less, i.x, ra, base.at(i.b)) {
              try burn(&fuel)
              pc += i.signedC
            }
          case .loopWhileLessEqual:
            if try decide(.lessEqual, i.x, ra, base.at(i.b)) {
              try burn(&fuel)
              pc += i.signedC
            }
          case .loopWhileGreater:
            if try decide(.greater, i.x, ra, base.at(i.b)) {
              try burn(&fuel)
              pc += i.signedC
            }
          case .loopWhileGreaterEqual:
            if try decide(.greaterEqual, i.x, ra, base.at(i.b)) {
              try burn(&fuel)
              pc += i.signedC
            }
          case .loopWhileLessInt:
            if try decide(.less, i.x, ra, i.signedB) {
              try burn(&fuel)
              pc += i.signedC
            }
          case .loopWhileLessEqualInt:
            if try decide(.lessEqual, i.x, ra, i.signedB) {
              try burn(&fuel)
              pc += i.signedC
            }
          case .loopWhileGreaterInt:
            if try decide(.greater, i.x, ra, i.signedB) {
              try burn(&fuel)
              pc += i.signedC
            }
          case .loopWhileGreaterEqualInt:
            if try decide(.greaterEqual, i.x, ra, i.signedB) {
              try burn(&fuel)
              pc += i.signedC
            }

          case .forPrepare:
            if ra.tag | (ra + 1).tag != 0 || i.x != 0 { try prepareRange(ra, inclusive: i.x != 0) }
            ra.bits &-= 1
            pc += i.jump
          case .forRange:
            let next = ra.asInt &+ 1
            if next < (ra + 1).asInt {
              ra.bits = next
              try burn(&fuel)
              pc += i.jump
            }
          case .eachPrepare: try prepareEach(ra)
          case .forEach:
            if ra.tag == Tag.list {
              let position = (ra + 1).asInt &+ 1
              let (items, count) = ra.object(ListObject.self)._withUnsafeGuaranteedRef { ($0.items, $0.count) }
              if position < count {
                (ra + 1).bits = position
                base.at(i.b).copy(from: items + position)
              } else {
                pc += 1
              }
            } else if try !nextItem(ra, into: base.at(i.b)) {
              pc += 1
            }

          case .call:
            if ra.tag == Tag.function {
              try enter(ra.object(Closure.self), ra + 1, Int16(i.x), state, &frame, &pc, &base, &constants, &globals, &function)
              try burn(&fuel)
            } else {
              state.pointee.frames = frame
              try callOther(function, ra, 0, ra, Int(i.x), into: base.at(i.c))
            }
          case .callGlobal:
            let callee = globals + i.b
            if callee.tag == Tag.function {
              try enter(callee.object(Closure.self), ra + 1, Int16(i.x), state, &frame, &pc, &base, &constants, &globals, &function)
              try burn(&fuel)
            } else {
              state.pointee.frames = frame
              try callOther(function, callee, i.b, ra, Int(i.x), into: base.at(i.c))
            }
          case .callSpread:
            state.pointee.frames = frame
            try callSpread(function, i.b, ra, into: base.at(i.c))
          case .ret:
            // Moved out, not copied.
            let value = ra.raw
            ra.tag = Tag.none
            clearAll(base, i.b)
            if frame == floor {
              base.raw = value
              if let turns, turns._withUnsafeGuaranteedRef({ $0.next(base) }) {
                pc = entry.info.pointee.code
                continue
              }
              state.pointee.frames = floor
              return base.take()
            }
            leave(&frame, &pc, &base, &constants, &globals, &function)
            base.at((pc - 1).pointee.c).setRaw(value)
          case .retNone:
            clearAll(base, i.b)
            if frame == floor {
              base.setNone()
              if let turns, turns._withUnsafeGuaranteedRef({ $0.next(base) }) {
                pc = entry.info.pointee.code
                continue
              }
              state.pointee.frames = floor
              return base.take()
            }
            leave(&frame, &pc, &base, &constants, &globals, &function)
            base.at((pc - 1).pointee.c).setNone()
          case .closure: makeClosure(function, i.b, base, ra)
          case .fillLate: fillLate(ra, i.x != 0 ? nil : base.at(i.b))

          case .newList: newList(ra, base.at(i.b), i.c)
          case .newRecord: newRecord(function, ra, base.at(i.b), i.c)
          case .buildList: try buildList(function, ra, base.at(i.b), i.c)
          case .buildRecord: try buildRecord(function, ra, base.at(i.b), i.c)
          case .newRange: try newRange(ra, base.at(i.b), i.x)
          case .formatString: try formatString(function, ra, base.at(i.b), i.c)

          case .getIndex:
            let rb = base.at(i.b)
            let rc = base.at(i.c)
            if rb.tag == Tag.list && rc.tag == Tag.int {
              let (items, count) = rb.object(ListObject.self)._withUnsafeGuaranteedRef { ($0.items, $0.count) }
              if UInt(bitPattern: rc.asInt) < UInt(bitPattern: count) {
                ra.copy(from: items + rc.asInt)
                if i.x & 1 != 0 && rb != ra { rb.clear() }
                continue
              }
            }
            try getIndex(i.x, ra, rb, rc)
          case .getIndexes: try getIndexes(function, ra, base.at(i.b), i.c)
          case .getField:
            let rb = base.at(i.b)
            let word = FieldWord(pc.pointee.word)
            pc += 1
            if rb.tag == Tag.record {
              let (layout, items) = rb.object(RecordObject.self)._withUnsafeGuaranteedRef { ($0.layoutID, $0.items) }
              let cache = caches[word.cache]
              if layout == cache.layout {
                ra.copy(from: items + Int(cache.position))
                if i.x & 1 != 0 && rb != ra { rb.clear() }
                continue
              }
            }
            try getField(function, i.x, ra, rb, word)
          case .getIndexField:
            let rb = base.at(i.b)
            let rc = base.at(i.c)
            let word = FieldWord(pc.pointee.word)
            pc += 1
            if rb.tag == Tag.list && rc.tag == Tag.int {
              let (items, count) = rb.object(ListObject.self)._withUnsafeGuaranteedRef { ($0.items, $0.count) }
              if UInt(bitPattern: rc.asInt) < UInt(bitPattern: count), (items + rc.asInt).tag == Tag.record {
                let (layout, fields) = (items + rc.asInt).object(RecordObject.self)
                  ._withUnsafeGuaranteedRef { ($0.layoutID, $0.items) }
                let cache = caches[word.cache]
                if layout == cache.layout {
                  ra.copy(from: fields + Int(cache.position))
                  if i.x & 1 != 0 && rb != ra { rb.clear() }
                  continue
                }
              }
            }
            try getIndexField(function, i.x, ra, rb, rc, word)
          case .setIndex:
            let rb = base.at(i.b)
            let rc = base.at(i.c)
            if ra.tag == Tag.list && rb.tag == Tag.int && !(rc == ra) && ra.holdsUnique(ListObject.self) {
              let (items, count) = ra.object(ListObject.self)._withUnsafeGuaranteedRef { ($0.items, $0.count) }
              if UInt(bitPattern: rb.asInt) < UInt(bitPattern: count) {
                if i.x & 2 != 0 { (items + rb.asInt).moveIn(from: rc) } else { (items + rb.asInt).copy(from: rc) }
                continue
              }
            }
            try setIndex(i.x, ra, rb, rc)
          case .setField:
            let rc = base.at(i.c)
            let word = FieldWord(pc.pointee.word)
            pc += 1
            if ra.tag == Tag.record && !(rc == ra) && ra.holdsUnique(RecordObject.self) {
              let (layout, items) = ra.object(RecordObject.self)._withUnsafeGuaranteedRef { ($0.layoutID, $0.items) }
              let cache = caches[word.cache]
              if layout == cache.layout {
                let slot = items + Int(cache.position)
                if i.x & 2 != 0 { slot.moveIn(from: rc) } else { slot.copy(from: rc) }
                continue
              }
            }
            try setField(function, i.x, ra, rc, word)
          case .setIndexField:
            let rb = base.at(i.b)
            let rc = base.at(i.c)
            let word = FieldWord(pc.pointee.word)
            pc += 1
            if ra.tag == Tag.list && rb.tag == Tag.int && !(rc == ra) && ra.holdsUnique(ListObject.self) {
              let (items, count) = ra.object(ListObject.self)._withUnsafeGuaranteedRef { ($0.items, $0.count) }
              if UInt(bitPattern: rb.asInt) < UInt(bitPattern: count) {
                let item = items + rb.asInt
                if item.tag == Tag.record && item.holdsUnique(RecordObject.self) {
                  let (layout, fields) = item.object(RecordObject.self)._withUnsafeGuaranteedRef { ($0.layoutID, $0.items) }
                  let cache = caches[word.cache]
                  if layout == cache.layout {
                    let slot = fields + Int(cache.position)
                    if i.x & 2 != 0 { slot.moveIn(from: rc) } else { slot.copy(from: rc) }
                    continue
                  }
                }
              }
            }
            try setIndexField(function, i.x, ra, rb, rc, word)
          case .updateIndex:
            let rb = base.at(i.b)
            if ra.tag == Tag.list && rb.tag == Tag.int && ra.holdsUnique(ListObject.self) {
              let (items, count) = ra.object(ListObject.self)._withUnsafeGuaranteedRef { ($0.items, $0.count) }
              if UInt(bitPattern: rb.asInt) < UInt(bitPattern: count),
                (items + rb.asInt).update(i.x, by: base.at(i.c))
              {
                pc += 3
              }
            }
          case .updateField:
            let word = FieldWord(pc.pointee.word)
            pc += 1
            if ra.tag == Tag.record && ra.holdsUnique(RecordObject.self) {
              let (layout, items) = ra.object(RecordObject.self)._withUnsafeGuaranteedRef { ($0.layoutID, $0.items) }
              let cache = caches[word.cache]
              if layout == cache.layout, (items + Int(cache.position)).update(i.x, by: base.at(i.c)) { pc += 5 }
            }
          case .updateIndexField:
            let rb = base.at(i.b)
            let word = FieldWord(pc.pointee.word)
            pc += 1
            if ra.tag == Tag.list && rb.tag == Tag.int && ra.holdsUnique(ListObject.self) {
              let (items, count) = ra.object(ListObject.self)._withUnsafeGuaranteedRef { ($0.items, $0.count) }
              if UInt(bitPattern: rb.asInt) < UInt(bitPattern: count) {
                let item = items + rb.asInt
                if item.tag == Tag.record && item.holdsUnique(RecordObject.self) {
                  let (layout, fields) = item.object(RecordObject.self)._withUnsafeGuaranteedRef { ($0.layoutID, $0.items) }
                  let cache = caches[word.cache]
                  if layout == cache.layout, (fields + Int(cache.position)).update(i.x, by: base.at(i.c)) { pc += 5 }
                }
              }
            }
          case .setPlace:
            let site = Int(pc.pointee.word)
            pc += 1
            try setPlace(function, site, i.x == 0 ? ra : globals + i.a, isTopLevel: i.x != 0, base.at(i.b), base.at(i.c))
          case .push:
            let rb = base.at(i.b)
            let slot = globals + i.c
            if slot.tag == Tag.builtin && slot.bits == pushBits && ra.tag == Tag.list
              && rb != ra && ra.holdsUnique(ListObject.self)
            {
              let item = ra.object(ListObject.self)._withUnsafeGuaranteedRef { $0.appendSlot() }
              if i.x & 1 != 0 { item.moveIn(from: rb) } else { item.copy(from: rb) }
            } else {
              suspend(frame, base, function)
              try push(function, i.x, ra, rb, slot: i.c, globals)
            }

          case .match: if try matches(function, ra, into: base.at(i.b), pattern: i.c) { pc += 1 }
          case .bindPattern: try bindPattern(function, ra, into: base.at(i.b), pattern: i.c)
          case .contract: try enforceEntry(function, base, entry: i.b, into: ra)
          case .contractVar: try enforce(function, ra, contract: i.b, name: constants[i.c])
          case .contractResult: try enforceResult(function, ra, contract: i.b, state: base.at(i.c))
          case .raise: throw noArmFits(ra)
          case .refuse: throw refusal(function, i.b)
          case .use:
            suspend(frame, base, function)
            try use(function, constants[i.b], into: ra)
          case .typeValue: try typeValue(function, ra, base.at(i.b), i.c)
          case .makeModel: try makeModel(function, ra, base.at(i.c), blueprint: i.b)
          case .getMember: try getMember(function, i.b, model: i.c, isMethod: i.x != 0, into: ra)
          case .setMember: try setMember(function, i.b, from: ra)
          case .enterModel:
            suspend(frame, base, function)
            try enterModel(function, base, state: ra, entry: i.b)
          case .training: ra.setBool(applying.last?.isTraining ?? false)
          case .line: if tracings > 0 { origin.line = i.jump }
          }
        }
      } catch {
        // Look for a handler, frame by frame; the registers of frames that end are released.
        place(error, function, pc - 1, base)
        while true {
          if let handler = handler(for: error, function, pc - 1) {
            let info = function._withUnsafeGuaranteedRef { $0.info }
            clearAll(base + handler.firstTemporary, Int(info.pointee.registerCount) - handler.firstTemporary)
            clearWindow(above: base + Int(info.pointee.registerCount))
            base[handler.register] = errorRecord(error)
            pc = info.pointee.code + handler.target
            break
          }
          let info = function._withUnsafeGuaranteedRef { $0.info }
          clearAll(base, Int(info.pointee.registerCount))
          clearWindow(above: base + Int(info.pointee.registerCount))
          if frame == floor {
            state.pointee.frames = floor
            throw error
          }
          (base - 1).clear()
          frame -= 1
          pc = frame.pointee.code
          base = frame.pointee.base
          constants = frame.pointee.constants
          globals = frame.pointee.globals
          function = frame.pointee.function
          trace(error, function, pc - 1, base)
        }
      }
    }
  }
}

extension UnsafeMutablePointer<Value> {
  /// The register at a byte offset, as instructions name it.
  @inline(__always) func at(_ offset: Int) -> Registers {
    (UnsafeMutableRawPointer(self) + offset).assumingMemoryBound(to: Value.self)
  }
}
