/// Every error code, once: the case's name says what went wrong, its raw value is the stable code. The catalogue gives
/// each its title, explanation and example.
package enum ErrorCode: String, CaseIterable, Sendable {
  // Raised by a program.
  case raised = "E0000"
  // Text.
  case invalidCharacter = "E0101", unclosedString = "E0102", badEscape = "E0103", badNumber = "E0104", unknownUnit = "E0105"
  case badFormat = "E0106", invalidText = "E0107", notATernFile = "E0108"
  // Grammar.
  case unexpectedToken = "E0120", unclosedBracket = "E0121", chainedComparison = "E0122", openRange = "E0123"
  case ambiguousArrow = "E0124", badPlace = "E0125", badPattern = "E0126", badParameters = "E0127", badModel = "E0128"
  case nestedTooDeep = "E0129", reservedWord = "E0130", otherLanguage = "E0131", badPipe = "E0132", misplacedControl = "E0133"
  case tooLarge = "E0134", badType = "E0135"
  // Names and calls.
  case unknownName = "E0201", repeatedArgument = "E0202", badSpread = "E0203", notCallable = "E0204", tooManyArguments = "E0205"
  case unknownLabel = "E0206", missingArgument = "E0207", assignToLet = "E0208", assignOutside = "E0209", assignModel = "E0210"
  case notYetDefined = "E0211"
  // Shapes, dtypes, axes and contracts.
  case broadcastBothSides = "E0212", shapeMismatch = "E0213", axisNames = "E0214", badAxis = "E0215", wrongRank = "E0216"
  case wrongSize = "E0217", wrongAxisName = "E0218", wrongType = "E0221", wrongDType = "E0222", unknownType = "E0223"
  case badReshape = "E0224", tooManyAxes = "E0225", badCast = "E0226", doesNotFit = "E0227"
  // Values.
  case badOperands = "E0301", needsNumber = "E0302", needsBool = "E0303", formatMismatch = "E0304", noOrder = "E0305"
  case integerOverflow = "E0306", divisionByZero = "E0307", badArgument = "E0308", badText = "E0309"
  case notIndexable = "E0321", badIndex = "E0322", indexOutOfRange = "E0323", emptyInput = "E0325", twoArrays = "E0326"
  case badSlice = "E0327"
  case missingFields = "E0330", patternMismatch = "E0331", unknownField = "E0332", notIterable = "E0333", unknownKey = "E0334"
  case badKey = "E0335", noArmFits = "E0336", cyclicUse = "E0337", badMembership = "E0338", infiniteRange = "E0339"
  // Limits.
  case recursion = "E0350", interrupted = "E0351", stepLimit = "E0352", timeLimit = "E0353", memoryLimit = "E0354"
  case denied = "E0355", libraryMissing = "E0356", didNotRaise = "E0360"
  // Models and gradients.
  case uninitialised = "E0401", foreignModel = "E0402", needsSizes = "E0403", notDifferentiable = "E0404", notScalarLoss = "E0405"
  case notATree = "E0406", treesDiffer = "E0407", unknownWhileTraced = "E0408", nonFinite = "E0409", effectWhileTraced = "E0410"
  case unfitMatrix = "E0411"
  // Files and data.
  case noSuchFile = "E0501", cannotRead = "E0502", cannotWrite = "E0503", unknownFormat = "E0504", damagedFile = "E0505"
  case fileChanged = "E0506", unknownColumn = "E0507", missingCells = "E0508", columnType = "E0509", unknownCategory = "E0510"
  case columnLengths = "E0511", notFitted = "E0512", badRecipe = "E0513", unknownSample = "E0514"
  // Training.
  case noTarget = "E0601", badLabels = "E0602", badLoss = "E0603", checkpointMismatch = "E0604"
  case requirement = "E0605"
  // Tern itself.
  case internalFault = "E0900"
}
