import TernData
import TernRuntime
import TernSyntax

/// Verbs that draw: what they draw depends on the seed alone, or on the cell's own stream.
enum ChanceVerbs {
  static var builtins: [Builtin] {
    [
      Builtin(
        "split(data: dataset, seed: int = none, labels: record = none) -> record",
        "Disjoint random parts by name: `train: 0.8, test: 0.2`; the share `none` is what the others leave.",
        example: "len(split(sample(\"iris\"), train: 0.8, test: 0.2, seed: 1).train)  #> 120", effect: .draws, body: split),
      Builtin(
        "shuffle(data: dataset, seed: int = none) -> dataset", "The rows in random order.",
        example: "len(shuffle(sample(\"iris\"), seed: 1))  #> 150", effect: .draws
      ) { call throws(Fault) in try call.result(try call.dataset(0).dataset.shuffle(key: try call.key(1)), from: try call.dataset(0)) },
      Builtin(
        "sample(data: dataset, n: int, seed: int = none) -> dataset", "n random rows, none of them twice.",
        example: "len(sample(sample(\"iris\"), 10, seed: 1))  #> 10", effect: .draws
      ) { call throws(Fault) in
        let data = try call.dataset(0)
        return try call.result(data.dataset.sample(try call.count(1), key: try call.key(2)), from: data)
      },
    ]
  }

  private static func split(_ call: borrowing Call) throws(Fault) -> Value {
    let data = try call.dataset(0)
    var parts: [SplitPart] = []
    for (name, share) in call.labels(2) {
      parts.append(SplitPart(name, share.isNone ? .rest : .fraction(try call.machine.double(share, "a share between 0 and 1"))))
    }
    guard !parts.isEmpty else {
      throw Fault(.missingArgument, "`split` needs parts", hint: "`split(d, train: 0.8, test: 0.2)`")
    }
    let key = try call.key(1), chosen = parts
    let result = RecordObject()
    for (name, part) in try dataCall({ try data.dataset.split(chosen, key: key) }) {
      result.set(name, try call.result(part, from: data))
    }
    return .record(result)
  }
}
