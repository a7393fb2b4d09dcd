import Foundation
import TernRuntime
import Testing

/// What speed and old processors rest on, and no other test would miss: looked up in the objects that were built.
@Suite("The built code") struct GuardTests {
  @Test("holds a value in sixteen bytes") func values() {
    #expect(MemoryLayout<Value>.stride == 16)
    #expect(valueLayoutIsAsAssumed())
  }

  #if !DEBUG
  @Test("jumps from each instruction of the machine to the next", .enabled(if: Objects.canBeRead, "needs objdump"))
  func dispatch() throws {
    let runs = try Objects.in("TernRuntime.build").map { object in
      try shell("objdump -d --no-show-raw-insn '\(object)' | awk '/>:$/ { inside = /TernRuntime7MachineC3run/ } inside && /jmp +\\*/' | wc -l")
    }
    let jumps = runs.compactMap { Int($0) }.max() ?? 0
    #expect(jumps > 50)
  }

  @Test("asks for no wide registers outside of their tables", .enabled(if: Objects.canBeRead, "needs objdump"))
  func instructionSets() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Objects.folder).filter { $0.hasSuffix(".build") && !$0.hasSuffix("Tests.build") }
    for object in try folders.flatMap(Objects.in) {
      let name = (object as NSString).lastPathComponent
      if name.hasPrefix("avx512") { continue }
      let pattern = (name.hasPrefix("avx2") ? "%zmm|%k[0-7]" : "%[yz]mm|%k[0-7]") + "|%[xy]mm(1[6-9]|2[0-9]|3[01])"
      let found = try shell("objdump -d --no-show-raw-insn '\(object)' | grep -cE '\(pattern)' || true")
      #expect(found == "0", "\(name)")
    }
  }
  #endif
}

/// The object files beside the tests' own binary.
enum Objects {
  static let folder: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: own).deletingLastPathComponent().path
  }()

  static var canBeRead: Bool { (try? shell("command -v objdump")) != "" && FileManager.default.fileExists(atPath: folder + "/TernRuntime.build") }

  static func `in`(_ name: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder + "/" + name).filter { $0.hasSuffix(".o") }.map { "\(folder)/\(name)/\($0)" }
  }
}

/// What a line of shell prints.
func shell(_ line: String) throws -> String {
  let (process, pipe) = (Process(), Pipe())
  process.executableURL = URL(filePath: "/bin/sh")
  process.arguments = ["-c", line]
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  try process.run()
  let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
}
