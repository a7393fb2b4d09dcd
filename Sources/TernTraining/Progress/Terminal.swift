internal import Glibc

/// What is known of the terminal behind standard error.
enum Terminal {
  /// Whether a line can be redrawn there.
  static func canRedraw(environment: (String) -> String?) -> Bool {
    isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"
  }

  /// Its columns now; 80 when it does not say.
  static func width() -> Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Whether more than ASCII is sure to show: the first of the variables that is set decides, as the C library has it.
  static func showsUnicode(environment: (String) -> String?) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environment).first { !$0.isEmpty } ?? ""
    return locale.lowercased().contains("utf-8") || locale.lowercased().contains("utf8")
  }

  /// Writes all of a text to standard error; what cannot be shown is lost.
  static func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

extension ProgressMeter {
  /// A meter on standard error: redrawn on a terminal, plain lines elsewhere.
  ///
  /// - Parameter write: What takes its text; by itself it writes to standard error.
  package static func onStandardError(
    environment: (String) -> String? = ProcessEnvironment.value, write: ((String) -> Void)? = nil
  ) -> ProgressMeter {
    let write = write ?? Terminal.write
    guard Terminal.canRedraw(environment: environment) else { return ProgressMeter(style: .plain, write: write) }
    let style = Style.terminal(width: Terminal.width, unicode: Terminal.showsUnicode(environment: environment))
    return ProgressMeter(style: style, write: write)
  }
}
