package import TernData

/// What is known of a run without its model: the contents of `run.json`.
package struct RunRecord: Equatable, Sendable {
  package enum Status: String, Sendable {
    /// Also of a run whose process was killed.
    case running
    case done, interrupted, failed
  }

  /// Also the name of the run's folder.
  package var id: String
  package var started: Timestamp
  package var ended: Timestamp?
  package var status: Status
  package var seed: Int
  /// What the run was asked for, as `epochs` and `optimizer`.
  package var parameters: [JSONMember]
  /// The numbers it came to.
  package var metrics: [Metric]
  /// Of Tern and what it stands on: names and texts.
  package var versions: [JSONMember]
  package var machine: MachineFacts
  /// Tells whether another run saw the same data.
  package var dataFingerprint: String?
  /// The script and the files it read, each with a hash of its bytes.
  package var inputs: [JSONMember] = []
  /// What kept it from being faster, with figures.
  package var bound: [JSONMember] = []
  /// Why it failed, in words.
  package var failure: String?

  package init(
    id: String, started: Timestamp, status: Status = .running, seed: Int, parameters: [JSONMember] = [],
    versions: [JSONMember] = [], machine: MachineFacts = .current, dataFingerprint: String? = nil
  ) {
    self.id = id
    self.started = started
    self.status = status
    self.seed = seed
    self.parameters = parameters
    metrics = []
    self.versions = versions
    self.machine = machine
    self.dataFingerprint = dataFingerprint
  }
}

extension RunRecord {
  static let format = "tern-run"
  static let version = 1

  package var json: JSONValue {
    let known: [(String, JSONValue?)] = [
      ("format", .string(RunRecord.format)), ("version", .int(RunRecord.version)),
      ("id", .string(id)), ("status", .string(status.rawValue)),
      ("started", .string(started.text)), ("ended", ended.map { .string($0.text) }),
      ("seed", .int(seed)), ("parameters", .object(parameters)),
      ("metrics", .object(metrics.map { JSONMember($0.name, .double($0.value)) })),
      ("data_fingerprint", dataFingerprint.map { .string($0) }), ("failure", failure.map { .string($0) }),
      ("inputs", inputs.isEmpty ? Optional.none : .some(.object(inputs))), ("bound", bound.isEmpty ? Optional.none : .some(.object(bound))),
      ("versions", .object(versions)), ("machine", machine.json),
    ]
    return .object(known.compactMap { name, value in value.map { JSONMember(name, $0) } })
  }

  /// nil when the JSON is no run of a version this Tern reads.
  package init?(json: JSONValue) {
    guard json["format"] == .string(RunRecord.format), json["version"] == .int(RunRecord.version),
      let id = json["id"]?.string, let status = json["status"]?.string.flatMap(Status.init(rawValue:)),
      let started = json["started"]?.string.flatMap(Timestamp.init(text:)), let seed = json["seed"]?.int,
      let parameters = json["parameters"]?.members, let metrics = json["metrics"]?.members,
      let versions = json["versions"]?.members, let machine = json["machine"].flatMap(MachineFacts.init(json:))
    else { return nil }
    self.init(
      id: id, started: started, status: status, seed: seed, parameters: parameters, versions: versions,
      machine: machine, dataFingerprint: json["data_fingerprint"]?.string)
    ended = json["ended"]?.string.flatMap(Timestamp.init(text:))
    // A metric that is not finite was written as null.
    self.metrics = metrics.map { Metric($0.name, $0.value.number ?? .nan) }
    failure = json["failure"]?.string
    inputs = json["inputs"]?.members ?? []
    bound = json["bound"]?.members ?? []
  }
}
