import TernData
import TernRuntime
import TernSyntax
import TernTensor

/// What a table is: its size, names and statistics, and the tensor of its numbers.
enum TableFacts {
  static var builtins: [Builtin] {
    [
      Builtin("len(data: dataset) -> int", "The number of rows.", example: "len(sample(\"iris\"))  #> 150") { call throws(Fault) in
        .int(try call.dataset(0).table().rowCount)
      },
      Builtin(
        "shape(data: dataset) -> list", "The number of rows and of columns.", example: "shape(sample(\"iris\"))  #> [150, 5]"
      ) { call throws(Fault) in
        let table = try call.dataset(0).table()
        return .list([.int(table.rowCount), .int(table.names.count)])
      },
      Builtin(
        "keys(data: dataset) -> list", "The names of the columns.", example: "keys(dataset({x: [1], y: [2]}))  #> [\"x\", \"y\"]"
      ) { call throws(Fault) in .list(try call.dataset(0).fieldNames.map { Value.string($0) }) },
      Builtin(
        "describe(data: dataset) -> dataset", "A row for each column: its type, how many cells it has, and what they come to.",
        example: "describe(sample(\"iris\")).mean[2]  #> 3.7580000000000005"
      ) { call throws(Fault) in
        let table = try call.dataset(0).table()
        return .dataset(try dataCall { try Describe.table(table) })
      },
      Builtin(
        "tensor(data: dataset, dtype: type = none) -> tensor", "The columns of numbers side by side, a row a row.",
        example: "shape(tensor(sample(\"iris\")))  #> [150, 4]", body: tensor),
      Builtin(
        "fill(data: dataset, labels: record = none) -> dataset", "The dataset with cells for those that are missing, by column.",
        example: "fill(dataset({x: [1, none]}), x: 0).x[1]  #> 0", body: fill),
    ]
  }

  private static func tensor(_ call: borrowing Call) throws(Fault) -> Value {
    let features = try call.dataset(0).features()
    guard let dtype = try call.dtype(1) else { return .tensor(features) }
    return .tensor(try tensorCall { () throws(TensorError) in try features.cast(dtype) })
  }

  private static func fill(_ call: borrowing Call) throws(Fault) -> Value {
    let data = try call.dataset(0)
    var dataset = data.dataset
    for (name, value) in call.labels(1) {
      let cell = try Cell.of(value, in: name)
      guard data.fieldNames.contains(name) else { throw Fault(DataError.unknownColumn(name, among: data.fieldNames)) }
      dataset = dataset.derive(name) { try $0.column(name).filled(with: cell, name: name) }
    }
    return try call.result(dataset, from: data)
  }
}
