import CTernKernels

/// Primitives with windows that move over images. Each kind is closed: the gradients of its primitives are its primitives.
extension Primitive {
  // ---- convolution: three functions of two operands, linear in each. With y of (x, filter), x of (y, filter) and filter of
  // (x, y), each is the gradient of sum(y convolve(x, filter)) by the one it gives.

  package static let convolve: Primitive = convolution(
    "convolve", "Weighs what a filter sees at each place of images and adds it up.", TERN_CONVOLVE,
    result: { (w, x, filter) in [x[0], w.height.results, w.width.results, filter[3]] },
    gradient: { g throws(TensorError) in
      [
        g.wanted[0] ? try bind(.convolveInput, [g.dy, g.b], g.attributes) : nil,
        g.wanted[1] ? try bind(.convolveFilter, [g.a, g.dy], g.attributes) : nil,
      ]
    },
    operands: { ($0.image(2, $1), $0.filter($1, $2)) })

  package static let convolveInput: Primitive = convolution(
    "convolve_input", "Gives the gradient of convolve by its images.", TERN_CONVOLVE_INPUT,
    result: { (w, y, filter) in [y[0], w.height.size, w.width.size, filter[2] * w.groups] },
    gradient: { g throws(TensorError) in
      [
        g.wanted[0] ? try bind(.convolve, [g.dy, g.b], g.attributes) : nil,
        g.wanted[1] ? try bind(.convolveFilter, [g.dy, g.a], g.attributes) : nil,
      ]
    },
    operands: { ($0.results(2, $2), $0.filter($1, $2)) })

  package static let convolveFilter: Primitive = convolution(
    "convolve_filter", "Gives the gradient of convolve by its filter.", TERN_CONVOLVE_FILTER,
    result: { (w, x, y) in [w.height.field, w.width.field, x[3] / w.groups, y[3]] },
    gradient: { g throws(TensorError) in
      [
        g.wanted[0] ? try bind(.convolveInput, [g.b, g.dy], g.attributes) : nil,
        g.wanted[1] ? try bind(.convolve, [g.a, g.dy], g.attributes) : nil,
      ]
    },
    operands: { ($0.image(2, $1), $0.results(2, $2)) })

  // ---- pools. Of the largest: the gradient goes to the first largest of each window, and what it does to a change of it is
  // to pick.

  package static let poolMax: Primitive = pool(
    "pool_max", "Gives the largest each window sees.", TERN_POOL_MAX, takes: [.image], gives: .results, on: .spread(-2...2)
  ) { g throws(TensorError) in [try bind(.poolMaxGradient, [g.x, g.dy], g.attributes)] }
  package static let poolMaxGradient: Primitive = pool(
    "pool_max_gradient", "Gives dy to the first largest of each window.", TERN_POOL_MAX_GRADIENT, takes: [.image, .results], gives: .image,
    on: .spread(-2...2)
  ) { g throws(TensorError) in [nil, g.wanted[1] ? try bind(.poolMaxPick, [g.a, g.dy], g.attributes) : nil] }
  package static let poolMaxPick: Primitive = pool(
    "pool_max_pick", "Gives what stands where the first largest of each window is.", TERN_POOL_MAX_PICK, takes: [.image, .image], gives: .results,
    on: .spread(-2...2)
  ) { g throws(TensorError) in [nil, g.wanted[1] ? try bind(.poolMaxGradient, [g.a, g.dy], g.attributes) : nil] }
  package static let poolMean: Primitive = pool(
    "pool_mean", "Gives the mean of what each window sees, padding as 0.", TERN_POOL_MEAN, takes: [.image], gives: .results, on: .reals(-2...2)
  ) { g throws(TensorError) in [try bind(.poolMeanGradient, [g.dy], g.attributes)] }
  package static let poolMeanGradient: Primitive = pool(
    "pool_mean_gradient", "Shares dy out over each window.", TERN_POOL_MEAN_GRADIENT, takes: [.results], gives: .image, on: .reals(-2...2)
  ) { g throws(TensorError) in [try bind(.poolMean, [g.dy], g.attributes)] }

