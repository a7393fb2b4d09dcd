import CTernKernels

/// How much one fused step can hold.
enum FusedLimits {
  private static let operations = Int(TERN_FUSED_OPS)
  private static let values = Int(TERN_FUSED_VALUES)
  /// How long rows may be that a step folds: parts of a row are folded one after another, which longer ones would feel.
  static let rowsToFold = 2...1 << 16
  /// The same where there is but one, which no two threads share.
  static let oneRowToFold = 4096

  static func hasRoom(_ group: [Int], _ id: Int, _ program: Program) -> Bool {
    guard group.count < operations else { return false }
    var all = Set(group)
    all.insert(id)
    for member in group + [id] { all.formUnion(program.operands[member]) }
    return all.count + group.count < values
  }
}

/// A group of elementwise values as one step of a plan.
struct FusedStep {
  private let program: Program
  private let ids: [Int]
  private let isOutput: (Int) -> Bool
  private let place: (Int) -> tern_ref
  private let rows: (Int) -> Rows?
  private var fused = tern_fused()
  private var valueOf: [Int: Int32] = [:]
  private let shape: Shape
  private let merging: FusedMerging

  /// `isOutput`: is the value used outside of the group? `place`: where a value lies that is; `rows`: how, when not in one piece.
  init(
    _ program: Program, _ ids: [Int], isOutput: @escaping (Int) -> Bool, place: @escaping (Int) -> tern_ref, rows: @escaping (Int) -> Rows?
  ) {
    self.program = program
    self.ids = ids
    self.isOutput = isOutput
    self.place = place
    self.rows = rows
    shape = program.types[ids[0]].shape
    merging = FusedMerging(program, ids, isOutput: isOutput)
  }

  mutating func made() -> tern_fused {
    fused.n = Int64(shape.count)
    fused.block = Int64(TERN_FUSED_BLOCK)
    let lastUse = lastUses()
    var free: [Int32] = []
    for (position, id) in ids.enumerated() {
      guard let (primitive, attributes) = program.call(id) else { continue }
      if merging.isMadeElsewhere(id) { continue }
      let x = operands(id).map { value(of: $0) }
      if primitive === Primitive.broadcast, !isOutput(id) {
        valueOf[id] = x[0]
        continue
      }
      if let fold = primitive.fold { append(fold, of: x, id) }
      else if let blend = merging.blends[id] { append(blend, x, id, output(id, &free)) }
      else if let other = merging.pairs[id] {
        if valueOf[id] == nil { appendPair(id, other, x[0], output(id, &free), output(other, &free)) }
      } else { append(primitive, attributes, id, x, output(id, &free)) }
      for operand in Set(operands(id)) where lastUse[operand] == position { release(operand, &free) }
    }
    // Rows that become one number each lie whole in a block, or one row in several.
    let most = Int64(TERN_FUSED_BLOCK)
    if fused.row > 0 { fused.block = fused.row <= most ? most / fused.row * fused.row : most }
    tern_fused_prepare(&fused)
    return fused
  }

  private func operands(_ id: Int) -> [Int] {
    if let blend = merging.blends[id] { return blend.operands }
    let own = program.operands[id]
    guard program.call(id)?.primitive === Primitive.sum, let product = own.first else { return own }
    return merging.factors[product] ?? own
  }

  private func lastUses() -> [Int: Int] {
    var last: [Int: Int] = [:]
    for (position, id) in ids.enumerated() where !merging.isMadeElsewhere(id) {
      for operand in operands(id) {
        last[operand] = position
        // A repeated value is the same block under another name.
        if let (primitive, _) = program.call(operand), primitive === Primitive.broadcast, let source = program.operands[operand].first {
          last[source] = position
        }
      }
    }
    return last
  }

  private mutating func value(of id: Int) -> Int32 {
    if let value = valueOf[id] { return value }
    if let rows = rows(id) { return append(part(TERN_FUSED_TAKEN, rows, id), for: id) }
    var value = tern_fused_value(kind: Int32(TERN_FUSED_DENSE), size: Int32(program.types[id].dtype.size), scratch: 0, period: 0, apart: 0, at: place(id))
    switch FusedForm(program.types[id].shape, in: shape) {
    case .number: value.kind = Int32(TERN_FUSED_NUMBER)
    case .row(let period):
      value.kind = Int32(TERN_FUSED_ROW)
      value.period = Int64(period)
      value.scratch = newScratch()
      if period < Int(TERN_FUSED_BLOCK) { fused.block = Int64(Int(TERN_FUSED_BLOCK) / period * period) }
    case .column(let width):
      value.kind = Int32(TERN_FUSED_COLUMN)
      value.period = Int64(width)
      value.scratch = newScratch()
    case .dense, nil: break
    }
    return append(value, for: id)
  }

