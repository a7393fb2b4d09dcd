package import TernRuntime

/// Names that stand for a value from the start.
package struct Constant {
  package let name: String
  package let sentence: String
  package let value: (Machine) -> Value
}

extension Core {
  package static var constants: [Constant] {
    [
      Constant(name: "pi", sentence: "The circumference of a circle of diameter 1.") { _ in .float(.pi) },
      Constant(name: "inf", sentence: "Larger than every float; `-inf` is smaller.") { _ in .float(.infinity) },
      Constant(name: "nan", sentence: "No number: what `0.0 / 0.0` gives, and equal to nothing.") { _ in .float(.nan) },
      Constant(name: "args", sentence: "The arguments on the command line that are no `--name value`.") { machine in
        .list(machine.arguments.map { Value.string($0) })
      },
    ]
  }
}
