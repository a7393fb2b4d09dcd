// What a newcomer types, and what to type here: the one table of other languages' spellings.

/// A spelling of another language that no Tern program can hold, so that it is recognised while reading.
enum ForeignSpelling: String, CaseIterable {
  // Declarations and statements.
  case functionWord, lambdaWord, elseIfWord, importWord, classWord, constWord, raiseWord, exceptWord, switchWord, passWord
  case deleteWord, withWord, yieldWord, outerWord, printWord, colonBlock, cLoop, valueAfterIf, forPair, decorator
  case manyNames, manyResults, tuplePattern, annotation, newWord, assertWord, loopWord
  // Strings and comments.
  case singleQuote, stringPrefix, transposeQuote, slashComment, blockComment
  // Signs.
  case ampersand, bar, bang, caret, questionMark, dollar, backtick, backslash, tripleEqual, lessGreater, colonEqual
  case plusPlus, unaryPlus, thinArrow, starSpread, leadingDot, dotOperator, defaultOr, isWord
  // Indices, calls, lists, records.
  case colonSlice, colonStep, newAxis, equalLabel, axisLabel, comprehension, tuple, colonRange, numberKey

  /// What it is, for the error's first line.
  var message: String {
    switch self {
    case .functionWord: "a function is declared with `fn`"
    case .lambdaWord: "a lambda is written with `=>`"
    case .elseIfWord: "a further condition is written `else if`"
    case .importWord: "another file is read with `use`, by its path in quotes"
    case .classWord: "Tern has no classes"
    case .constWord: "a name is bound with `let`"
    case .raiseWord: "an error is raised by `error`"
    case .exceptWord: "an error is caught by `catch`"
    case .switchWord: "cases are told apart by `match`"
    case .passWord: "an empty block needs no word"
    case .deleteWord: "a name ends with its block, and nothing deletes it"
    case .withWord: "nothing has to be closed here, so there is no `with`"
    case .yieldWord: "a function gives one value, at its end or by `return`"
    case .outerWord: "a name from outside needs no word to be read, and a function never assigns to it"
    case .printWord: "`print` is a function"
    case .colonBlock: "a block stands in `{ }`, not after `:`"
    case .cLoop: "`for` walks a range or a list"
    case .valueAfterIf: "the condition comes first, and each value in its block"
    case .forPair: "two names of one element are a pattern"
    case .decorator: "Tern has no decorators: a function is passed to a function"
    case .manyNames: "several names at once are bound with a pattern"
    case .manyResults: "several results are one record or list"
    case .tuplePattern: "a pattern stands in `{ }` or `[ ]`"
    case .annotation: "a new name is bound with `let`"
    case .newWord: "a value is made by calling a function"
    case .assertWord: "what must hold is asked by `if`"
    case .loopWord: "a loop is a `while` or a `for`"
    case .singleQuote: "text stands in double quotes"
    case .stringPrefix: "a string needs no letter before it"
    case .transposeQuote: "`'` transposes nothing here"
    case .slashComment, .blockComment: "a comment starts with `#`"
    case .ampersand: "`and` is a word here"
    case .bar: "`or` is a word here"
    case .bang: "`not` is a word here"
    case .caret: "a power is written `**`"
    case .questionMark: "`?` is no operator"
    case .dollar: "`$` is no part of the language"
    case .backtick: "a backtick is no part of the language"
    case .backslash: "`\\` is no operator, and no line needs one to go on"
    case .tripleEqual: "there is one equality, `==`, and one inequality, `!=`"
    case .lessGreater: "unequal is written `!=`"
    case .colonEqual: "a new name is bound with `let`"
    case .plusPlus: "there is no `++` and no `--`"
    case .unaryPlus: "a sign `+` says nothing and is not written"
    case .thinArrow: "a lambda is written with `=>`"
    case .starSpread: "what is spread or gathered has `...` before it"
    case .leadingDot: "a number starts with a digit"
    case .dotOperator: "operators of tensors go element by element as they are"
    case .defaultOr: "`or` joins bools and picks no default"
    case .isWord: "equality is written `==`"
    case .colonSlice, .colonStep: "a slice is written with `..`"
    case .newAxis: "a new axis is made by `expand`"
    case .equalLabel, .axisLabel: "a label is followed by `:`"
    case .comprehension: "a list is made from another by `map` and `filter`"
    case .tuple: "there are no tuples"
    case .colonRange: "a range is written with `..`"
    case .numberKey: "a record's keys are words or texts"
    }
  }