  private mutating func output(_ id: Int, _ free: inout [Int32]) -> Int32 {
    let size = Int32(program.types[id].dtype.size)
    if isOutput(id) {
      if let rows = rows(id) { return append(part(TERN_FUSED_PLACED, rows, id), for: id) }
      return append(tern_fused_value(kind: Int32(TERN_FUSED_DENSE), size: size, scratch: 0, period: 0, apart: 0, at: place(id)), for: id)
    }
    let scratch = free.popLast() ?? newScratch()
    return append(tern_fused_value(kind: Int32(TERN_FUSED_SCRATCH), size: size, scratch: scratch, period: 0, apart: 0, at: tern_ref()), for: id)
  }

  private mutating func part<Kind: BinaryInteger>(_ kind: Kind, _ rows: Rows, _ id: Int) -> tern_fused_value {
    tern_fused_value(
      kind: Int32(kind), size: Int32(program.types[id].dtype.size), scratch: newScratch(), period: Int64(rows.length), apart: Int64(rows.apart), at: place(id))
  }

  private mutating func release(_ id: Int, _ free: inout [Int32]) {
    guard let value = valueOf[id] else { return }
    let found = get(value)
    if found.kind == TERN_FUSED_SCRATCH { free.append(found.scratch) }
  }

  private mutating func newScratch() -> Int32 {
    fused.scratch_count += 1
    return fused.scratch_count - 1
  }

  private mutating func append(_ value: tern_fused_value, for id: Int) -> Int32 {
    let index = fused.value_count
    withUnsafeMutableBytes(of: &fused.values) { $0.bindMemory(to: tern_fused_value.self)[Int(index)] = value }
    fused.value_count += 1
    valueOf[id] = index
    return index
  }

  private mutating func get(_ index: Int32) -> tern_fused_value {
    withUnsafeMutableBytes(of: &fused.values) { $0.bindMemory(to: tern_fused_value.self)[Int(index)] }
  }

  private mutating func append(_ fold: tern_fold, of rows: [Int32], _ id: Int) {
    let type = program.types[id]
    fused.row = Int64(shape.count / type.shape.count)
    var op = tern_fused_op()
    op.kind = Int32(rows.count == 1 ? TERN_FUSED_FOLD : TERN_FUSED_PRODUCTS)
    op.code = Int32(fold.rawValue)
    op.dtype = type.dtype.code
    op.size = Int32(type.dtype.size)
    (op.a, op.b) = (rows[0], rows[rows.count - 1])
    op.out = append(tern_fused_value(kind: Int32(TERN_FUSED_FOLDED), size: op.size, scratch: 0, period: 0, apart: 0, at: place(id)), for: id)
    append(op)
  }

  private mutating func append(_ op: tern_fused_op) {
    let index = Int(fused.op_count)
    withUnsafeMutableBytes(of: &fused.ops) { $0.bindMemory(to: tern_fused_op.self)[index] = op }
    fused.op_count += 1
  }

  private mutating func append(_ blend: FusedMerging.Blend, _ x: [Int32], _ id: Int, _ result: Int32) {
    var op = tern_fused_op()
    op.kind = Int32(TERN_FUSED_BLEND)
    op.code = blend.minus ? 1 : 0
    op.dtype = program.types[id].dtype.code
    op.size = Int32(program.types[id].dtype.size)
    (op.a, op.b) = (x[0], x[1])
    op.c = blend.factors.0.map { value(of: $0) } ?? -1
    op.d = blend.factors.1.map { value(of: $0) } ?? -1
    op.out = result
    append(op)
  }

  private mutating func appendPair(_ id: Int, _ other: Int, _ x: Int32, _ result: Int32, _ otherResult: Int32) {
    let isSigmoid = program.call(id)?.primitive === Primitive.sigmoid
    var op = tern_fused_op()
    op.kind = Int32(TERN_FUSED_LOGISTIC)
    op.dtype = program.types[id].dtype.code
    op.size = Int32(program.types[id].dtype.size)
    op.a = x
    (op.out, op.c) = isSigmoid ? (result, otherResult) : (otherResult, result)
    append(op)
  }

  private mutating func append(_ primitive: Primitive, _ attributes: Attributes, _ id: Int, _ x: [Int32], _ result: Int32) {
    let type = program.types[id], first = program.types[program.operands[id][0]].dtype
    var op = tern_fused_op()
    op.dtype = first.code
    op.size = Int32(type.dtype.size)
    op.a = x[0]
    op.out = result
    switch primitive.elementwise {
    case .map(let code):
      op.kind = Int32(TERN_FUSED_MAP)
      op.code = Int32(code.rawValue)
    case .zip(let code):
      op.kind = Int32(TERN_FUSED_ZIP)
      op.code = Int32(code.rawValue)
      op.b = x[1]
    case .choose:
      op.kind = Int32(TERN_FUSED_WHERE)
      (op.c, op.a, op.b) = (x[0], x[1], x[2])
    case nil:
      op.kind = Int32(primitive === Primitive.cast ? TERN_FUSED_CAST : TERN_FUSED_COPY)
      op.code = type.dtype.code
    }
    let isUnary = op.kind == TERN_FUSED_MAP || op.kind == TERN_FUSED_CAST
    op.spreads = isUnary && get(x[0]).kind == TERN_FUSED_NUMBER ? 1 : 0
    append(op)
  }
}
