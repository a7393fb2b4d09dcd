import Glibc
import TernRuntime
import TernSyntax
import TernTensor

/// Words that go element by element. Each function of one tensor follows from its primitive.
enum TensorElementwise {
  static var builtins: [Builtin] { functions + logarithm("log2", 2) + logarithm("log10", 10) + [
      Builtin(
        "where(mask: tensor, a, b)", "From `a` where the mask is true, else from `b`; two numbers give f32.",
        example: "where(tensor([true, false]), 1, 0)  #> f32[2]  [1.0, 0.0]"
      ) { call throws(Fault) in
        let mask = try call.tensor(0)
        let a = try call.operand(1)
        let b = try call.operand(2)
        return try call.core { () throws(TensorError) in try Tensor.choose(mask, a, b) }
      },
      Builtin("where(mask: bool, a, b)", "`a` when the mask is true, else `b`.", example: "where(true, 1, 0)  #> 1") { call throws(Fault) in
        try call.machine.truth(call[0]) ? call[1] : call[2]
      },
      Builtin("where(mask: list, a, b)", "From `a` where the mask is true, else from `b`.") { call throws(Fault) in
        let mask = try call.tensor(0)
        let a = try call.operand(1)
        let b = try call.operand(2)
        return try call.core { () throws(TensorError) in try Tensor.choose(mask, a, b) }
      },
      Builtin(
        "clip(x: tensor, low = none, high = none)", "Keeps every element between two bounds.",
        example: "clip(tensor([-2, 5]), 0, 3)  #> f32[2]  [0.0, 3.0]"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0)
        let low = call.has(1) ? try call.operand(1) : nil
        let high = call.has(2) ? try call.operand(2) : nil
        return try call.core { () throws(TensorError) in try tensor.clipped(low: low, high: high) }
      },
      Builtin("atan2(y: tensor, x)", "The angle of the point (x, y), element by element.") { call throws(Fault) in
        let y = try call.operand(0)
        let x = try call.operand(1)
        return try call.core { () throws(TensorError) in try Tensor.binary(.atan2, y, x) }
      },
      Builtin(
        "round(x: tensor, places: int = 0)", "To the nearest whole number, or to so many decimals; halves go to even.",
        example: "round(tensor([1.25, 2.5]), places: 1)  #> f32[2]  [1.2, 2.5]"
      ) { call throws(Fault) in
        let tensor = try call.tensor(0)
        let places = try call.machine.integer(call[1])
        if places == 0 { return try call.core { () throws(TensorError) in try tensor.map(.round) } }
        return try call.core { () throws(TensorError) in try tensor.rounded(places: places) }
      },
    ]
  }

  private static func logarithm(_ name: String, _ base: Double) -> [Builtin] {
    ["tensor", "list"].map { kind in
      Builtin("\(name)(x: \(kind))", "The logarithm to base \(Int(base)) of each element.", example: "shape(\(name)(ones(2)))  #> [2]") { call throws(Fault) in
        let tensor = try call.tensor(0)
        return try call.core { () throws(TensorError) in
          try Tensor.binary(.divide, .tensor(try tensor.map(.log)), .scalar(.float(Glibc.log(base))))
        }
      }
    }
  }

  /// Operators have their signs; these have names.
  private static let unnamed: Set<ElementFunction> = [.negate, .not, .round]

  private static var functions: [Builtin] {
    ElementFunction.allCases.filter { !unnamed.contains($0) }.flatMap { function -> [Builtin] in
      let name = function.word
      let tensorForm = Builtin("\(name)(x: tensor)", function.summary, example: "shape(\(name)(ones(2)))  #> [2]") { call throws(Fault) in
        // The argument's memory takes the result when nobody else holds it.
        let isOwn = call.holdsUniqueTensor(0)
        let tensor = try call.tensor(0)
        return try call.core { () throws(TensorError) in try tensor.map(function, reusing: isOwn) }
      }
      let listForm = Builtin("\(name)(x: list)", function.summary) { call throws(Fault) in
        let tensor = try call.tensor(0)
        return try call.core { () throws(TensorError) in try tensor.map(function) }
      }
      return [tensorForm, listForm] + (numberWords.contains(name) ? [] : [numberForm(name, function)])
    }
  }

  /// Words that have a form for numbers among the words of everyday.
  private static let numberWords: Set<String> = [
    "abs", "sqrt", "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "floor", "ceil", "sign",
  ]

  private static func numberForm(_ name: String, _ function: ElementFunction) -> Builtin {
    Builtin("\(name)(x: number)", function.summary) { call throws(Fault) in
      let number = try call.machine.double(call[0])
      let result = try tensorCall { () throws(TensorError) in
        try Tensor.number(.float(number), as: .f64).map(function)
      }
      switch result.scalar {
      case .bool(let flag)?: return .bool(flag)
      case .int(let value)?: return .int(value)
      case .float(let value)?: return .float(value)
      case nil: return .none
      }
    }
  }
}

extension ElementFunction {
  /// The word in scripts.
  var word: String {
    switch self {
    case .isNaN: "is_nan"
    case .isFinite: "is_finite"
    case .gelu: "gelu_tanh"
    default: rawValue
    }
  }
}
