/// Why text is not JSON, and the byte it went wrong at.
package struct JSONError: Error, Equatable, Sendable {
  package enum Reason: Equatable, Sendable {
    case unexpectedEnd
    case unexpectedByte(UInt8)
    case badNumber
    /// Beyond what a double can hold.
    case numberTooLarge
    case badEscape
    case loneSurrogate
    case controlCharacter
    case notUTF8
    case duplicateName(String)
    case tooDeep(limit: Int)
    case textAfterEnd
  }

  package let reason: Reason
  /// Bytes from the start of the text.
  package let offset: Int

  package init(reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}
