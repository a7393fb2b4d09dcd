/// How a window moves over an image: what a filter or a pool sees for each of its results.
///
/// Images are [batch, height, width, channels], filters [height, width, channels / groups, filters]; a signal is an image of
/// height 1. Along an axis the k-th result sees the places k stride - low + j dilation, for j below `field`; places outside
/// of the image are padding.
package struct Window: Sendable, Hashable {
  package struct Axis: Sendable, Hashable {
    package let size: Int
    package let field: Int, stride: Int, dilation: Int
    /// Padding before the first place and after the last.
    package let low: Int, high: Int

    /// As it was written down; `size` is that of the image.
    package init(size: Int, field: Int, stride: Int, dilation: Int, low: Int, high: Int) {
      self.size = size
      self.field = field
      self.stride = stride
      self.dilation = dilation
      self.low = low
      self.high = high
    }

    /// The places that a window reaches over.
    package var extent: Int { (field - 1) * dilation + 1 }
    package var results: Int { (size + low + high - extent) / stride + 1 }
  }

  package let height: Axis, width: Axis
  package let groups: Int

  package init(height: Axis, width: Axis, groups: Int) {
    self.height = height
    self.width = width
    self.groups = groups
  }

  /// Padding as it is asked for: as much as keeps the size (for stride 1; else the size divided by the stride, rounded up), or
  /// so many places before and after.
  package enum Padding: Sendable {
    case same
    case places(low: Int, high: Int)
  }

  /// What is asked for along the axes of an image, of which a signal has one.
  package struct Options: Sendable {
    package var stride: [Int], dilation: [Int], padding: [Padding], groups: Int
    package init(stride: [Int] = [1], padding: [Padding] = [.places(low: 0, high: 0)], dilation: [Int] = [1], groups: Int = 1) {
      self.stride = stride
      self.padding = padding
      self.dilation = dilation
      self.groups = groups
    }
  }
}

extension Window.Axis {
  /// No step, field or padding is larger, so that nothing worked out of them overflows.
  static let most = 1 << 30

  /// What is asked for, checked; `size` is the image's.
  init(_ op: String, _ name: String, size: Int, field: Int, stride: Int, dilation: Int, padding: Window.Padding) throws(TensorError) {
    func checked(_ value: Int, _ what: String, from least: Int) throws(TensorError) -> Int {
      guard value >= least, value <= Window.Axis.most else { throw .argument(op: op, what: what, value: value) }
      return value
    }
    self.size = size
    self.field = try checked(field, "a size of 1 or more", from: 1)
    self.stride = try checked(stride, "a stride of 1 or more", from: 1)
    self.dilation = try checked(dilation, "a dilation of 1 or more", from: 1)
    let extent = (field - 1) * dilation + 1
    switch padding {
    case .same:
      // The results are size / stride, rounded up; what they reach past the image is shared out, the odd place at the end.
      let results = size / stride + (size % stride == 0 ? 0 : 1)
      let past = Swift.max((results - 1) * stride + extent - size, 0)
      low = past / 2
      high = past - past / 2
    case .places(let low, let high):
      self.low = try checked(low, "a padding of 0 or more", from: 0)
      self.high = try checked(high, "a padding of 0 or more", from: 0)
    }
    guard size + low + high >= extent else { throw .windowTooLarge(op: op, axis: name, extent: extent, size: size, padding: low + high) }
  }
}
