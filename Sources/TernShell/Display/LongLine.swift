/// A list, a record or a text whose one line is wider than the terminal, in lines: items that are lists or records have one each,
/// others fill it. What is very long keeps its beginning.
package enum LongLine {
  package static func laidOut(_ text: String, width: Int, rows: Int = 20) -> String {
    guard width > 10, text.utf8.count > width, let first = text.utf8.first, !text.utf8.contains(UInt8(ascii: "\n")) else { return text }
    switch first {
    case UInt8(ascii: "["), UInt8(ascii: "{"): return items(Array(text.utf8), width, rows)
    case UInt8(ascii: "\""):
      let most = width * rows
      return text.utf8.count <= most ? text : "\(text.prefix(most - width))…\" (\(text.utf8.count) bytes)"
    default: return text
    }
  }

  private static func items(_ bytes: [UInt8], _ width: Int, _ rows: Int) -> String {
    let ranges = topItems(bytes)
    guard ranges.count > 1 else { return String(decoding: bytes, as: UTF8.self) }
    let isNested = ranges.contains { range in bytes[range].contains { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") } }
    var lines: [String] = [], line = ""
    for (place, range) in ranges.enumerated() {
      let isLast = place == ranges.count - 1
      let item = short(bytes[range], 2 * width) + (isLast ? "" : ",")
      if !line.isEmpty, isNested || line.count + item.count + 2 > width {
        lines.append(line)
        line = ""
        if lines.count >= rows {
          // Of a list of many thousands the text itself says how many there are.
          let last = String(decoding: bytes[ranges[ranges.count - 1]], as: UTF8.self)
          let rest = last.hasPrefix("…") ? last : "… \(ranges.count - place) more"
          return (lines + [" \(rest)" + String(decoding: bytes.suffix(1), as: UTF8.self)]).joined(separator: "\n")
        }
      }
      line += place == 0 ? String(decoding: bytes.prefix(1), as: UTF8.self) + item : " " + item
    }
    return (lines + [line + String(decoding: bytes.suffix(1), as: UTF8.self)]).joined(separator: "\n")
  }

  private static func short(_ item: ArraySlice<UInt8>, _ most: Int) -> String {
    if item.count <= most { return String(decoding: item, as: UTF8.self) }
    return String(decoding: item.prefix(4 * most), as: UTF8.self).prefix(most) + "… (\(item.count) bytes)"
  }

  /// Where the items between the outer brackets stand, without the commas.
  private static func topItems(_ bytes: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = [], start = 1, depth = 0, isText = false, at = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\\") where isText: at += 1
      case UInt8(ascii: "\""): isText.toggle()
      case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "("): if !isText { depth += 1 }
      case UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ")"): if !isText { depth -= 1 }
      case UInt8(ascii: ",") where !isText && depth == 1:
        ranges.append(start..<at)
        start = min(at + 2, bytes.count)
      default: break
      }
      at += 1
    }
    if start < bytes.count - 1 { ranges.append(start..<bytes.count - 1) }
    return ranges
  }
}
