import TernRuntime
import TernSyntax
import TernTensor

/// What each layer of a model gave when the model was called once.
struct LayerCalls {
  struct Layer {
    let path: String
    /// The name of its declaration.
    let name: String
    /// Of its first call.
    let out: Value
    var calls = 1
  }

  /// In the order their calls ended: what a layer is made of comes before it. The model itself, whose path is empty, is last.
  private(set) var layers: [Layer] = []
  let out: Value

  /// Calls a model that has its numbers, as in serving.
  init(of net: Value, _ inputs: [Value], _ machine: Machine) throws(Fault) {
    let log = Log()
    let before = machine.layerObserver
    machine.layerObserver = { model, _, out in log.note(model, out) }
    defer { machine.layerObserver = before }
    out = try machine.apply(net, inputs, training: false).out
    layers = log.layers
  }

  private final class Log {
    var layers: [Layer] = []
    private var places: [String: Int] = [:]

    func note(_ model: ModelObject, _ out: Value) {
      let path = model.path ?? ""
      if let place = places[path] {
        layers[place].calls += 1
      } else {
        places[path] = layers.count
        layers.append(Layer(path: path, name: model.blueprint.name, out: out))
      }
    }
  }
}
