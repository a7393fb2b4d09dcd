import TernData
import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

extension Training {
  static var export: Builtin {
    Builtin(
      "export(model, path: str)",
      """
      Writes a model for other programs: to a path that ends in `.onnx` what it computes, for any batch size (ONNX, opset 18); to \
      one in `.safetensors` its numbers, named by their places, such as `layers.0.w`.
      """,
      example: """
        let net = init(dense(1), f32[_, 2], seed: 1)
        export(net, "/tmp/tern-example.safetensors")
        same(load("/tmp/tern-example.safetensors").w, net.w)
        #> true
        """,
      effect: .writes
    ) { call throws(Fault) in
      guard case .string(let path) = call[1] else { throw call.refusal(1, takes: "a path") }
      let model = try call[0].run?.keptModel() ?? call[0]
      let target = call.machine.path(path.text)
      if path.text.hasSuffix(".safetensors") {
        let tensors = try NamedTensor.all(in: model)
        do throws(SafetensorsError) { try SafetensorsFile.write(tensors, metadata: [("format", "tern")], to: target) } catch { throw Fault(error) }
        return .none
      }
      guard path.text.hasSuffix(".onnx") else {
        throw Fault(.unknownFormat, "`export` writes to `.onnx` and `.safetensors`; this is \(path.text.quoted)").atArgument(1, "path")
      }
      try SavedModel(of: model, call.machine).write(to: target)
      return .none
    }
  }
}

extension SavedModel {
  fileprivate func write(to path: String) throws(Fault) {
    guard let graph else { throw Fault(.badArgument, "this is a part of a saved model, which has no graph of its own") }
    var facts: [(name: String, text: String)] = []
    if let preparation { facts.append(("tern.preparation", preparation.json.text)) }
    let named = zip(graph.parameters, numbers).map { NamedTensor($0.dotted, $1) }
    do throws(OnnxError) { try OnnxModel.write(graph.graph, named, name: name, facts: facts, to: path) } catch { throw Fault(error) }
  }
}

extension String {
  /// `layers[0].w` as `layers.0.w`, which other programs expect.
  var dotted: String { replacing("[", with: ".").replacing("]", with: "") }
}

extension NamedTensor {
  /// The numbers of a tree with their places.
  fileprivate static func all(in value: Value) throws(Fault) -> [NamedTensor] {
    let leaves = if let saved = value.saved { saved.tensors } else {
      try TreeParts.named(value).compactMap { part -> (String, Tensor)? in if case .tensor(let tensor) = part.leaf { (part.place.path, tensor) } else { nil } }
    }
    guard !leaves.isEmpty else { throw Fault(.badArgument, "there are no tensors in \(value.description)") }
    return leaves.map { NamedTensor($0.0.dotted, $0.1) }
  }
}

extension Fault {
  fileprivate convenience init(_ error: OnnxError) {
    switch error {
    case .graph(let error): self.init(error)
    case .tensors(let error): self.init(error)
    case .file(let error): self.init(error)
    case .tooLarge(let path, let bytes):
      self.init(.cannotWrite, "\(path.quoted) would have \(ByteText.text(bytes)); an ONNX file has at most \(ByteText.text(OnnxModel.byteLimit))")
    case .noOperation(let name): self.init(.badArgument, "the model computes `\(name)`, for which ONNX has no operation")
    }
  }
}
