/// What the machine can do: one line an opcode. `a`, `b`, `c` are registers unless said; `jump` is relative to the next
/// instruction. Bit 0 of `x` says that the machine may take `b` (a temporary, or a local's last use), bit 1 the same of `c`.
package enum Opcode: UInt8, CaseIterable {
  // Moves.
  case move, take, loadConstant, loadInt, loadNone, clear, clearRange, clearUnset
  case getGlobal, setGlobal, takeGlobal, getCapture, loadSelf, getLate
  // Arithmetic: a = b op c.
  case add, subtract, multiply, divide, floorDivide, remainder, power, matmul, addInt, multiplyInt, remainderInt, negate
  // Comparisons and logic.
  case less, lessEqual, greater, greaterEqual, equal, notEqual, isIn, notIn, not, logicAnd, logicOr
  // Jumps.
  case jump, jumpBack, jumpUnless, jumpIf, jumpIfSet
  case jumpUnlessLess, jumpUnlessLessEqual, jumpUnlessGreater, jumpUnlessGreaterEqual, jumpUnlessEqual, jumpIfEqual
  case jumpUnlessLessInt, jumpUnlessLessEqualInt, jumpUnlessGreaterInt, jumpUnlessGreaterEqualInt, jumpUnlessEqualInt
  case loopWhileLess, loopWhileLessEqual, loopWhileGreater, loopWhileGreaterEqual
  case loopWhileLessInt, loopWhileLessEqualInt, loopWhileGreaterInt, loopWhileGreaterEqualInt
  case shortAnd, shortOr
  // Loops.
  case forPrepare, forRange, eachPrepare, forEach
  // Calls.
  case call, callGlobal, callSpread, ret, retNone, closure, fillLate
  // Containers.
  case newList, newRecord, buildList, buildRecord, newRange, formatString
  case getIndex, getIndexes, getField, getIndexField
  case setIndex, setField, setIndexField, setPlace, push
  // Numbers in places, changed where they lie. Where that fits not, nothing happens and the instructions that follow do it.
  case updateIndex, updateField, updateIndexField
  // The rest of the language.
  case match, bindPattern, contract, contractVar, contractResult, raise, refuse, use, typeValue
  case makeModel, getMember, setMember, enterModel, training, line

  /// Can it make tensors of its own, so that one may ask where they come from?
  var computes: Bool {
    switch self {
    case .add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power, .matmul, .addInt, .multiplyInt, .remainderInt, .negate, .less,
      .lessEqual, .greater, .greaterEqual, .equal, .notEqual, .not, .logicAnd, .logicOr, .call, .callGlobal, .callSpread, .getIndex, .getIndexes,
      .setIndex, .setPlace:
      true
    default: false
    }
  }

  package struct Description {
    package let operands: String
    package let effect: String
  }

  /// One row an opcode, for `tern explain code`.
  package var description: Description {
    switch self {
    case .move: .init(operands: "a b", effect: "a = b")
    case .take: .init(operands: "a b", effect: "a = b, b = none")
    case .loadConstant: .init(operands: "a k", effect: "a = constant k")
    case .loadInt: .init(operands: "a i", effect: "a = i")
    case .loadNone: .init(operands: "a", effect: "a = none")
    case .clear: .init(operands: "a", effect: "release a")
    case .clearRange: .init(operands: "a n", effect: "release a ..< a + n")
    case .clearUnset: .init(operands: "a n", effect: "a ..< a + n = nothing yet")
    case .getGlobal: .init(operands: "a g", effect: "a = top-level g")
    case .setGlobal: .init(operands: "a g", effect: "top-level g = a")
    case .takeGlobal: .init(operands: "a g", effect: "a = top-level g, moved")
    case .getCapture: .init(operands: "a n", effect: "a = captured n")
    case .loadSelf: .init(operands: "a", effect: "a = this function")
    case .getLate: .init(operands: "a b", effect: "a = the function in late slot b")
    case .add: .init(operands: "a b c", effect: "a = b + c")
    case .subtract: .init(operands: "a b c", effect: "a = b - c")
    case .multiply: .init(operands: "a b c", effect: "a = b * c")
    case .divide: .init(operands: "a b c", effect: "a = b / c")
    case .floorDivide: .init(operands: "a b c", effect: "a = b // c")
    case .remainder: .init(operands: "a b c", effect: "a = b % c")
    case .power: .init(operands: "a b c", effect: "a = b ** c")
    case .matmul: .init(operands: "a b c", effect: "a = b @ c")
    case .addInt: .init(operands: "a b i", effect: "a = b + i")
    case .multiplyInt: .init(operands: "a b i", effect: "a = b * i")
    case .remainderInt: .init(operands: "a b i", effect: "a = b % i")
    case .negate: .init(operands: "a b", effect: "a = -b")
    case .less: .init(operands: "a b c", effect: "a = b < c")
    case .lessEqual: .init(operands: "a b c", effect: "a = b <= c")
    case .greater: .init(operands: "a b c", effect: "a = b > c")
    case .greaterEqual: .init(operands: "a b c", effect: "a = b >= c")
    case .equal: .init(operands: "a b c", effect: "a = b == c")
    case .notEqual: .init(operands: "a b c", effect: "a = b != c")
    case .isIn: .init(operands: "a b c", effect: "a = b in c")
    case .notIn: .init(operands: "a b c", effect: "a = b not in c")
    case .not: .init(operands: "a b", effect: "a = not b")
    case .logicAnd: .init(operands: "a b c", effect: "a = b and c, element by element where one is a tensor")
    case .logicOr: .init(operands: "a b c", effect: "a = b or c, element by element where one is a tensor")
    case .jump: .init(operands: "jump", effect: "go on at jump")
    case .jumpBack: .init(operands: "jump", effect: "go back to jump; counts as a step")
    case .jumpUnless: .init(operands: "a jump", effect: "jump unless a")
    case .jumpIf: .init(operands: "a jump", effect: "jump if a")
    case .jumpIfSet: .init(operands: "a jump", effect: "jump if an argument was given for a")
    case .jumpUnlessLess: .init(operands: "a b jump", effect: "jump unless a < b")
    case .jumpUnlessLessEqual: .init(operands: "a b jump", effect: "jump unless a <= b")
    case .jumpUnlessGreater: .init(operands: "a b jump", effect: "jump unless a > b")
    case .jumpUnlessGreaterEqual: .init(operands: "a b jump", effect: "jump unless a >= b")
    case .jumpUnlessEqual: .init(operands: "a b jump", effect: "jump unless a == b")
    case .jumpIfEqual: .init(operands: "a b jump", effect: "jump if a == b")
    case .jumpUnlessLessInt: .init(operands: "a i jump", effect: "jump unless a < i")
    case .jumpUnlessLessEqualInt: .init(operands: "a i jump", effect: "jump unless a <= i")
    case .jumpUnlessGreaterInt: .init(operands: "a i jump", effect: "jump unless a > i")
    case .jumpUnlessGreaterEqualInt: .init(operands: "a i jump", effect: "jump unless a >= i")
    case .jumpUnlessEqualInt: .init(operands: "a i jump", effect: "jump unless a == i")
    case .loopWhileLess: .init(operands: "a b jump", effect: "go back to jump if a < b; counts as a step")
    case .loopWhileLessEqual: .init(operands: "a b jump", effect: "go back to jump if a <= b; counts as a step")
    case .loopWhileGreater: .init(operands: "a b jump", effect: "go back to jump if a > b; counts as a step")
    case .loopWhileGreaterEqual: .init(operands: "a b jump", effect: "go back to jump if a >= b; counts as a step")
    case .loopWhileLessInt: .init(operands: "a i jump", effect: "go back to jump if a < i; counts as a step")
    case .loopWhileLessEqualInt: .init(operands: "a i jump", effect: "go back to jump if a <= i; counts as a step")
    case .loopWhileGreaterInt: .init(operands: "a i jump", effect: "go back to jump if a > i; counts as a step")
    case .loopWhileGreaterEqualInt: .init(operands: "a i jump", effect: "go back to jump if a >= i; counts as a step")
    case .shortAnd: .init(operands: "a jump", effect: "jump if a is false; a tensor goes on")
    case .shortOr: .init(operands: "a jump", effect: "jump if a is true; a tensor goes on")
    case .forPrepare: .init(operands: "a jump", effect: "check the ends a, a + 1 of a range; jump to its test")
    case .forRange: .init(operands: "a jump", effect: "a += 1; jump while a < a + 1")
    case .eachPrepare: .init(operands: "a", effect: "start going through a, at position a + 1")
    case .forEach: .init(operands: "a b jump", effect: "b = the next item of a, or jump")
    case .call: .init(operands: "a n c", effect: "c = a(a + 1 …), n arguments")
    case .callGlobal: .init(operands: "a g c n", effect: "c = top-level g(a + 1 …), n arguments")
    case .callSpread: .init(operands: "a site c", effect: "c = a(…) with labels or spreads as the site lists them")
    case .ret: .init(operands: "a n", effect: "return a, releasing n locals")
    case .retNone: .init(operands: "n", effect: "return none, releasing n locals")
    case .closure: .init(operands: "a p", effect: "a = function p with what it captures")
    case .fillLate: .init(operands: "a b", effect: "late slot a = function b")
    case .newList: .init(operands: "a b n", effect: "a = [b ..< b + n]")
    case .newRecord: .init(operands: "a b layout", effect: "a = {layout: b …}")
    case .buildList: .init(operands: "a b site", effect: "a = a list with spreads as the site lists them")
    case .buildRecord: .init(operands: "a b site", effect: "a = a record with spreads as the site lists them")
    case .newRange: .init(operands: "a b x", effect: "a = b .. b + 1")
    case .formatString: .init(operands: "a b site", effect: "a = the pieces of the site filled in from b on")
    case .getIndex: .init(operands: "a b c", effect: "a = b[c]")
    case .getIndexes: .init(operands: "a b site", effect: "a = b[…] with axes or several items")
    case .getField: .init(operands: "a b, name", effect: "a = b.name")
    case .getIndexField: .init(operands: "a b c, name", effect: "a = b[c].name")
    case .setIndex: .init(operands: "a b c", effect: "a[b] = c")
    case .setField: .init(operands: "a c, name", effect: "a.name = c")
    case .setIndexField: .init(operands: "a b c, name", effect: "a[b].name = c")
    case .setPlace: .init(operands: "a b c, site", effect: "the place of the site in a, keys from b on, = or op= c")
    case .updateIndex: .init(operands: "a b c", effect: "a[b] op= c and jump over the general way, if these are numbers")
    case .updateField: .init(operands: "a c, name", effect: "a.name op= c and jump over the general way, if these are numbers")
    case .updateIndexField:
      .init(operands: "a b c, name", effect: "a[b].name op= c and jump over the general way, if these are numbers")
    case .push: .init(operands: "a b", effect: "a = push(a, b)")
    case .match: .init(operands: "a b pattern", effect: "bind the pattern's names from b on and skip the next instruction")
    case .bindPattern: .init(operands: "a b pattern", effect: "bind the pattern's names from b on, or raise")
    case .contract: .init(operands: "contract", effect: "check and convert the arguments")
    case .contractVar: .init(operands: "a contract", effect: "check and convert a")
    case .contractResult: .init(operands: "a contract", effect: "check and convert the result a")
    case .raise: .init(operands: "a", effect: "raise that no arm fits a")
    case .refuse: .init(operands: "site", effect: "raise what the site says is wrong here")
    case .use: .init(operands: "a k", effect: "a = the names of the file k")
    case .typeValue: .init(operands: "a b site", effect: "a = a type with sizes from b on")
    case .makeModel: .init(operands: "a b", effect: "a = a model of blueprint b")
    case .getMember: .init(operands: "a n", effect: "a = member n of this model")
    case .setMember: .init(operands: "a n", effect: "state n of this model = a")
    case .enterModel: .init(operands: "", effect: "see that params have numbers and fit the sizes")
    case .training: .init(operands: "a", effect: "a = are we in training?")
    case .line: .init(operands: "line", effect: "what is traced from here on is of that line")
    }
  }
}
