/// Operands that repeat along several axes apart are laid out first: what is computed block by block repeats rows or columns.
enum Expansion {
  static func expanded(_ program: Program) throws(TensorError) -> Program {
    var builder = SharingBuilder()
    var ids: [Int] = []
    for id in 0..<program.count {
      builder.origin = program.origins[id]
      switch program.sources[id] {
      case .input(let k): ids.append(builder.input(k, program.types[id]))
      case .constant(let tensor): ids.append(builder.constant(tensor))
      case .call(let primitive, let attributes):
        var operands = program.operands[id].map { ids[$0] }
        if primitive.elementwise != nil {
          let shape = program.types[id].shape
          for (k, operand) in operands.enumerated() where FusedForm(builder.program.types[operand].shape, in: shape) == nil {
            let type = TensorType(dtype: builder.program.types[operand].dtype, shape: shape)
            operands[k] = try builder.call(.broadcast, .shape(shape), [operand], type)
          }
        }
        ids.append(try builder.call(primitive, attributes, operands, program.types[id]))
      }
    }
    return builder.finish(program.outputs.map { ids[$0] })
  }
}
