internal import Glibc

/// This program once more, as a process of its own: what it does to itself ends with it.
enum ChildProcess {
  /// Runs `tern WORDS…` with a text as its input, and waits; its exit code, and what it wrote to both streams.
  static func tern(_ words: [String], input: String = "") -> (code: Int32, output: String) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return (1, "no pipe: \(String(cString: strerror(errno)))\n") }
    defer { close(ends[0]) }
    guard let file = tmpfile() else { return (1, "no temporary file: \(String(cString: strerror(errno)))\n") }
    defer { fclose(file) }
    fputs(input, file)
    rewind(file)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, fileno(file), STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    var arguments: [UnsafeMutablePointer<CChar>?] = (["tern"] + words).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    let failure = posix_spawn(&child, "/proc/self/exe", &actions, nil, &arguments, environ)
    close(ends[1])
    guard failure == 0 else { return (1, "cannot run: \(String(cString: strerror(failure)))\n") }
    var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      if bytes.count < 1 << 20 { bytes += buffer[..<count] }
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return (status & 0x7f == 0 ? status >> 8 & 0xff : 128, String(decoding: bytes, as: UTF8.self))
  }
}
