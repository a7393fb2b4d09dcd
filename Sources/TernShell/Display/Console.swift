internal import Glibc
package import TernSyntax

/// Where words go: standard output, which is the program's own, and standard error for errors and notes.
package final class Console {
  package enum ColorChoice: String, CaseIterable, Sendable { case auto, always, never }

  /// Colour on standard error, and on standard output.
  package let colorsErrors: Bool
  package let colorsOutput: Bool
  private let renderer: DiagnosticRenderer
  private var pending: [UInt8] = []
  private var lastFlush = 0.0
  private let outputIsTerminal = isatty(STDOUT_FILENO) == 1

  package init(color: ColorChoice = .auto) {
    colorsErrors = Console.colors(STDERR_FILENO, color)
    colorsOutput = Console.colors(STDOUT_FILENO, color)
    let isTerminal = isatty(STDERR_FILENO) == 1 && !Console.isDumb
    renderer = DiagnosticRenderer(
      color: colorsErrors, unicode: isTerminal && Console.localeIsUTF8,
      width: isTerminal ? Console.columns(STDERR_FILENO) - 6 : 100)  // a line has its number and a rule before it
    pending.reserveCapacity(1 << 12)
  }

  // MARK: Standard output

  /// Gathers what a program prints: it is written when a statement ends, when it is much, or when the last time is long ago.
  package func write(_ text: String) {
    var text = text
    text.withUTF8 { pending.append(contentsOf: $0) }
    if outputIsTerminal || pending.count >= 1 << 16 || Console.now() - lastFlush > 0.1 { flush() }
  }

  package func flush() {
    guard !pending.isEmpty else { return }
    let written = Console.writeAll(pending, to: STDOUT_FILENO)
    pending.removeAll(keepingCapacity: true)
    lastFlush = Console.now()
    if !written { outputIsGone() }
  }

  /// The reader has left, or the disk is full. Nobody is there to read what would follow.
  private func outputIsGone() -> Never {
    let reason = errno
    if reason != EPIPE { _ = Console.writeAll(Array("tern: cannot write: \(String(cString: strerror(reason)))\n".utf8), to: STDERR_FILENO) }
    exit(1)
  }

  enum Ink: String { case bold = "\u{1B}[1m", faint = "\u{1B}[2m", red = "\u{1B}[31m", green = "\u{1B}[32m" }

  /// A text for standard output, in a colour where it has some.
  func paint(_ text: String, _ ink: Ink) -> String { colorsOutput ? ink.rawValue + text + "\u{1B}[0m" : text }

  // MARK: Standard error

  package func note(_ text: String) {
    flush()
    _ = Console.writeAll(Array(text.utf8), to: STDERR_FILENO)
  }

  package func report(_ diagnostics: [Diagnostic], cell: Int? = nil) {
    note(diagnostics.map { renderer.render($0, cell: cell) }.joined(separator: "\n"))
  }

  // MARK: The terminal

  /// Columns for what a cell shows.
  package var width: Int { outputIsTerminal ? Console.columns(STDOUT_FILENO) : 80 }

  package static var isDumb: Bool { environment("TERM") == "dumb" }

  package static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  private static func colors(_ stream: Int32, _ choice: ColorChoice) -> Bool {
    switch choice {
    case .always: true
    case .never: false
    case .auto: isatty(stream) == 1 && !isDumb && (environment("NO_COLOR") ?? "").isEmpty
    }
  }

  /// The first of the variables that is set decides, as the C library has it.
  private static var localeIsUTF8: Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environment).first { !$0.isEmpty } ?? ""
    return locale.lowercased().contains("utf-8") || locale.lowercased().contains("utf8")
  }

  static func columns(_ stream: Int32) -> Int { size(stream).map { Int($0.ws_col) } ?? 80 }
  static func rows(_ stream: Int32) -> Int { size(stream).map { Int($0.ws_row) } ?? 24 }

  private static func size(_ stream: Int32) -> winsize? {
    var size = winsize()
    return ioctl(stream, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? size : nil
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// False when not all of it could be written; `errno` says why.
  private static func writeAll(_ bytes: [UInt8], to stream: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var start = 0
      while start < buffer.count, let base = buffer.baseAddress {
        let count = Glibc.write(stream, base + start, buffer.count - start)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        start += count
      }
      return true
    }
  }
}
