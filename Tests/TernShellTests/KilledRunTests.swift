import Foundation
import Testing

/// `fit` with a checkpoint, in a process that is killed again and again: in the end it has learned what a run that nobody
/// disturbed has.
@Suite("A killed run", .serialized) struct KilledRunTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/tern-killed-\(UUID().uuidString)"

  /// Beside the tests' own.
  private static let binary: String = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: own).deletingLastPathComponent().appending(path: "tern").path
  }()

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  private func script(_ options: String) throws -> String {
    let path = folder + "/run.mlx"
    try """
      let x = randn(400, 6, seed: 3)
      let data = dataset({x, y: cast(x[.., 0] > 0, i64)})
      let net = chain(dense(16, act: relu), dropout(0.2), dense(2))
      let r = fit(net, data, target: "y", loss: cross_entropy, batch: 16, epochs: 40, seed: 7, validate: take(data, 100),
                  metrics: accuracy, \(options))
      save({w: parameters(r.model), h: map(r.history, h => {...h, seconds: 0}), best: r.best, steps: r.steps}, arg("out", "none"))

      """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test("comes out bit by bit as one that was not", arguments: [
    "optimizer: adam(lr: 0.01), checkpoint: {path: arg(\"ck\", \"\"), steps: 3, keep: 2, best: true}, keep: \"best\"",
    "optimizer: sgd(lr: 0.1, momentum: 0.9), accumulate: 2, checkpoint: {path: arg(\"ck\", \"\"), every: 2}, freeze: \"layers[2].b\"",
    "optimizer: sgd(lr: 0.1), checkpoint: {path: arg(\"ck\", \"\"), every: 5ms}, stop: {patience: 39, on: \"val_accuracy\"}",
  ])
  func same(_ options: String) throws {
    let path = try script(options)
    let start = Date()
    #expect(try run(path, "whole", killAfter: nil) == 0)
    let length = Date().timeIntervalSince(start)
    var generator = SystemRandomNumberGenerator()
    var kills = 0
    for _ in 0..<12 {
      let moment = Double.random(in: 0.02...max(0.06, length * 0.5), using: &generator)
      if try run(path, "killed", killAfter: moment) == 0 { break }
      kills += 1
    }
    #expect(try run(path, "killed", killAfter: nil) == 0)
    #expect(kills > 0)
    for name in ["tree.json", "tensors.safetensors"] {
      let whole = try Data(contentsOf: URL(filePath: "\(folder)/whole/\(name)"))
      #expect(try Data(contentsOf: URL(filePath: "\(folder)/killed/\(name)")) == whole)
    }
    // A finished run is finished: nothing is learned twice.
    #expect(try run(path, "again", "killed-ck", killAfter: nil) == 0)
    #expect(try Data(contentsOf: URL(filePath: "\(folder)/again/tree.json")) == Data(contentsOf: URL(filePath: "\(folder)/whole/tree.json")))
  }

  /// The exit code; that of a signal when it was killed in time.
  private func run(_ path: String, _ name: String, _ checkpoint: String? = nil, killAfter delay: Double?) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: Self.binary)
    process.arguments = [path, "--out", "\(folder)/\(name)", "--ck", "\(folder)/\(checkpoint ?? "\(name)-ck")"]
    process.environment = ["TERN_HOME": folder + "/home", "PATH": "/usr/bin:/bin"]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    if let delay {
      Thread.sleep(forTimeInterval: delay)
      kill(process.processIdentifier, SIGKILL)
    }
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
  }
}
