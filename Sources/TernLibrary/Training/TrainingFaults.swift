import TernData
import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// What training and saving report as facts, in words: one sentence a case.
extension Fault {
  convenience init(_ error: TrainingError) {
    switch error {
    case .badPlan(.epochs, let found): self.init(.badArgument, "`fit` takes a number of `epochs`; it cannot be \(found)")
    case .badPlan(.steps, let found): self.init(.badArgument, "`fit` takes a number of `steps`; it cannot be \(found)")
    case .badPlan(.accumulation, let found):
      self.init(.badArgument, "a step takes the gradients of at least one batch; `accumulate` is \(found)")
    case .badPlan(.batchSize, let found): self.init(.badArgument, "a batch has at least one row; `batch` is \(found)")
    case .endless: self.init(.badArgument, "nothing would end this run", hint: "`epochs`, `steps`, `budget` or `stop`")
    case .nothingToWatch(let name, let known):
      self.init(.unknownKey, "an epoch has no number called \(name.quoted)", hint: "it has \(known.joined(separator: ", "))")
    case .noRows: self.init(.emptyInput, "there are no rows to train on", hint: "was everything filtered out?")
    case .noWholeBatch(let rows, let batch):
      self.init(
        .emptyInput, "the data has \(rows) row\(rows == 1 ? "" : "s") and a step takes \(batch); `drop_last` leaves nothing",
        hint: "a smaller `batch`")
    case .lossNotFinite(let loss, let epoch, let step, _):
      self.init(
        .nonFinite, "the loss became \(floatText(loss)) in epoch \(epoch), at step \(step)",
        hint: "a smaller `lr`; inputs of moderate size (`standardize`); gradients that are clipped")
    case .validationNotFinite(let loss, let epoch):
      self.init(.nonFinite, "the loss of the validation data became \(floatText(loss)) in epoch \(epoch)")
    case .learnedNotFinite(let name, let value, let epoch):
      self.init(
        .nonFinite, "`\(name)` became \(floatText(value)) in epoch \(epoch)",
        hint: "a smaller `lr`; inputs of moderate size (`standardize`); gradients that are clipped")
    case .leavesChanged(let step, let needed, let found):
      self.init(
        .internalFault, "the state of training had \(needed) tensors, after step \(step) it has \(found)",
        hint: "an optimizer keeps the same things from step to step")
    }
  }

  convenience init(_ error: TreeError) {
    switch error {
    case .file(let error): self.init(error)
    case .tensors(let error): self.init(error)
    case .notASavedTree(let path):
      self.init(.unknownFormat, "\(path.quoted) is nothing that `save` has written")
    case .newerVersion(let path, let found, let supported):
      self.init(.unknownFormat, "\(path.quoted) is of version \(found); this Tern reads up to version \(supported)")
    case .tooLarge(let path, let bytes, let limit):
      self.init(.memoryLimit, "\(path.quoted) has \(ByteText.text(bytes)); at most \(ByteText.text(limit)) are read and written")
    case .damaged(let path, let damage): self.init(.damagedFile, "\(path.quoted) is damaged: \(damage.words)")
    case .malformed(let damage): self.init(.badArgument, "this cannot be saved: \(damage.words)")
    case .foreignContents(let path, let names):
      let others = names.isEmpty ? "is a file" : "holds \(names.prefix(3).map(\.quoted).joined(separator: ", "))"
      self.init(
        .cannotWrite, "\(path.quoted) \(others), which `save` did not write and does not replace", hint: "another path")
    }
  }

  convenience init(_ error: SafetensorsError) {
    switch error {
    case .file(let error): self.init(error)
    case .tooLarge(let path, let bytes, let limit):
      self.init(.memoryLimit, "\(path.quoted) needs \(ByteText.text(bytes)); at most \(ByteText.text(limit)) are read")
    case .damaged(let path, let damage): self.init(.damagedFile, "\(path.quoted) is damaged: \(damage.words)")
    case .noTensor(let path, let name): self.init(.damagedFile, "\(path.quoted) has no tensor \(name.quoted)")
    case .duplicateName(let name): self.init(.badArgument, "two tensors would be called \(name.quoted)")
    case .reservedName(let name): self.init(.badArgument, "no tensor can be called \(name.quoted)")
    case .headerTooLong(let bytes, let limit):
      self.init(.badArgument, "the names of the tensors take \(ByteText.text(bytes)); at most \(ByteText.text(limit)) can be saved")
    }
  }

