internal import Glibc

/// Makes a file or a folder appear whole or not at all: it is written beside its place, synced, then put there at once.
///
/// Whatever stood there before stands untouched until the new one is complete, a power cut included.
package enum Replacement {
  /// Writes a file and puts it at `path`, over an older one, whose permissions it keeps. What is no plain file, such as a pipe
  /// or a terminal, is written where it is.
  package static func file(at path: String, write: (DiskFile) throws(FileError) -> Void) throws(FileError) {
    let target = try resolved(path)
    let old = Folder.mode(of: target)
    if let old, old & S_IFMT != S_IFREG { return try write(try DiskFile.writing(target)) }
    let temporary = temporaryPath(beside: target)
    do throws(FileError) {
      try writeSynced(temporary) { file throws(FileError) in
        try write(file)
        if let old { try file.setMode(old) }
      }
      try move(temporary, to: target)
    } catch {
      unlink(temporary)
      throw error
    }
    Folder.sync(Folder.parent(of: target))
  }

  package static func file(at path: String, bytes: [UInt8]) throws(FileError) {
    try file(at: path) { file throws(FileError) in try file.write(bytes) }
  }

  /// Lets `fill` write plain files into a new folder and puts that at `path`, over an older one, which is then removed.
  package static func folder(at path: String, fill: (_ folder: String) throws(FileError) -> Void) throws(FileError) {
    let target = try resolved(path)
    let temporary = temporaryPath(beside: target)
    try Folder.create(temporary)
    do throws(FileError) {
      try fill(temporary)
      Folder.sync(temporary)
      try putFolder(temporary, at: target)
    } catch {
      try? Folder.removeFlat(temporary)
      throw error
    }
    Folder.sync(Folder.parent(of: target))
  }

  /// Writes a new file and waits until it is on the disk.
  package static func writeSynced(_ path: String, _ write: (DiskFile) throws(FileError) -> Void) throws(FileError) {
    let file = try DiskFile.creating(path)
    try write(file)
    try file.sync()
  }

  /// Writes through a link rather than over it.
  private static func resolved(_ path: String) throws(FileError) -> String {
    let asked = path, path = Folder.withoutTrailingSlashes(path)
    // C ends a path at its first zero byte, and would put the file at another place than the one named.
    guard !path.utf8.contains(0) else { throw FileError(.create, asked, code: EINVAL) }
    guard !path.isEmpty else { throw FileError(.create, asked, code: asked.isEmpty ? ENOENT : EBUSY) }
    guard Folder.kind(of: path) == .link else { return path }
    guard let found = realpath(path, nil) else { throw .last(.open, path) }
    defer { free(found) }
    return String(cString: found)
  }

  /// A hidden name in the same folder, so that the move stays within one file system.
  private static func temporaryPath(beside path: String) -> String {
    "\(Folder.parent(of: path))/.tern.\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
  }

  private static func move(_ path: String, to target: String) throws(FileError) {
    guard rename(path, target) == 0 else { throw .last(.rename, target) }
  }
}

// MARK: Folders

extension Replacement {
  private static func putFolder(_ folder: String, at target: String) throws(FileError) {
    if Folder.kind(of: target) == .nothing { return try move(folder, to: target) }
    if exchange(folder, target) {
      try? Folder.removeFlat(folder)
    } else {
      try putFolderInTwoMoves(folder, at: target)
    }
  }

  /// For file systems that cannot exchange two names: the old folder steps aside, and comes back if the new one fails.
  private static func putFolderInTwoMoves(_ folder: String, at target: String) throws(FileError) {
    let aside = temporaryPath(beside: target)
    try move(target, to: aside)
    do throws(FileError) {
      try move(folder, to: target)
    } catch {
      rename(aside, target)
      throw error
    }
    try? Folder.removeFlat(aside)
  }

  private typealias RenameAt2 =
    @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32

  /// Swaps two names in one step; false when this system or file system cannot.
  ///
  /// Looked up by name, because Glibc's Swift module leaves `renameat2` out.
  private static func exchange(_ a: String, _ b: String) -> Bool {
    guard let symbol = dlsym(nil, "renameat2") else { return false }
    let renameat2 = unsafeBitCast(symbol, to: RenameAt2.self)
    let exchangeFlag: UInt32 = 2
    return renameat2(AT_FDCWD, a, AT_FDCWD, b, exchangeFlag) == 0
  }
}