  private static func convolution(
    _ name: String, _ summary: String, _ kind: tern_convolution, result: @escaping @Sendable (Window, Shape, Shape) -> [Int],
    gradient: @escaping Gradient, operands: @Sendable (WindowDomain, Int, Int) -> ([Int], [Int])
  ) -> Primitive {
    Primitive(
      name, summary,
      rule: { (o, attributes) throws(TensorError) in
        guard case .window(let w) = attributes, o[0].dtype == .f32 || o[0].dtype == .f64 else { throw o[0].refusal(of: name) }
        guard o[0].dtype == o[1].dtype, o[0].rank == 4, o[1].rank == 4, w.fits(kind, o[0].shape, o[1].shape) else {
          throw .unequalShapes(op: name, first: o[0].typeText, other: o[1].typeText)
        }
        return TensorType(dtype: o[0].dtype, shape: try Shape(checking: result(w, o[0].shape, o[1].shape)))
      },
      kernel: { (o, attributes, out) throws(TensorError) in
        guard case .window(let w) = attributes else { return }
        var layout = w.layout(of: kind, o[0].shape, o[1].shape)
        try checkStatus(tern_convolve(kind, out.dtype.code, &layout, o[0].data, o[1].data, nil, 0, out.data))
      },
      gradient: gradient, batching: .windows, cost: .window,
      native: { call in [call.convolution(kind, bias: nil, relu: false, out: call.out)].compactMap { $0 } },
      domain: Domain(WindowDomain.convolutions.map { domain in
        let (a, b) = operands(domain, domain.channels, domain.filters)
        return Domain.Case(operands: [(a, .reals(-2...2)), (b, .reals(-2...2))], attributes: .window(domain.window))
      }))
  }

  private enum Role { case image, results }

  private static func pool(
    _ name: String, _ summary: String, _ kind: tern_pools, takes: [Role], gives: Role, on fill: Domain.Fill, gradient: @escaping Gradient
  ) -> Primitive {
    Primitive(
      name, summary,
      rule: { (o, attributes) throws(TensorError) in
        guard case .window(let w) = attributes, o[0].dtype == .f32 || o[0].dtype == .f64 else { throw o[0].refusal(of: name) }
        let first = o[0].shape
        func sizes(_ role: Role) -> [Int] { w.sizes(batch: first[0], channels: first[3], results: role == .results) }
        for (operand, role) in zip(o, takes) {
          guard operand.rank == 4, operand.shape.array == sizes(role), operand.dtype == o[0].dtype else {
            throw .unequalShapes(op: name, first: o[0].typeText, other: operand.typeText)
          }
        }
        return TensorType(dtype: o[0].dtype, shape: try Shape(checking: sizes(gives)))
      },
      kernel: { (o, attributes, out) throws(TensorError) in
        guard case .window(let w) = attributes else { return }
        var layout = w.layout(batch: o[0].shape[0], channels: o[0].shape[3])
        let x = takes[0] == .image ? o[0].data : nil, v = takes[0] == .results ? o[0].data : o.count > 1 ? o[1].data : nil
        try checkStatus(tern_pool(kind, out.dtype.code, &layout, x, v, out.data))
      },
      gradient: gradient, batching: .windows, cost: .elements(1),
      native: { call in
        guard case .window(let w) = call.attributes else { return nil }
        let shape = call.operands[0].shape
        let x = takes[0] == .image ? call.place(0) : tern_ref(), v = takes[0] == .results ? call.place(0) : takes.count > 1 ? call.place(1) : tern_ref()
        let step = tern_window_step(
          kind: Int64(kind.rawValue), dtype: Int64(call.type.dtype.code), window: w.layout(batch: shape[0], channels: shape[3]), a: x, b: v, out: call.out,
          bias: tern_ref(), has_bias: 0, relu: 0)
        return [call.step(tern_step_pool, step)]
      },
      domain: Domain(WindowDomain.pools.map { domain in
        Domain.Case(
          operands: takes.map { ($0 == .image ? domain.image(2, domain.channels) : domain.results(2, domain.channels), fill) },
          attributes: .window(domain.window))
      }))
  }
}

/// As `checkInterrupt`, for kernels that need memory of their own.
func checkStatus(_ status: Int32) throws(TensorError) {
  if status == Int32(TERN_NO_MEMORY) { throw MemoryBudget.refusal(of: Int(tern_refused_bytes())) }
  try checkInterrupt(status)
}

extension NativeCall {
  /// A convolution and what it can do at its end: add a bias to each channel, rectify.
  func convolution(_ kind: tern_convolution, bias: tern_ref?, relu: Bool, out: tern_ref) -> tern_step? {
    guard case .window(let w) = attributes else { return nil }
    let step = tern_window_step(
      kind: Int64(kind.rawValue), dtype: Int64(type.dtype.code), window: w.layout(of: kind, operands[0].shape, operands[1].shape), a: place(0), b: place(1),
      out: out, bias: bias ?? tern_ref(), has_bias: bias == nil ? 0 : 1, relu: relu ? 1 : 0)
    return self.step(tern_step_convolve, step)
  }
}

