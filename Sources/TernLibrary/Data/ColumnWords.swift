import TernData
import TernRuntime
import TernSyntax
import TernTensor

/// Columns measured, converted, ordered and mended.
enum ColumnWords {
  static var builtins: [Builtin] { facts + conversions + order + texts }

  private static var facts: [Builtin] {
    [
      Builtin("shape(column: column) -> list", "The number of rows, and the shape of each.", example: "shape(dataset({x: [1, 2]}).x)  #> [2]") {
        call throws(Fault) in
        let column = try call.column(0).column
        guard case .tensor(_, let row) = column.type else { return .list([.int(column.count)]) }
        return .list(([column.count] + row).map(Value.int))
      },
      Builtin(
        "flatten(column: column) -> tensor", "The numbers of all rows along one axis.",
        example: "flatten(dataset({x: ones(2, 2)}).x)  #> f32[4]  [1.0, 1.0, 1.0, 1.0]"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0)
        return try call.core { () throws(TensorError) in try tensor.reshaped([tensor.count]) }
      },
      Builtin("dtype(column: column) -> type", "The dtype the column has as a tensor.", example: "dtype(dataset({x: [1, 2]}).x)  #> i64") {
        call throws(Fault) in
        let column = try call.column(0)
        guard let dtype = column.column.naturalDType else { throw call.refusal(0, takes: "numbers") }
        return .type(TypeObject(name: dtype.name))
      },
      Builtin(
        "missing(column: column) -> column", "Where cells are missing.", example: "sum(missing(dataset({x: [1, none]}).x))  #> 1"
      ) { call throws(Fault) in .column(try call.column(0).column.isMissing) },
    ]
  }

  private static var conversions: [Builtin] {
    [
      Builtin(
        "tensor(column: column, dtype: type = none) -> tensor",
        "The numbers as a tensor: of the dtype it was made from, else f32. None may be missing.",
        example: "tensor(dataset({x: [1, 2]}).x)  #> f32[2]  [1.0, 2.0]", body: tensor),
      conversion("str", "The cells as strings.") { try $0.texts() },
      conversion("int", "The cells as ints, without their fractions.") { try $0.ints() },
      conversion("float", "The cells as floats.") { try $0.floats() },
      conversion("time", "The cells as times.") { try $0.times() },
      Builtin(
        "fill(column: column, value) -> column", "The column with a value for missing cells.",
        example: "fill(dataset({x: [1, none]}).x, 0)[1]  #> 0"
      ) { call throws(Fault) in
        let column = try call.column(0)
        let cell = try Cell.of(call[1], in: column.name)
        return .column(try dataCall { try column.column.filled(with: cell, name: column.name) }, name: column.name)
      },
      Builtin(
        "drop_missing(column: column) -> column", "The cells that are not missing.",
        example: "len(drop_missing(dataset({x: [1, none]}).x))  #> 1"
      ) { call throws(Fault) in
        let column = try call.column(0)
        return .column(column.column.gathered((0..<column.column.count).filter(column.column.isPresent)), name: column.name)
      },
      Builtin(
        "where(mask: column, then, otherwise) -> column", "Cell by cell one value or another: where the mask is true, and where not.",
        example: "where(dataset({x: [1, 5]}).x > 2, \"big\", \"small\")[1]  #> \"big\"", body: choice),
    ]
  }

  private static var order: [Builtin] {
    [
      Builtin(
        "sort(column: column, descending: bool = false) -> column", "The cells in order, missing ones last.",
        example: "sort(dataset({x: [3, 1]}).x)[0]  #> 1"
      ) { call throws(Fault) in
        let column = try call.column(0), descending = try call.flag(1)
        return .column(try dataCall { column.column.gathered(try column.column.order(descending: descending)) }, name: column.name)
      },
      Builtin("unique(column: column) -> column", "Each cell once, where it first stands.", example: "len(unique(dataset({x: [1, 1]}).x))  #> 1") {
        call throws(Fault) in .column(try call.column(0).column.distinct(), name: try call.column(0).name)
      },
      cut("take", "The first n cells, or all when there are fewer.") { 0..<min($0, $1) },
      cut("skip", "The column without its first n cells.") { min($0, $1)..<$1 },
      Builtin("reverse(column: column) -> column", "The cells from the last to the first.", example: "reverse(dataset({x: [1, 2]}).x)[0]  #> 2") {
        call throws(Fault) in
        let column = try call.column(0)
        return .column(column.column.gathered((0..<column.column.count).reversed()), name: column.name)
      },
    ]
  }

  private static var texts: [Builtin] {
    [
      Builtin("lower(column: column) -> column", "The texts in lower case.", example: "lower(dataset({x: [\"Ab\"]}).x)[0]  #> \"ab\"") {
        call throws(Fault) in try texts(call) { .text($0.lowercased()) }
      },
      Builtin("upper(column: column) -> column", "The texts in upper case.", example: "upper(dataset({x: [\"Ab\"]}).x)[0]  #> \"AB\"") {
        call throws(Fault) in try texts(call) { .text($0.uppercased()) }
      },
      Builtin(
        "starts_with(column: column, start: str) -> column", "Where texts begin so.",
        example: "sum(starts_with(dataset({x: [\"ab\", \"b\"]}).x, \"a\"))  #> 1"
      ) { call throws(Fault) in
        let start = Array(try call.string(1).text.utf8)
        return try texts(call) { .bool($0.utf8.starts(with: start)) }
      },
    ]
  }

  // MARK: Bodies

  private static func conversion(_ name: String, _ sentence: String, _ convert: @escaping (Column) throws -> Column) -> Builtin {
    let example = name == "time" ? "" : "\(name)(dataset({x: [\"7\"]}).x)[0] == \(name)(\"7\")  #> true"
    return Builtin("\(name)(column: column) -> column", sentence, example: example) { call throws(Fault) in
      let column = try call.column(0)
      return .column(try dataCall { try convert(column.column) }, name: column.name)
    }
  }

  private static func cut(_ name: String, _ sentence: String, _ rows: @escaping (Int, Int) -> Range<Int>) -> Builtin {
    Builtin("\(name)(column: column, n: int) -> column", sentence, example: "len(\(name)(dataset({x: [1, 2]}).x, 1))  #> 1") {
      call throws(Fault) in
      let column = try call.column(0)
      return .column(column.column.sliced(rows(try call.count(1), column.column.count)), name: column.name)
    }
  }

  private static func tensor(_ call: borrowing Call) throws(Fault) -> Value {
    let column = try call.column(0), dtype = try call.dtype(1)
    if case .tensor(let cells) = column.column.cells, let dtype {
      return .tensor(try tensorCall { () throws(TensorError) in try cells.tensor.cast(dtype) })
    }
    return .tensor(try dataCall { try column.column.tensor(dtype, name: column.name) })
  }

  private static func choice(_ call: borrowing Call) throws(Fault) -> Value {
    let mask = try call.column(0).column
    guard let then = TernData.Operand(call[1]), let otherwise = TernData.Operand(call[2]) else {
      throw call.refusal(1, takes: "a mask, then two columns or cells")
    }
    return .column(try dataCall { try Column.choice(mask, then, otherwise) })
  }

  private static func texts(_ call: borrowing Call, _ change: (String) -> Cell) throws(Fault) -> Value {
    let column = try call.column(0), word = call.builtin.name
    return .column(try dataCall { try column.column.mapText(word, change) }, name: column.name)
  }
}
