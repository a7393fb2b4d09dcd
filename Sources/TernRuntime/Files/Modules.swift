import Glibc
package import TernSyntax
import TernTensor

/// The files a program has used, and the library's: each runs once.
package struct Modules {
  enum Status {
    case running
    case done(File)
  }
  var used: [String: Status] = [:]
  /// The library's files by the name of their source.
  var library: [String: Status] = [:]

  package init() {}
}

extension Machine {
  /// `use "path"`: runs the file once, silently, and gives the record of its top-level names.
  @inline(never)
  func use(_ function: Unmanaged<Closure>, _ path: Value, into target: Registers) throws(Fault) {
    guard case .string(let text) = path else { return }
    let user = function._withUnsafeGuaranteedRef { $0.prototype.file }
    let folder = user.path.map(FilePath.folder) ?? scriptFolder ?? "."
    target.pointee = .record(exports(of: try module(FilePath.resolve(text.text, in: folder), text.text)))
  }

  private func exports(of file: File) -> RecordObject {
    let record = RecordObject()
    for name in file.definedNames {
      if let value = file.value(of: name) { record.set(name, value) }
    }
    return record
  }

  private func module(_ path: String, _ written: String) throws(Fault) -> File {
    switch modules.used[path] {
    case .done(let file)?: return file
    case .running?:
      throw Fault(.cyclicUse, "`use \"\(written)\"` goes in a circle: that file is still running")
    case nil: break
    }
    if denied.contains(.reads), !isRehearsing { throw Fault(.denied, "`use` reads a file outside of the script, which this sandbox denies") }
    cellNotes?.add(path: path)
    let bytes = try FilePath.read(path, as: written)
    modules.used[path] = .running
    do throws(Fault) {
      let file = File(path: path)
      let source = SourceText(name: written, bytes: bytes)
      chance.push(try chance.key.fold(path))
      defer { chance.pop() }
      try run(wholeFile: source, in: file)
      modules.used[path] = .done(file)
      return file
    } catch {
      modules.used[path] = nil
      throw error
    }
  }

  /// Runs all cells of a file without showing anything.
  func run(wholeFile source: SourceText, in file: File) throws(Fault) {
    let tree = parse(source)
    if let first = tree.diagnostics.first { throw Fault(first) }
    let output = self.output
    if file.role == .user { self.output = { _ in } }
    defer { self.output = output }
    for cell in tree.cells where !cell.flags.contains("skip") {
      let compiled: CompiledCell
      do throws(CompileFailure) { compiled = try compile(cell.statements, of: source, in: file) } catch {
        throw error.diagnostics.first.map { Fault($0) } ?? Fault(.internalFault, "this file does not compile")
      }
      for step in compiled.steps { _ = try run(step.prototype) }
    }
  }

  /// A name that the library in Tern's own language defines: its file is compiled and run when the first of its names is used.
  func libraryValue(_ name: String, askedBy asker: File) throws(Fault) -> Value? {
    guard let library = vocabulary.library, let source = library.source(defining: name) else { return nil }
    switch modules.library[source.name] {
    case .done(let file)?: return file.value(of: name)
    case .running?: return nil
    case nil: break
    }
    modules.library[source.name] = .running
    let file = File(path: nil, role: .library)
    // The library's own code keeps a stack above the asker's, and streams of chance of its own.
    let top = state.pointee.top
    defer { state.pointee.top = top }
    try run(wholeFile: source, in: file)
    modules.library[source.name] = .done(file)
    return file.value(of: name)
  }
}

extension Fault {
  /// An error found before anything ran.
  package convenience init(_ diagnostic: Diagnostic) {
    self.init(diagnostic.code, diagnostic.message, hint: diagnostic.hint)
    notes = diagnostic.notes
    labels = diagnostic.labels
    trace = diagnostic.trace
    isPlaced = !diagnostic.labels.isEmpty
    if let first = labels.first { line = first.source.line(at: first.range.start) }
  }
}

extension Machine {
  /// A path of a script: relative to the script's folder, at the prompt to the working directory.
  package func path(_ written: String) -> String {
    let path = FilePath.resolve(written, in: scriptFolder ?? ".")
    cellNotes?.add(path: path)
    return path
  }
}

/// Paths as scripts write them.
package enum FilePath {
  package static func folder(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  package static func resolve(_ path: String, in folder: String) -> String {
    if path.hasPrefix("/") { return path }
    if path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") { return String(cString: home) + path.dropFirst() }
    return folder == "." ? path : folder + "/" + path
  }

  /// What lies in a folder, in order; nothing when it cannot be read.
  package static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      })
    }
    return names.sorted()
  }

  /// All bytes of a file.
  package static func read(_ path: String, as written: String) throws(Fault) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw missing(written, path) }
    defer { fclose(file) }
    var status = stat()
    if fstat(fileno(file), &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw Fault(.cannotRead, "\"\(written)\" is a folder")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    if ferror(file) != 0 { throw Fault(.cannotRead, "\"\(written)\" cannot be read: \(String(cString: strerror(errno)))") }
    return bytes
  }

  private static func name(_ path: String) -> String { String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "") }

  /// The names in a folder, of a large one the first few thousand.
  private static func contents(of folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while names.count < 4096, let entry = readdir(stream) {
      names.append(withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      })
    }
    return names.sorted()
  }

  /// - Parameter what: what was looked for.
  package static func missing(_ written: String, _ path: String, _ what: String = "no file") -> Fault {
    let reason = errno
    if what == "no file", reason != ENOENT && reason != ENOTDIR {
      return Fault(.cannotRead, "\"\(written)\" cannot be read: \(String(cString: strerror(reason)))")
    }
    var hint: String?
    if path != written, access(written, F_OK) == 0 {
      hint = "there is one in the working directory; paths in a script are relative to the script"
    } else if let near = didYouMean(name(path), among: contents(of: folder(path))) {
      hint = "did you mean \"\(written.dropLast(name(written).count))\(near)\"?"
    }
    return Fault(.noSuchFile, "there is \(what) \"\(written)\"", hint: hint).about(written)
  }
}
