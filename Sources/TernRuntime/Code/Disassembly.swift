import TernSyntax

extension Prototype {
  /// The code as people read it, for `tern explain code`: one instruction a line, functions inside it below.
  package var disassembly: String {
    var text = ""
    Disassembly.write(self, to: &text)
    return text
  }
}

/// Writes code by what each opcode's row says of its operands.
private enum Disassembly {
  static func write(_ prototype: Prototype, to text: inout String) {
    text += heading(prototype) + "\n"
    var at = 0
    while at < prototype.codeCount {
      let instruction = prototype.info.pointee.code[at]
      let line = Line(instruction, at: at, in: prototype)
      text += line.text + "\n"
      at += 1 + line.dataWords
    }
    for handler in prototype.handlers {
      text += "  errors in \(handler.start) ..< \(handler.end) go on at \(handler.target), as a record in r\(handler.register)\n"
    }
    for blueprint in prototype.blueprints {
      for (name, method) in blueprint.methods.sorted(by: { $0.key < $1.key }) {
        text += "\nmodel \(blueprint.name), \(name): "
        write(method, to: &text)
      }
      for (position, start) in blueprint.starts.sorted(by: { $0.key < $1.key }) {
        text += "\nmodel \(blueprint.name), start of \(blueprint.layout.keys[position].text): "
        write(start.code, to: &text)
      }
    }
    for inner in prototype.prototypes {
      text += "\n"
      write(inner, to: &text)
    }
  }

  private static func heading(_ prototype: Prototype) -> String {
    let name = prototype.function == nil ? "top level" : prototype.name.isEmpty ? "a function" : "fn \(prototype.name)"
    let parameters = prototype.parameters.map { ($0.isRest ? "..." : "") + ($0.name ?? "_") + ($0.hasDefault ? " =" : "") }
    let list = prototype.function == nil ? "" : "(\(parameters.joined(separator: ", ")))"
    return "\(name)\(list)  \(prototype.info.pointee.registerCount) registers" + captures(prototype)
  }

  private static func captures(_ prototype: Prototype) -> String {
    guard !prototype.captures.isEmpty else { return "" }
    let sources = prototype.captures.map { capture in
      switch capture.source {
      case .local(let register): "r\(register)"
      case .late(let register): "late r\(register)"
      case .capture(let outer): "captured \(outer)"
      case .itself: "the function around"
      }
    }
    return ", captures " + sources.joined(separator: ", ")
  }

  /// One instruction in columns: where, opcode, operands, effect, source.
  struct Line {
    let text: String
    let dataWords: Int

    init(_ instruction: Instruction, at: Int, in prototype: Prototype) {
      let row = instruction.opcode.description
      // What a row names after a comma is in a word of data behind the instruction.
      let hasData = row.operands.contains(",")
      dataWords = hasData ? 1 : 0
      var remark = Line.remark(instruction, prototype)
      if row.operands.hasSuffix(", name"), at + 1 < prototype.codeCount {
        let name = FieldWord(prototype.info.pointee.code[at + 1].word).name
        if prototype.names.indices.contains(name) { remark += "  ; .\(prototype.names[name])" }
      }
      text = Line.columns([String(at), "\(instruction.opcode)", Line.operands(instruction, at, prototype), row.effect + remark])
    }

    private static func columns(_ parts: [String]) -> String {
      let widths = [4, 22, 16]
      var line = ""
      for (position, part) in parts.enumerated() {
        let padding = position < widths.count ? String(repeating: " ", count: max(widths[position] - part.count, 0)) : ""
        line += position == 0 ? padding + part + "  " : part + padding + (position < widths.count ? "  " : "")
      }
      return line
    }

    /// `a b c` are registers; what is none of them is shown as its number.
    private static func operands(_ instruction: Instruction, _ at: Int, _ prototype: Prototype) -> String {
      let row = instruction.opcode.description.operands.prefix { $0 != "," }
      let raw = [instruction.a, instruction.b, instruction.c, Int(instruction.x)]
      return row.split(separator: " ").enumerated().map { field, name in
        switch name {
        case "a", "b", "c": "r\(raw[min(field, 3)] >> 4)"
        case "jump": "→\(at + 1 + (field < 2 ? instruction.jump : instruction.signedC))"
        case "i": String(field == 1 ? instruction.signedB : instruction.signedC)
        default: "\(name)\(raw[min(field, 3)])"
        }
      }.joined(separator: " ")
    }

    /// The constant, the name of a top-level slot.
    private static func remark(_ instruction: Instruction, _ prototype: Prototype) -> String {
      switch instruction.opcode {
      case .loadConstant where prototype.constants.indices.contains(instruction.b):
        "  ; \(prototype.constants[instruction.b].text(width: 60))"
      case .getGlobal, .setGlobal, .takeGlobal, .callGlobal: globalName(instruction.b, prototype)
      default: ""
      }
    }

    private static func globalName(_ slot: Int, _ prototype: Prototype) -> String {
      prototype.file.names.indices.contains(slot) ? "  ; \(prototype.file.names[slot])" : ""
    }
  }
}
