package import TernRuntime

extension Core {
  package static var constants: [Constant] {
    [
      Constant("pi", "The circumference of a circle of diameter 1.") { _ in .float(.pi) },
      Constant("inf", "Larger than every float; `-inf` is smaller.") { _ in .float(.infinity) },
      Constant("nan", "No number: what `0.0 / 0.0` gives, and equal to nothing.") { _ in .float(.nan) },
      Constant("args", "The arguments on the command line that are no `--name value`.") { machine in
        .list(machine.arguments.map { Value.string($0) })
      },
    ]
  }
}
