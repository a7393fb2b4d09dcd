import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// A file of tensors by their names (https://huggingface.co/docs/safetensors), as other programs write them.
enum SafetensorsTree {
  /// A record of the tensors; with a model or another tree, that with the tensors at the places of their names.
  static func value(_ path: String, into: Value) throws(Fault) -> Value {
    let tensors: [NamedTensor]
    do throws(SafetensorsError) { tensors = try SafetensorsFile(path: path).tensors() } catch { throw Fault(error) }
    if into.isNone || into.isUnset {
      return .record(tensors.reduce(into: RecordObject()) { $0.set($1.name, .tensor($1.tensor)) })
    }
    var left = Dictionary(tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
    let filled = try TreeParts.replacing(into) { leaf, place throws(Fault) in
      let name = place.path.dotted
      guard let tensor = left.removeValue(forKey: name) else { throw mismatch("the file has no tensor `\(name)`", Array(left.keys)) }
      if case .tensor(let own) = leaf, own.shape != tensor.shape || own.dtype != tensor.dtype {
        throw mismatch("the file has `\(name)` as \(tensor.typeText); here it is \(own.typeText)", [])
      }
      return .tensor(tensor)
    }
    if let name = left.keys.min() { throw mismatch("there is no place for the file's tensor `\(name)`", []) }
    return filled
  }

  private static func mismatch(_ message: String, _ names: [String]) -> Fault {
    let has = names.isEmpty ? nil : "it has \(names.sorted().prefix(8).joined(separator: ", "))"
    return Fault(.checkpointMismatch, message, hint: has ?? "without `into`, `load` gives the tensors by their names")
  }
}
