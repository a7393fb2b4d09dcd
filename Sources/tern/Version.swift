import TernShell

enum Version {
  static let text = About.version
}
