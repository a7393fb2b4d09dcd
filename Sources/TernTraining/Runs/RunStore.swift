package import TernData

/// The folder where runs are kept, each in a folder of its own named by its id.
package struct RunStore: Equatable, Sendable {
  package let root: String

  static let recordName = "run.json"
  static let eventsName = "events.jsonl"
  /// The largest file read, in bytes.
  private static let fileLimit = 256 << 20

  package init(root: String) { self.root = root }

  /// `$TERN_HOME/runs`, else the user's state folder, `~/.local/state/tern/runs`; nil when neither is known.
  package static func standard(environment: (String) -> String? = ProcessEnvironment.value) -> RunStore? {
    let candidates = [("TERN_HOME", "/runs"), ("XDG_STATE_HOME", "/tern/runs"), ("HOME", "/.local/state/tern/runs")]
    for (variable, suffix) in candidates {
      if let folder = environment(variable), !folder.isEmpty { return RunStore(root: folder + suffix) }
    }
    return nil
  }
}

/// Why a run cannot be read.
package enum RunStoreError: Error, Equatable, Sendable {
  case file(FileError)
  /// The text is no id: it could name something outside the store.
  case badID(String)
  case badJSON(path: String, JSONError)
  /// JSON, but no run of ours.
  case notARun(path: String)
  case tooLarge(path: String, bytes: Int, limit: Int)
}

/// What a store holds.
package struct RunListing: Equatable, Sendable {
  /// Oldest first.
  package var runs: [RunRecord] = []
  /// Folders that are no sound run, and why.
  package var damaged: [(id: String, error: RunStoreError)] = []

  package static func == (a: RunListing, b: RunListing) -> Bool {
    a.runs == b.runs && a.damaged.elementsEqual(b.damaged, by: ==)
  }
}

// MARK: Reading

extension RunStore {
  /// Every run of the store; one that is damaged does not hide the others. A store that does not exist yet is empty.
  package func list() -> RunListing {
    var listing = RunListing()
    for id in names where Folder.kind(of: "\(root)/\(id)") == .folder {
      do { listing.runs.append(try record(of: id)) } catch { listing.damaged.append((id, error)) }
    }
    listing.runs.sort { ($0.started, $0.id) < ($1.started, $1.id) }
    return listing
  }

  private var names: [String] { (try? Folder.names(in: root))?.filter { !$0.hasPrefix(".") } ?? [] }

  package func record(of id: String) throws(RunStoreError) -> RunRecord {
    let path = try folder(of: id) + "/" + RunStore.recordName
    let bytes = try contents(of: path)
    let json: JSONValue
    do { json = try JSONValue(parsing: bytes) } catch { throw .badJSON(path: path, error) }
    guard let record = RunRecord(json: json), record.id == id else { throw .notARun(path: path) }
    return record
  }

  /// The events of a run in the order they were written. A line that a crash cut short is left out.
  package func events(of id: String) throws(RunStoreError) -> [RunEvent] {
    let bytes = try contents(of: try folder(of: id) + "/" + RunStore.eventsName)
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      (try? JSONValue(parsing: Array(line))).flatMap(RunEvent.init(json:))
    }
  }

  /// The folder of a run; an id is one name, never a path.
  func folder(of id: String) throws(RunStoreError) -> String {
    let isName = !id.isEmpty && !id.hasPrefix(".") && !id.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    guard isName else { throw .badID(id) }
    return "\(root)/\(id)"
  }

  private func contents(of path: String) throws(RunStoreError) -> [UInt8] {
    let file: DiskFile
    let size: Int
    do {
      file = try DiskFile.reading(path)
      size = try file.size()
    } catch {
      throw .file(error)
    }
    guard size <= RunStore.fileLimit else { throw .tooLarge(path: path, bytes: size, limit: RunStore.fileLimit) }
    do { return try file.bytes(count: size) } catch { throw .file(error) }
  }
}
