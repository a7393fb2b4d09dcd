package import TernData

/// Something that happened in a run: one line of `events.jsonl`.
package struct RunEvent: Equatable, Sendable {
  package var time: Timestamp
  package var run: String
  /// What happened, as `epoch` or `warning`.
  package var kind: String
  package var model: String?
  package var version: String?
  /// Steps made when it happened.
  package var step: Int?
  /// The notebook cell it happened in.
  package var cell: String?
  package var fields: [JSONMember]

  package init(
    time: Timestamp, run: String, kind: String, model: String? = nil, version: String? = nil, step: Int? = nil,
    cell: String? = nil, fields: [JSONMember] = []
  ) {
    self.time = time
    self.run = run
    self.kind = kind
    self.model = model
    self.version = version
    self.step = step
    self.cell = cell
    self.fields = fields
  }
}

extension RunEvent {
  /// What is not known is left out.
  package var json: JSONValue {
    let known: [(String, JSONValue?)] = [
      ("time", .string(time.text)), ("run", .string(run)), ("kind", .string(kind)),
      ("model", model.map { .string($0) }), ("version", version.map { .string($0) }),
      ("step", step.map { .int($0) }), ("cell", cell.map { .string($0) }),
      ("fields", fields.isEmpty ? nil : .object(fields)),
    ]
    return .object(known.compactMap { name, value in value.map { JSONMember(name, $0) } })
  }

  /// nil when the JSON is no event.
  package init?(json: JSONValue) {
    guard let time = json["time"]?.string.flatMap(Timestamp.init(text:)), let run = json["run"]?.string,
      let kind = json["kind"]?.string
    else { return nil }
    self.init(
      time: time, run: run, kind: kind, model: json["model"]?.string, version: json["version"]?.string,
      step: json["step"]?.int, cell: json["cell"]?.string, fields: json["fields"]?.members ?? [])
  }
}
