import TernData
import TernRuntime
import TernSyntax
import TernTensor

/// Arguments of the words for tables.
extension Call {
  func dataset(_ position: Int) throws(Fault) -> DatasetValue {
    guard case .foreign(let foreign) = self[position], let data = foreign.value as? DatasetValue else {
      throw refusal(position, takes: "a dataset")
    }
    return data
  }

  func column(_ position: Int) throws(Fault) -> ColumnValue {
    guard case .foreign(let foreign) = self[position], let column = foreign.value as? ColumnValue else {
      throw refusal(position, takes: "a column")
    }
    return column
  }

  /// Names of columns given by position; also one list of them, or one str.
  func names(_ position: Int) throws(Fault) -> [String] {
    switch self[position] {
    case .string(let name): return [name.text]
    case .list(let list):
      var names: [String] = []
      for item in list.values {
        switch item {
        case .string(let name): names.append(name.text)
        case .list(let inner) where list.count == 1:
          for item in inner.values { names.append(try name(item, position)) }
        default: names.append(try name(item, position))
        }
      }
      return names
    default: throw refusal(position, takes: "names of columns")
    }
  }

  private func name(_ value: Value, _ position: Int) throws(Fault) -> String {
    guard case .string(let name) = value else {
      throw Fault(.badArgument, "`\(builtin.name)` takes names of columns; this is \(value.description)", hint: "`\"name\"`")
    }
    return name.text
  }

  /// The labels that are no parameters, in order.
  func labels(_ position: Int) -> [(name: String, value: Value)] {
    guard case .record(let record) = self[position] else { return [] }
    return record.layout.keys.indices.map { (record.layout.keys[$0].text, record.items[$0]) }
  }

  /// The key of `seed:`, else of the next draw.
  func key(_ position: Int) throws(Fault) -> Key {
    has(position) ? Key(seed: try integer(position)) : try machine.chance.nextKey()
  }

  /// The same for tensors of chance, which may depend on what is not known yet.
  func stream(_ position: Int) throws(Fault) -> StreamKey {
    has(position) ? .known(Key(seed: try integer(position))) : try machine.chance.next()
  }

  /// A verb's result: a dataset that says no more of missing cells than the one it comes from.
  func result(_ dataset: Dataset, from source: DatasetValue) throws(Fault) -> Value {
    .foreign(Foreign(try DatasetValue(dataset, remarks: source.remarks)))
  }
}
