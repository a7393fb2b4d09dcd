extension Tensor {
  /// What a filter makes of images [batch, height, width, channels] or signals [batch, length, channels]; the filter is
  /// [height, width, channels / groups, filters] or [length, channels / groups, filters].
  package func convolved(with filter: Tensor, _ options: Window.Options) throws(TensorError) -> Tensor {
    let op = "convolve"
    let (x, w) = try windowed(op, filter)
    let window = try Window(op, x, field: [w.shape[0], w.shape[1]], options, isSignal: rank == 3)
    let channels = x.shape[3], groups = options.groups
    if channels % groups != 0 { throw .groups(op: op, groups: groups, what: "channels", count: channels) }
    if w.shape[3] % groups != 0 { throw .groups(op: op, groups: groups, what: "filters", count: w.shape[3]) }
    guard w.shape[2] == channels / groups else {
      throw .filterChannels(op: op, image: typeText, filter: filter.typeText, channels: channels, groups: groups, found: w.shape[2])
    }
    return try bind(.convolve, [x, w], .window(window)).asBefore(isSignal: rank == 3, last: filter, names: axisNames)
  }

  /// The transposed convolution: what `convolved` with the same options would be the gradient of. The filter is
  /// [height, width, filters / groups, channels]; `extra` places are added at the end of each axis, where a stride leaves open how many there were.
  package func convolvedTransposed(with filter: Tensor, extra: [Int], _ options: Window.Options) throws(TensorError) -> Tensor {
    let op = "convolve_transpose"
    let (y, w) = try windowed(op, filter)
    let groups = options.groups, channels = y.shape[3]
    if groups < 1 { throw .argument(op: op, what: "1 group or more", value: groups) }
    if channels % groups != 0 || groups > Swift.max(channels, 1) { throw .groups(op: op, groups: groups, what: "channels", count: channels) }
    guard w.shape[3] == channels else {
      throw .filterChannels(op: op, image: typeText, filter: filter.typeText, channels: channels, groups: 1, found: w.shape[3])
    }
    let isSignal = rank == 3
    func axis(_ k: Int, _ name: String) throws(TensorError) -> Window.Axis {
      if isSignal && k == 0 { return Window.Axis.alone }
      let at = isSignal ? 0 : k
      return try Window.Axis(
        transposed: op, name, results: y.shape[1 + k], field: w.shape[k], stride: options.stride.along(at), dilation: options.dilation.along(at),
        padding: options.padding.along(at), extra: extra.along(at))
    }
    let window = Window(height: try axis(0, "height"), width: try axis(1, isSignal ? "length" : "width"), groups: groups)
    let out = try bind(.convolveInput, [y, w], .window(window))
    return try out.asBefore(isSignal: isSignal, last: nil, names: axisNames)
  }

  package enum Pooling: Sendable { case max, mean }

  /// The largest or the mean of each window of images [batch, height, width, channels] or signals [batch, length, channels].
  package func pooled(_ pooling: Pooling, size: [Int], _ options: Window.Options) throws(TensorError) -> Tensor {
    let op = pooling == .max ? "pool_max" : "pool_mean"
    guard rank == 3 || rank == 4 else { throw .needsAxes(op: op, type: typeText, rank: 4) }
    guard dtype == .f32 || dtype == .f64 else { throw .needsFloat(op: op, type: typeText) }
    let x = rank == 3 ? try unnamed.expanded(at: 1) : unnamed
    let field = rank == 3 ? [1, size.along(0)] : [size.along(0), size.along(1)]
    let window = try Window(op, x, field: field, options, isSignal: rank == 3)
    // Each window holds a place of the image: of padding alone there is no largest.
    for (axis, name) in [(window.height, "height"), (window.width, rank == 3 ? "length" : "width")] {
      if axis.size == 0 { throw .windowTooLarge(op: op, axis: name, extent: axis.field, size: 0, padding: 0) }
      let padding = Swift.max(axis.low, axis.high)
      if padding >= axis.field { throw .argument(op: op, what: "a padding below the window's size", value: padding) }
    }
    let primitive = pooling == .max ? Primitive.poolMax : Primitive.poolMean
    return try bind(primitive, [x], .window(window)).asBefore(isSignal: rank == 3, last: self, names: axisNames)
  }

  /// Images and a filter with four axes each, of one float dtype.
  private func windowed(_ op: String, _ filter: Tensor) throws(TensorError) -> (Tensor, Tensor) {
    guard rank == 3 || rank == 4 else { throw .needsAxes(op: op, type: typeText, rank: 4) }
    guard filter.rank == rank else { throw .needsAxes(op: op, type: filter.typeText, rank: rank) }
    let dtype = DType.meet(self.dtype, filter.dtype)
    guard dtype == .f32 || dtype == .f64 else { throw .needsFloat(op: op, type: typeText) }
    let x = try unnamed.cast(dtype), w = try filter.unnamed.cast(dtype)
    return rank == 3 ? (try x.expanded(at: 1), try w.expanded(at: 0)) : (x, w)
  }

  /// A result with the axes and names of what it was made of: the last name is the filter's.
  private func asBefore(isSignal: Bool, last: Tensor?, names: [String?]?) throws(TensorError) -> Tensor {
    let out = isSignal ? try reshaped(to: shape.without([1])) : self
    let end = last.flatMap { $0.axisName($0.rank - 1) }
    guard names != nil || end != nil else { return out }
    let front = names ?? Array(repeating: nil, count: out.rank)
    return try out.named(AxisNames.distinct(front.dropLast() + [end]))
  }
}