extension Window {
  func sizes(batch: Int, channels: Int, results: Bool) -> [Int] {
    [batch, results ? height.results : height.size, results ? width.results : width.size, channels]
  }

  /// Do these operands of a convolution go together?
  fileprivate func fits(_ kind: tern_convolution, _ a: Shape, _ b: Shape) -> Bool {
    func isImage(_ s: Shape) -> Bool { s[1] == height.size && s[2] == width.size && s[3] % groups == 0 }
    func isResult(_ s: Shape) -> Bool { s[1] == height.results && s[2] == width.results && s[3] % groups == 0 }
    func isFilter(_ s: Shape) -> Bool { s[0] == height.field && s[1] == width.field && s[3] % groups == 0 }
    switch kind {
    case TERN_CONVOLVE: return isImage(a) && isFilter(b) && a[3] == b[2] * groups
    case TERN_CONVOLVE_INPUT: return isResult(a) && isFilter(b) && a[3] == b[3]
    default: return isImage(a) && isResult(b) && a[0] == b[0]
    }
  }

  fileprivate func layout(of kind: tern_convolution, _ a: Shape, _ b: Shape) -> tern_window {
    switch kind {
    case TERN_CONVOLVE: layout(batch: a[0], channels: a[3], filters: b[3])
    case TERN_CONVOLVE_INPUT: layout(batch: a[0], channels: b[2] * groups, filters: b[3])
    default: layout(batch: a[0], channels: a[3], filters: b[3])
    }
  }

  fileprivate func layout(batch: Int, channels: Int, filters: Int? = nil) -> tern_window {
    tern_window(
      batch: Int64(batch), in_h: Int64(height.size), in_w: Int64(width.size), in_c: Int64(channels), out_h: Int64(height.results),
      out_w: Int64(width.results), out_c: Int64(filters ?? channels), field_h: Int64(height.field), field_w: Int64(width.field),
      stride_h: Int64(height.stride), stride_w: Int64(width.stride), low_h: Int64(height.low), low_w: Int64(width.low), high_h: Int64(height.high),
      high_w: Int64(width.high), dilation_h: Int64(height.dilation), dilation_w: Int64(width.dilation), groups: Int64(groups))
  }
}

/// Windows on which the conformance test tries them.
private struct WindowDomain {
  let window: Window
  let channels: Int, filters: Int

  private init(_ height: Window.Axis?, _ width: Window.Axis?, groups: Int = 1, channels: Int, filters: Int) {
    let one = Window.Axis(size: 1, field: 1, stride: 1, dilation: 1, low: 0, high: 0)
    window = Window(height: height ?? one, width: width ?? one, groups: groups)
    self.channels = channels
    self.filters = filters
  }

  func image(_ batch: Int, _ channels: Int) -> [Int] { window.sizes(batch: batch, channels: channels, results: false) }
  func results(_ batch: Int, _ channels: Int) -> [Int] { window.sizes(batch: batch, channels: channels, results: true) }
  func filter(_ channels: Int, _ filters: Int) -> [Int] { [window.height.field, window.width.field, channels / window.groups, filters] }

  private static func axis(_ size: Int, _ field: Int, stride: Int = 1, dilation: Int = 1, _ low: Int = 0, _ high: Int = 0) -> Window.Axis {
    Window.Axis(size: size, field: field, stride: stride, dilation: dilation, low: low, high: high)
  }

  static let convolutions = [
    WindowDomain(axis(4, 3, 1, 1), axis(3, 2), channels: 2, filters: 3),
    // A stride that leaves places out at the end, uneven padding, dilation.
    WindowDomain(axis(6, 2, stride: 2, 0, 1), axis(5, 2, stride: 3, dilation: 2, 1, 0), channels: 1, filters: 2),
    WindowDomain(axis(3, 2), axis(4, 3, stride: 2, 2, 2), groups: 2, channels: 4, filters: 6),
    // More padding than the filter is wide.
    WindowDomain(axis(1, 1), axis(3, 2, stride: 2, 3, 2), groups: 3, channels: 3, filters: 3),
  ]
  static let pools = [
    WindowDomain(axis(4, 2, stride: 2), axis(4, 2, stride: 2), channels: 3, filters: 3),
    WindowDomain(axis(5, 3, stride: 2, 1, 1), axis(4, 2, stride: 1, 0, 1), channels: 2, filters: 2),
    WindowDomain(nil, axis(6, 2, stride: 3, 1, 0), channels: 1, filters: 1),
  ]
}
