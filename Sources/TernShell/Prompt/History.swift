internal import Glibc

/// The cells of earlier sessions, in `$XDG_STATE_HOME/tern/history`: one line each, further lines of a cell behind a tab.
struct History {
  private let path: String?
  private(set) var cells: [String] = []

  init() {
    path = History.place
    guard let path, History.isFile(path), let file = fopen(path, "r") else { return }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, file) >= 0, let line {
      var text = String(cString: line)
      if text.last == "\n" { text.removeLast() }
      if text.first == "\t", let last = cells.indices.last { cells[last] += "\n" + text.dropFirst() } else { cells.append(text) }
    }
    cells = cells.suffix(5000)
  }

  /// What cannot be saved is lost: a prompt without a home works all the same.
  mutating func add(_ cell: String) {
    guard cell != cells.last, !cell.isEmpty else { return }
    cells.append(cell)
    guard let path else { return }
    History.makeFolders(of: path)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard History.isFile(path) else { return }
    // Other prompts write, too: one cell after the other, and nothing of one that finds no room. Nobody is waited for long.
    for _ in 0..<50 where flock(descriptor, LOCK_EX | LOCK_NB) != 0 { usleep(1000) }
    let text = cell.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n\t") + "\n"
    let size = lseek(descriptor, 0, SEEK_END)
    let written = Array(text.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if size >= 0, written != text.utf8.count { ftruncate(descriptor, size) }
  }

  /// A pipe or a device in its place would be waited for.
  private static func isFile(_ path: String) -> Bool {
    var found = stat()
    return stat(path, &found) == 0 && found.st_mode & S_IFMT == S_IFREG
  }

  private static var place: String? {
    if let state = Console.environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/tern/history" }
    return Console.environment("HOME").map { $0 + "/.local/state/tern/history" }
  }

  private static func makeFolders(of path: String) {
    var folder = ""
    for part in path.split(separator: "/").dropLast() {
      folder += "/" + part
      mkdir(folder, 0o700)
    }
  }
}
