import TernSyntax

/// Registers and frames beside those in use, a lane for each time that work set apart starts other such work.
struct Lanes {
  private var ready: [Machine.State] = []
  private(set) var inUse = 0

  static let limit = 64
  private static let stackSlots = 1 << 20

  /// The next lane; nil when too many are in use.
  mutating func enter() -> Machine.State? {
    guard inUse < Lanes.limit else { return nil }
    if inUse == ready.count { ready.append(Lanes.reserved()) }
    inUse += 1
    return ready[inUse - 1]
  }

  mutating func leave() { inUse -= 1 }

  func release() {
    for lane in ready {
      Machine.release(lane.frames, Lanes.stackSlots)
      Machine.release(lane.stack, Lanes.stackSlots)
    }
  }

  /// Address space, of which only the touched pages become memory.
  private static func reserved() -> Machine.State {
    let frames = Machine.reserve(stackSlots, of: Frame.self)
    let stack = Machine.reserve(stackSlots, of: Value.self)
    return Machine.State(
      frames: frames, stack: stack,
      stackEnd: stack + stackSlots - FunctionCompiler.registerLimit * 2, top: stack + 1)
  }
}

extension Machine {
  /// Runs what may be asked for in the middle of an instruction, as the rows of a lazy dataset are. How far the registers and
  /// frames in use go is noted only where code calls something, so this gets others.
  package func apart<T>(_ body: () throws(Fault) -> T) throws(Fault) -> T {
    guard var lane = lanes.enter() else { throw tooDeep() }
    let suspended = state.pointee
    lane.nested = suspended.nested
    state.pointee = lane
    defer {
      state.pointee = suspended
      lanes.leave()
    }
    return try body()
  }
}
