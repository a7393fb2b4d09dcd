extension Program {
  /// The program as `explain graph` shows it: a line for each value.
  package var text: String {
    var lines: [String] = []
    for id in 0..<count {
      let source = switch sources[id] {
      case .input(let k): "input \(k)"
      case .constant(let tensor): "constant \(tensor.inlineText(limit: 6))"
      case .call(let primitive, let attributes):
        "\(primitive.name)(\(operands[id].map { "%\($0)" }.joined(separator: ", ")))\(attributes.text)"
      }
      lines.append("%\(id): \(types[id].text) = \(source)")
    }
    lines.append("gives " + outputs.map { "%\($0)" }.joined(separator: ", "))
    return lines.joined(separator: "\n")
  }
}

extension Attributes {
  var text: String {
    switch self {
    case .none, .paired: ""
    case .axes(let axes): " over \(axes)"
    case .axis(let axis): " over \(axis)"
    case .scan(let axis, let backwards): " over \(axis)\(backwards ? ", backwards" : "")"
    case .shape(let shape): " to \(shape.array)"
    case .permutation(let order): " as \(order)"
    case .dtype(let dtype): " to \(dtype.name)"
    case .region(let region): " from \(region.starts) count \(region.counts)\(region.steps.allSatisfy { $0 == 1 } ? "" : " step \(region.steps)")"
    case .place(let region, let shape): " from \(region.starts) of \(shape.array)"
    case .epsilon(let eps): " with \(eps)"
    case .system(let turned): turned ? " transposed" : ""
    case .triangle(let upper, let turned): " \(upper ? "upper" : "lower")\(turned ? " transposed" : "")"
    case .product(let left, let right), .wideProduct(let left, let right): left || right ? " turning \(left ? "left" : "")\(left && right ? " and " : "")\(right ? "right" : "")" : ""
    case .positions(let size, _, _, _): " below \(size)"
    case .draw(let draw): " \(draw.kind)"
    case .window(let w): " \(w.text)"
    }
  }
}

extension Window {
  fileprivate var text: String {
    func pair(_ number: (Axis) -> Int) -> String { height.size == 1 ? "\(number(width))" : "\(number(height))x\(number(width))" }
    let stride = [height, width].allSatisfy { $0.stride == 1 } ? "" : " stride \(pair(\.stride))"
    let dilation = [height, width].allSatisfy { $0.dilation == 1 } ? "" : " dilation \(pair(\.dilation))"
    let padding = [height, width].allSatisfy { $0.low == 0 && $0.high == 0 } ? "" : " padding \(pair(\.low)) and \(pair(\.high))"
    return "\(pair(\.field))\(stride)\(padding)\(dilation)\(groups == 1 ? "" : " in \(groups) groups")"
  }
}