  /// How to write it here.
  var hint: String {
    switch self {
    case .functionWord: "`fn f(x) { }`"
    case .lambdaWord, .thinArrow: "`x => x * 2`"
    case .elseIfWord: "`else if`"
    case .importWord: "`use \"lib/file.mlx\"` is the record of its names; what Tern has needs no import"
    case .classWord: "`model` for a layer, a record `{a: 1}` and functions for all else"
    case .constWord: "`let x = 5`; `var` if it will change"
    case .raiseWord: "`error(\"…\")`"
    case .exceptWord: "`try { … } catch e { … }`"
    case .switchWord: "`match v { 1 => …; _ => … }`"
    case .passWord: "`{ }`"
    case .deleteWord: "leave it out; `drop(df, …)` leaves columns out of a table"
    case .withWord: "`read_text(path)`, `write_text(text, path)`"
    case .yieldWord: "`map(xs, x => …)` makes a list of them; `return` the list, or take a function that is called with each"
    case .outerWord: "return the new value: `x = f(x)`"
    case .printWord: "`print(x)`"
    case .colonBlock: "`if c { … }`, `for x in xs { … }`, `while c { … }`"
    case .cLoop: "`for i in 0..n { … }`"
    case .valueAfterIf: "`if c { a } else { b }`"
    case .forPair: "`for [i, x] in enumerate(xs) { … }`"
    case .decorator: "`let f = jit(x => …)`"
    case .manyNames: "`let {a, b} = f()` or `let [a, b] = f()`"
    case .manyResults: "`{a, b}` or `[a, b]`"
    case .tuplePattern: "`let {a, b} = …` of a record, `let [a, b] = …` of a list"
    case .annotation: "`let x: int = 5`; `var` if it will change"
    case .newWord: "`dense(32)`, without a word before it"
    case .assertWord: "`if not (x > 0) { error(\"…\") }`"
    case .loopWord: "`while true { … if done { break } }`"
    case .singleQuote: "`\"text\"`: every string fills `{…}`"
    case .stringPrefix: "`\"…\"`: every string fills `{…}`; `r\"…\"` is raw"
    case .transposeQuote: "`transpose(A)`"
    case .slashComment, .blockComment: "`# …`"
    case .ampersand: "`a > 1 and b < 2`"
    case .bar: "`a > 1 or b < 2`; in a `match`, `x if x == 1 or x == 2 => …`"
    case .bang: "`not m`; in a string a format stands behind `:`, as in `{x:8.3}`"
    case .caret: "`x ** 2`"
    case .questionMark: "`if c { a } else { b }`; `get(r, \"key\", default)` for what may be missing"
    case .dollar: "`\"{x}\"` fills a string"
    case .backtick: "`\"{x}\"` fills a string"
    case .backslash: "a line goes on after an operator and inside brackets; `x => x` is a lambda; `solve(A, b)`"
    case .tripleEqual: "`a == b`; `same(a, b)` also compares dtypes and axis names"
    case .lessGreater: "`a != b`"
    case .colonEqual: "`let x = 5`; `var` if it will change"
    case .plusPlus: "`x += 1`"
    case .unaryPlus: "leave it out"
    case .starSpread: "`...xs`, `{...d, a: 1}`"
    case .leadingDot: "`0.5`"
    case .dotOperator: "`x * y`, `x / y`, `x ** 2`"
    case .defaultOr: "`get(d, \"k\", 0)`"
    case .isWord: "`x == none`, `x != none`"
    case .colonSlice: "`x[.., 1..3]`"
    case .colonStep: "`x[range(0, n, step: 2)]`"
    case .newAxis: "`expand(x, 1)`"
    case .equalLabel: "`f(x, rate: 0.1)`"
    case .axisLabel: "`mean(x, over: 0)`"
    case .comprehension: "`map(filter(xs, x => c), x => f(x))`"
    case .tuple: "`[a, b]` or `{a, b}`"
    case .colonRange: "`0..n`, or `1..=n` with its end"
    case .numberKey: "`{\"1\": 2}`; another key goes through `str(k)`"
    }
  }