  convenience init(_ error: RunStoreError) {
    switch error {
    case .file(let error): self.init(error)
    case .badID(let id): self.init(.badArgument, "\(id.quoted) is no id of a run")
    case .badJSON(let path, let error): self.init(.damagedFile, "\(path.quoted) is damaged: \(error.words)")
    case .notARun(let path): self.init(.damagedFile, "\(path.quoted) is no record of a run")
    case .tooLarge(let path, let bytes, let limit):
      self.init(.memoryLimit, "\(path.quoted) has \(ByteText.text(bytes)); at most \(ByteText.text(limit)) are read")
    }
  }

  convenience init(_ error: FileError) {
    switch error.action {
    case .open where error.isMissing, .read where error.isMissing: self.init(.noSuchFile, "there is nothing at \(error.path.quoted)")
    // What is written comes to its folder under a name of its own first.
    case .create where error.isMissing: self.init(.cannotWrite, "there is no folder \(FilePath.folder(error.path).quoted)")
    case .open, .read, .list: self.init(.cannotRead, "\(error.path.quoted) cannot be read: \(error.reason)")
    case .write, .sync, .rename, .create, .remove:
      self.init(.cannotWrite, "\(error.path.quoted) cannot be written: \(error.reason)")
    }
  }

  /// Any error of what training calls.
  static func of(_ error: any Error) -> Fault {
    switch error {
    case let fault as Fault: fault
    case let error as TrainingError: Fault(error)
    case let error as TreeError: Fault(error)
    case let error as CheckpointError: Fault(error)
    case let error as DataError: Fault(error)
    case let error as FileError: Fault(error)
    default: Fault(.internalFault, "\(error)")
    }
  }
}

extension TreeDamage {
  fileprivate var words: String {
    switch self {
    case .badJSON(let error): error.words
    case .badField(let name): "its `\(name)` is not as it should be"
    case .noNodes: "it holds nothing"
    case .badNode(let node): "node \(node) cannot be read"
    case .partOutOfPlace(let node, let part): "node \(node) has \(part) as a part, which does not stand before it"
    case .partTwice(let node, let part): "\(part) is a part of node \(node) and of another"
    case .looseNode(let node): "node \(node) is part of nothing"
    case .repeatedField(let node, let name): "node \(node) has two fields `\(name)`"
    case .noSuchTensor(let node, let name): "node \(node) asks for a tensor `\(name)` that is not there"
    case .tensorTwice(_, let name): "the tensor `\(name)` is used twice"
    case .unusedTensor(let name): "nothing asks for its tensor `\(name)`"
    case .changedTensor(let name): "the numbers of `\(name)` are not those that were saved"
    case .badAxisNames(_, let tensor): "the axis names of `\(tensor)` do not fit it"
    }
  }
}

extension SafetensorsDamage {
  fileprivate var words: String {
    switch self {
    case .noHeader(let bytes): "it ends after \(bytes) bytes, inside its header"
    case .headerTooLong(let bytes, let limit): "its header claims \(bytes) bytes; at most \(limit) are read"
    case .headerPastEnd(let header, let file): "its header claims \(header) bytes of the file's \(file)"
    case .headerStart: "its header does not start with `{`"
    case .badJSON(let error): error.words
    case .badMetadata: "its metadata is not as it should be"
    case .badEntry(let tensor, let field): "the `\(field)` of tensor `\(tensor)` is not as it should be"
    case .unknownDType(let tensor, let dtype): "tensor `\(tensor)` is of a dtype \(dtype) that Tern does not have"
    case .tooManyAxes(let tensor, let axes, let limit): "tensor `\(tensor)` has \(axes) axes; at most \(limit) can be"
    case .tooManyElements(let tensor): "tensor `\(tensor)` claims more elements than can be"
    case .byteCount(let tensor, let needed, let found): "tensor `\(tensor)` needs \(needed) bytes and has \(found)"
    case .gap(let tensor, let expected, let found): "tensor `\(tensor)` starts at byte \(found) instead of \(expected)"
    case .overlap(let tensor, let expected, let found): "tensor `\(tensor)` starts at byte \(found), inside of the one before, which ends at \(expected)"
    case .dataSize(let needed, let found): "its tensors need \(needed) bytes and it has \(found)"
    case .badBool(let tensor, let index, let value): "element \(index) of the bools `\(tensor)` is \(value)"
    case .endedEarly(let tensor): "it ends inside of tensor `\(tensor)`"
    }
  }
}

extension JSONError {
  fileprivate var words: String {
    let what =
      switch reason {
      case .unexpectedEnd: "it ends too early"
      case .unexpectedByte: "another character is expected there"
      case .badNumber, .numberTooLarge: "there is no number"
      case .badEscape, .loneSurrogate, .controlCharacter, .notUTF8: "there is no text"
      case .duplicateName(let name): "\(name.quoted) stands there again"
      case .tooDeep(let limit): "it nests deeper than \(limit)"
      case .textAfterEnd: "something follows its end"
      }
    return "byte \(offset) of its JSON: \(what)"
  }
}
