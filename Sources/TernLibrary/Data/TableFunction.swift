import TernData
import TernRuntime
import TernSyntax
import TernTensor

/// A function of the script that a lazy verb keeps until rows are made. It keeps the top-level definitions it was given
/// with, and a stream of chance of its own, so that it does not matter when it runs.
///
/// `@unchecked Sendable`: plans run where they are asked for, on the thread of the machine that made them; a plan crosses to
/// no other thread while it holds one of these.
final class TableFunction: @unchecked Sendable {
  private let machine: Machine
  private let function: Value
  private let snapshot: Snapshot?
  private let key: Key

  init(_ function: Value, _ machine: Machine) throws(Fault) {
    self.machine = machine
    self.function = function
    key = try machine.chance.nextKey()
    if case .function(let closure) = function {
      snapshot = machine.snapshot(reaching: closure.prototype.globals, in: closure.prototype.file)
    } else {
      snapshot = nil
    }
  }

  /// What the function gives for the columns of a table; `part` tells apart the tables one verb calls it for.
  func callAsFunction(_ table: Table, part: Int = 0) throws(Fault) -> Value {
    machine.chance.push(key.fold(part))
    defer { machine.chance.pop() }
    return try machine.apart { () throws(Fault) in
      try machine.installing(snapshot) { () throws(Fault) in
        try machine.call(function, .foreign(Foreign(DatasetValue(table))))
      }
    }
  }
}