  /// A word of another language that starts a statement there. It is an ordinary name here, so it counts only where what
  /// follows cannot be Tern.
  init?(statementWord word: String) {
    switch word {
    case "def", "fun", "func", "function", "defun", "proc": self = .functionWord
    case "lambda": self = .lambdaWord
    case "elif", "elsif", "elseif": self = .elseIfWord
    case "import", "from", "using", "include": self = .importWord
    case "class", "struct", "interface", "enum", "trait", "type": self = .classWord
    case "use": self = .importWord
    case "const", "final", "auto", "mut", "local": self = .constWord
    case "global", "nonlocal": self = .outerWord
    case "raise", "throw": self = .raiseWord
    case "assert": self = .assertWord
    case "new": self = .newWord
    case "do", "repeat", "loop", "until": self = .loopWord
    case "except", "finally", "rescue": self = .exceptWord
    case "switch", "case", "when", "default": self = .switchWord
    case "pass": self = .passWord
    case "del", "delete": self = .deleteWord
    case "with", "async", "await": self = .withWord
    case "yield": self = .yieldWord
    case "print", "println", "echo", "puts": self = .printWord
    default: return nil
    }
  }
}

/// What to add when a name is unknown that another language has.
package func hintForForeignName(_ name: String) -> String? {
  switch name {
  case "None", "null", "nil", "NULL", "undefined", "nothing", "Nothing", "NA": "`none`"
  case "True", "TRUE": "`true`"
  case "False", "FALSE": "`false`"
  case "NaN", "NAN": "`nan`; a missing cell is `none`"
  case "Inf", "Infinity", "infinity": "`inf`"
  case "self", "this": "there is no `self`: a function gets its values as arguments, a model's `call` sees its own fields"
  case "println", "printf", "echo", "puts", "cout", "display", "disp": "`print(x)`"
  case "length", "size", "numel", "nrow", "count": "`len(xs)`; `shape(x)` for a tensor"
  case "string", "String", "tostring", "to_string", "repr": "`str(x)`"
  case "is_inf", "isinf": "`abs(x) == inf`"
  case "isnan": "`is_nan(x)`"
  case "array", "Array", "ndarray", "Tensor", "as_tensor", "asarray": "`tensor([1, 2, 3])`"
  case "list", "List", "tuple": "a list is written `[a, b]`; `[...xs]` of what can be walked"
  case "dict", "Dict", "Map", "HashMap", "object": "a record is written `{a: 1, b: 2}`"
  case "set", "Set", "frozenset": "`unique(xs)`"
  case "typeof", "type", "isinstance", "class": "`kind(x)`"
  case "sorted": "`sort(xs)`"
  case "reversed": "`reverse(xs)`"
  case "sum_", "total": "`sum(xs)`"
  case "fold", "foldl", "accumulate": "`reduce(xs, f, start)`"
  case "append", "add", "concatenate", "cat": "`push(xs, x)` for a list, `concat([a, b], over: 0)` for tensors"
  case "matmul", "dot": "`a @ b`"
  case "maximum", "minimum": "`max(a, b)` and `min(a, b)` go element by element"
  case "clamp": "`clip(x, low, high)`"
  case "expand_dims", "unsqueeze": "`expand(x, 1)`"
  case "permute": "`transpose(x, 0, 2, 1)`"
  case "inverse": "`inv(A)`"
  case "power": "`x ** y`"
  case "diag": "`diagonal(A)`"
  case "jacobian": "`vmap(v => vjp(f)(x).pullback(v))(eye(n))`"
  case "console", "System": "`print(x)`"
  case "end", "endif", "endfor", "fi", "done", "esac": "a block ends with `}`"
  case _ where isForeignModule(name):
    "there is nothing to import: `mean(x)`, `sin(x)`, `dense(32)` are there by name"
  case "open", "fopen": "`read_text(path)`, or `read(path)` for a table"
  case "input", "readline": "`arg(\"name\", default)` reads the command line"
  case "raise", "throw", "Exception", "ValueError", "Error": "`error(\"…\")`"
  case "assert": "`if not c { error(\"…\") }`"
  case "lambda": "`x => x * 2`"
  case "def", "function", "func": "`fn f(x) { }`"
  case "import", "from": "`use \"lib/file.mlx\"`"
  case "elif", "elsif", "elseif": "`else if`"
  case "pass": "`{ }`"
  case "const": "`let x = 5`; `var` if it will change"
  case "xrange", "seq", "irange": "`0..n`, or `range(0, n, step: 2)`"
  case "ln": "`log(x)`"
  case "pow": "`x ** y`"
  case "Linear", "Dense", "linear": "`dense(32)`"
  case "Sequential", "sequential": "`chain(dense(32, act: relu), dense(3))`"
  case "Adam": "`adam(lr: 1e-3)`"
  case "ReLU": "`relu`"
  case "DataFrame": "`dataset({x, y})`, or `read(\"file.csv\")`"
  case "read_csv", "read_parquet", "read_json": "`read(\"file.csv\")`"
  default: nil
  }
}

