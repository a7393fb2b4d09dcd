import Testing
import TernSyntax
import Foundation
@Test func scratch() throws {
  guard let path = ProcessInfo.processInfo.environment["SYN"] else { return }
  let text = try String(contentsOfFile: path + ".in", encoding: .utf8)
  let parts = text.utf8.split(separator: 0, omittingEmptySubsequences: false).map { String($0)! }
  try parts.map { shape($0) }.joined(separator: "\0").write(toFile: path + ".out", atomically: true, encoding: .utf8)
}
