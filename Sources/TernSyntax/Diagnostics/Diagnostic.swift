/// An error as people see it: what was found, what was needed, what to try, and where.
package struct Diagnostic: Error, Sendable {
  package var code: ErrorCode
  /// One sentence without a full stop, lower case: "cannot multiply f32[64, 4] by f32[5, 10]".
  package var message: String
  /// Places in the source; the first is primary.
  package var labels: [Label]
  /// Lines after `=`.
  package var notes: [String]
  /// The line after `help:`.
  package var hint: String?
  /// Calls of user functions that led here, innermost first.
  package var trace: [Frame]
  /// Calls that were left out of the middle of `trace`.
  package var skippedFrames: Int

  package struct Label: Sendable {
    package var source: SourceText
    package var range: SourceRange
    /// What stands beside the marks, such as "f32[64, 126]"; may be empty.
    package var note: String

    package init(source: SourceText, range: SourceRange, note: String = "") {
      self.source = source
      self.range = range
      self.note = note
    }
  }

  /// One call on the way to the error: the function that was running and the place in it.
  package struct Frame: Sendable {
    /// "" at top level.
    package var function: String
    package var source: SourceText
    package var range: SourceRange

    package init(function: String, source: SourceText, range: SourceRange) {
      self.function = function
      self.source = source
      self.range = range
    }
  }

  package init(
    _ code: ErrorCode, _ message: String, labels: [Label] = [], notes: [String] = [], hint: String? = nil,
    trace: [Frame] = [], skippedFrames: Int = 0
  ) {
    self.code = code
    self.message = message
    self.labels = labels
    self.notes = notes
    self.hint = hint
    self.trace = trace
    self.skippedFrames = skippedFrames
  }
}
