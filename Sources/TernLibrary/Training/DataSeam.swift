import TernData
import TernRuntime
import TernTensor

final class DatasetValue: ForeignValue {
  let dataset: Dataset
  init(_ d: Dataset) { dataset = d }
  var kind: String { "dataset" }
}
func dataCall<T>(_ body: () throws -> T) throws(Fault) -> T {
  do { return try body() } catch let fault as Fault { throw fault } catch let error as DataError { throw Fault(error) } catch {
    throw Fault(.internalFault, "\(error)")
  }
}
extension Fault { convenience init(_ e: DataError) { self.init(.columnType, "\(e)") } }
extension Value {
  init(_ cell: Cell) {
    self =
      switch cell {
      case .missing: .none
      case .int(let number): .int(number)
      case .float(let number): .float(number)
      case .bool(let flag): .bool(flag)
      case .text(let text): .string(text)
      case .time(let nanoseconds): .time(nanoseconds)
      case .tensor(let cells): .tensor(cells.tensor)
      }
  }
}
extension Cell {
  static func of(_ value: Value, in column: String) throws(Fault) -> Cell {
    switch value {
    case .none: .missing
    case .int(let number): .int(number)
    case .float(let number): .float(number)
    case .bool(let flag): .bool(flag)
    case .string(let text): .text(text.text)
    case .time(let nanoseconds): .time(nanoseconds)
    case .tensor(let tensor): .tensor(TensorCells(tensor))
    default: .missing
    }
  }
}