extension Window {
  init(_ op: String, _ x: Tensor, field: [Int], _ options: Options, isSignal: Bool) throws(TensorError) {
    if options.groups < 1 { throw .argument(op: op, what: "1 group or more", value: options.groups) }
    func axis(_ k: Int, _ name: String) throws(TensorError) -> Axis {
      if isSignal && k == 0 { return Axis.alone }
      let at = isSignal ? 0 : k
      return try Axis(
        op, name, size: x.shape[1 + k], field: field[k], stride: options.stride.along(at), dilation: options.dilation.along(at),
        padding: options.padding.along(at))
    }
    self.init(height: try axis(0, "height"), width: try axis(1, isSignal ? "length" : "width"), groups: options.groups)
  }
}

extension Window.Axis {
  /// The height of a signal.
  static let alone = Window.Axis(size: 1, field: 1, stride: 1, dilation: 1, low: 0, high: 0)

  /// The axis whose windows give so many results.
  fileprivate init(
    transposed op: String, _ name: String, results: Int, field: Int, stride: Int, dilation: Int, padding: Window.Padding, extra: Int
  ) throws(TensorError) {
    // Checks the numbers as a convolution would, on an axis that anything fits.
    let asked = try Window.Axis(op, name, size: 1 << 62, field: field, stride: stride, dilation: dilation, padding: padding.isSame ? .places(low: 0, high: 0) : padding)
    guard extra >= 0, extra < Swift.max(stride, dilation) else { throw .argument(op: op, what: "extra places from 0 up to, but not, the stride or dilation", value: extra) }
    guard results > 0 else { throw .windowTooLarge(op: op, axis: name, extent: asked.extent, size: 0, padding: 0) }
    let (steps, overflow) = results.multipliedReportingOverflow(by: stride)
    guard !overflow, steps < Shape.maxCount else { throw .tooLarge([results, stride]) }
    let whole = steps - stride + asked.extent + extra
    let size = padding.isSame ? steps : whole - asked.low - asked.high
    guard size > 0 else { throw .windowTooLarge(op: op, axis: name, extent: asked.extent, size: whole - asked.extent, padding: asked.low + asked.high) }
    try self.init(op, name, size: size, field: field, stride: stride, dilation: dilation, padding: padding)
    guard self.results == results else { throw .argument(op: op, what: "a padding that leaves the results", value: self.results) }
  }
}

extension Window.Padding {
  fileprivate var isSame: Bool { if case .same = self { true } else { false } }
}

extension Array {
  /// What is given for an axis, where one is for all.
  fileprivate func along(_ axis: Int) -> Element { self[Swift.min(axis, count - 1)] }
}
