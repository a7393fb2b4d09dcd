/// Eight bytes: opcode 8 · flags `x` 8 · `a` 16 · `b` 16 · `c` 16 bits. Register operands are stored as byte offsets
/// (number × 16), so that the loop adds them to the frame's base without a shift. Some opcodes are followed by a word of
/// data (see `FieldWord`).
package struct Instruction {
  var word: UInt64

  init(_ opcode: Opcode, x: UInt8 = 0, a: UInt16 = 0, b: UInt16 = 0, c: UInt16 = 0) {
    word = UInt64(opcode.rawValue) | UInt64(x) << 8 | UInt64(a) << 16 | UInt64(b) << 32 | UInt64(c) << 48
  }

  @inline(__always) var opcode: Opcode { unsafeBitCast(UInt8(truncatingIfNeeded: word), to: Opcode.self) }
  @inline(__always) var x: UInt8 {
    get { UInt8(truncatingIfNeeded: word >> 8) }
    set { word = word & ~0xff00 | UInt64(newValue) << 8 }
  }
  @inline(__always) var a: Int { Int(UInt16(truncatingIfNeeded: word >> 16)) }
  @inline(__always) var b: Int {
    get { Int(UInt16(truncatingIfNeeded: word >> 32)) }
    set { word = word & ~(0xffff << 32) | UInt64(UInt16(truncatingIfNeeded: newValue)) << 32 }
  }
  @inline(__always) var c: Int {
    get { Int(word >> 48) }
    set { word = word & ~(0xffff << 48) | UInt64(UInt16(truncatingIfNeeded: newValue)) << 48 }
  }
  /// `b` and `c` as signed numbers.
  @inline(__always) var signedB: Int { Int(Int16(truncatingIfNeeded: Int64(bitPattern: word) >> 32)) }
  @inline(__always) var signedC: Int { Int(Int64(bitPattern: word) >> 48) }
  /// `b` and `c` together: a jump of any length.
  @inline(__always) var jump: Int {
    get { Int(Int64(bitPattern: word) >> 32) }
    set { word = word & 0xffff_ffff | UInt64(UInt32(bitPattern: Int32(truncatingIfNeeded: newValue))) << 32 }
  }

  /// A word of data after an instruction.
  init(data: UInt64) { word = data }
}

typealias Code = UnsafeMutablePointer<Instruction>

/// After a field instruction: which name (an index into the prototype's names) and which of the machine's inline caches.
struct FieldWord {
  let name: Int
  let cache: Int

  @inline(__always) init(_ word: UInt64) {
    name = Int(word & 0xffff_ffff)
    cache = Int(word >> 32)
  }
  static func encode(name: Int, cache: Int) -> UInt64 { UInt64(UInt32(name)) | UInt64(UInt32(cache)) << 32 }
}

/// What a machine remembers at a field instruction: in records of this layout the field lies there.
struct FieldCache {
  var layout: UInt32 = 0
  var position: UInt32 = 0
}