/// A name under which another language keeps what is at hand here.
package func isForeignModule(_ name: String) -> Bool {
  switch name {
  case "np", "numpy", "torch", "tf", "jax", "jnp", "pd", "pandas", "math", "Math", "nn", "F", "optim", "sklearn", "plt", "os", "sys": true
  default: false
  }
}

/// What to add when a value has no such field and another language has such a method: functions come first here.
///
/// - Parameters:
///   - x: The object as it is written.
///   - arguments: What stands between the method's parentheses.
package func hintForForeignField(_ name: String, of x: String = "x", _ arguments: String = "") -> String? {
  let more = arguments.isEmpty ? "" : ", " + arguments
  func given(_ otherwise: String) -> String { arguments.isEmpty ? otherwise : arguments }
  func named(_ otherwise: String) -> String { x == "x" ? otherwise : x }
  return switch name {
  case "append", "push_back", "add", "push": "`\(x) = push(\(x), \(given("1")))`"
  case "extend": "`\(x) = [...\(x), ...\(given("ys"))]`"
  case "pop": "`pop(\(x))`"
  case "length", "size", "count", "numel": "`len(\(x))`; `shape(\(x))` for a tensor"
  case "item", "detach", "cpu", "cuda", "numpy", "to", "contiguous", "clone", "copy", "tolist", "requires_grad":
    "nothing is needed: a tensor without axes is a number, copies never alias, and work is placed by a strategy"
  case "backward", "zero_grad", "grad":
    "`let {value, gradient} = value_and_grad(loss)(net, x, y)`, then `s = update(opt, net, gradient)`"
  case "step": "`s = update(\(named("opt")), net, gradient)` is `{model, opt}`"
  case "train": "`apply(\(named("net")), x, training: true)` is `{out, model}`"
  case "eval": "`\(named("net"))(x)` is serving: dropout is off"
  case "parameters", "state_dict": "`parameters(\(named("net")))`; `save(\(named("net")), path)`"
  case "forward", "predict": "`net(x)`, or `predict(service, x)`"
  case "fit", "compile": "`fit(\(named("net")), data, loss: …, optimizer: …)`"
  case "T", "t", "mT": "`transpose(\(x))`"
  case "ndim", "rank": "`len(shape(\(x)))`"
  case "view", "reshape": "`reshape(\(x), \(given("rows, cols")))`"
  case "unsqueeze": "`expand(\(x), \(given("1")))`"
  case "permute": "`transpose(\(x), \(given("…")))`"
  case "astype", "type", "float", "int", "long", "double":
    "`cast(\(x), \(given("f32")))`; `float(\(x))`, `int(\(x))` for one number"
  case "toString", "to_string", "to_s": "`str(\(x))`"
  case "groupby", "group_by": "`group(\(named("df")), \(given("…")))`"
  case "merge": "`join(\(named("a")), \(given("b, …")))`"
  case "dropna": "`drop_missing(\(named("df")))`"
  case "fillna": "`fill(\(named("df")), \(given("…")))`"
  case "isna", "isnull": "`missing(\(named("col")))`"
  case "iloc", "loc", "query": "`where(df, r => r.x > 3)`, `take(df, 5)`"
  case "head": "`take(\(named("df")), \(given("5")))`"
  case "apply", "applymap": "`map(\(x), \(given("f")))`"
  case "sort_values", "sorted": "`sort(\(named("df")), by: \(given("…")))`"
  case "assign": "`derive(\(named("df")), …)`"
  case "columns": "`keys(\(named("df")))`"
  case "mean", "sum", "max", "min", "std", "var", "abs", "exp", "log", "sqrt", "round", "argmax", "argmin",
    "norm", "cumsum", "softmax":
    reduction(name == "var" ? "variance" : name, of: x, arguments)
  case "split", "join", "trim", "lower", "upper", "replace", "contains", "starts_with", "find", "keys", "values", "items", "map",
    "filter", "reduce", "sort", "reverse", "unique", "take", "skip", "shape", "dtype", "describe", "squeeze", "flatten", "expand",
    "zip", "len", "cast", "transpose":
    "functions come first: `\(name)(\(x)\(more))`"
  case "strip": "`trim(\(named("s")))`"
  case "startswith", "startsWith": "`starts_with(\(named("s")), \(given("\"…\"")))`"
  case "endswith", "endsWith": "`s[-len(end)..] == end`"
  case "format": "`\"{x:8.3}\"`: every string fills `{…}`"
  case "get": "`get(\(named("r")), \(given("\"key\", default")))`"
  case "has", "has_key", "includes", "contains_key": "`\(given("\"key\"")) in \(named("r"))`"
  default: nil
  }
}

/// `x.mean(0)`: a number there is an axis.
private func reduction(_ name: String, of x: String, _ arguments: String) -> String {
  if Int(arguments) != nil { return "`\(name)(\(x), over: \(arguments))`" }
  return x == "x" && arguments.isEmpty ? "functions come first: `\(name)(x)`, `\(name)(x, over: 0)`" : "`\(name)(\(x))`"
}

/// Characters that look like a part of the language, or come with pasted text.
enum ForeignCharacter {
  static func complaint(about scalar: Unicode.Scalar) -> (ErrorCode, String, String?) {
    if let meant = meant(by: scalar) { return (.invalidCharacter, "`\(scalar)` (\(codePoint(scalar))) is no part of the language", "`\(meant)`") }
    if isBlank(scalar) {
      let message = "this is no plain blank but \(codePoint(scalar))"
      return (.invalidCharacter, message, "replace it by a blank; it came with pasted text")
    }
    let isVisible = scalar.value > 0x20 && scalar.value != 0x7F && !isInvisible(scalar)
    let name = isVisible ? "`\(scalar)`" : codePoint(scalar)
    return (.invalidCharacter, "\(name) is no part of the language", isVisible ? nil : "remove this invisible character")
  }

  static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .spaceSeparator }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }

  private static func codePoint(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private static func meant(by scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\u{201C}", "\u{201D}", "\u{201E}", "\u{2018}", "\u{2019}", "\u{00AB}", "\u{00BB}": "\""
    case "\u{2212}", "\u{2013}", "\u{2014}": "-"
    case "×", "·", "⋅", "∗": "*"
    case "÷": "/"
    case "≤": "<="
    case "≥": ">="
    case "≠": "!="
    case "→", "⇒", "↦": "=>"
    case "…": "..."
    case "²": "** 2"
    case "³": "** 3"
    case "∧": "and"
    case "∨": "or"
    case "¬": "not"
    case "∈": "in"
    case "√": "sqrt(x)"
    case "∞": "inf"
    case "，": ","
    case "：": ":"
    case "；": ";"
    case "（": "("
    case "）": ")"
    default: nil
    }
  }
}
