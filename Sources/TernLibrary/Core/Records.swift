import TernRuntime
import TernSyntax

/// Records, and models as far as they are records of their members.
enum Records {
  static var builtins: [Builtin] {
    [
      Builtin(
        "get(r: record, key: str, default = none)", "The field under a key, or the default where there is none.",
        example: "get({a: 1}, \"b\", 0)  #> 0", body: get),
      Builtin("keys(r: record) -> list", "The keys, in order.", example: "keys({a: 1, b: 2})  #> [\"a\", \"b\"]", body: keys),
      Builtin("values(r: record) -> list", "The fields' values, in order.", example: "values({a: 1, b: 2})  #> [1, 2]", body: values),
      Builtin(
        "items(r: record) -> list", "Each key with its value.",
        example: "items({a: 1, b: 2})  #> [[\"a\", 1], [\"b\", 2]]", body: items),
    ]
  }

  private static func get(_ call: borrowing Call) throws(Fault) -> Value {
    guard case .record(let record) = call[0] else { throw call.refusal(0, takes: "a record or a list") }
    guard case .string(let key) = call[1] else {
      throw Fault(.badKey, "a record's keys are strings; this is \(call[1].description)", hint: "`str(k)` makes a key of it")
        .marking(1, call[1].description)
    }
    return record[key.text] ?? call[2]
  }

  private static func keys(_ call: borrowing Call) throws(Fault) -> Value {
    .list(try fields(call).map { .string($0.key) })
  }

  private static func values(_ call: borrowing Call) throws(Fault) -> Value {
    .list(try fields(call).map { $0.value })
  }

  private static func items(_ call: borrowing Call) throws(Fault) -> Value {
    .list(try fields(call).map { .list([.string($0.key), $0.value]) })
  }

  private static func fields(_ call: borrowing Call) throws(Fault) -> [(key: String, value: Value)] {
    switch call[0] {
    case .record(let record): return record.layout.keys.indices.map { (record.layout.keys[$0].text, record.items[$0]) }
    case .model(let model):
      return model.blueprint.fieldNames.compactMap { name in model.position(of: name).map { (name, model.items[$0]) } }
    default: throw call.refusal(0, takes: "a record", hint: "`enumerate(xs)` gives a list's items with their positions")
    }
  }
}
