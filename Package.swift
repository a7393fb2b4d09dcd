// swift-tools-version: 6.1
import PackageDescription

/// What every Swift target shares: existentials are spelled out, imports stay internal. Objects' fields are read an instruction
/// at a time by the machine and its builtins: checking each access for exclusivity at run time would cost a third, so that is
/// left to debug builds.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// LLVM does not replicate a big switch's dispatch by itself. These put one indirect jump at the end of every opcode
/// and start each on a 64-byte line, so that speed does not depend on where the linker puts the loop.
let hotLoop: [SwiftSetting] = [
  .unsafeFlags(
    ["-Xllvm", "-tail-dup-pred-size=1000", "-Xllvm", "-tail-dup-succ-size=1000", "-Xllvm", "-align-all-nofallthru-blocks=6"],
    .when(configuration: .release))
]

let package = Package(
  name: "tern",
  products: [.executable(name: "tern", targets: ["tern"])],
  dependencies: [
    // The command line: flags, --help, completions.
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
  ],
  targets: [
    // Text → tree, and the words of every error. Imports nothing.
    .target(name: "TernSyntax", swiftSettings: strict),
    // Vector kernels in C, one source compiled for each instruction set.
    .target(name: "CTernKernels", cSettings: [.unsafeFlags(["-O2", "-fwrapv", "-fno-math-errno", "-ffp-contract=off", "-Wno-psabi", "-Wno-pass-failed"])],
            linkerSettings: [.linkedLibrary("m"), .linkedLibrary("dl")]),
    // Tensors, primitives, gradients: knows no source text.
    .target(name: "TernTensor", dependencies: ["CTernKernels"], swiftSettings: strict),
    // Tables, sources, recipes: knows no language.
    .target(name: "TernData", dependencies: ["TernTensor", "CZlib"], swiftSettings: strict),
    // Debian's zlib: gzip files.
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    // Charts as text and as SVG: knows numbers and names only; dates are TernData's.
    .target(name: "TernPlots", dependencies: ["TernData"], swiftSettings: strict),
    // The trainer, run records, checkpoints: sees named tensors only.
    .target(name: "TernTraining", dependencies: ["TernTensor", "TernData"], swiftSettings: strict),
    // What a program means: values, compiler, machine. One module, because a Value in another costs five times.
    .target(name: "TernRuntime", dependencies: ["TernSyntax", "TernTensor", "CTernKernels"], swiftSettings: strict + hotLoop),
    // The bridge, the only place where language and domain meet.
    .target(name: "TernLibrary", dependencies: ["TernRuntime", "TernTraining", "TernPlots", "CTernStdlib"], swiftSettings: strict),
    // stdlib/ inside the binary: one C file of `#embed` lines.
    .target(name: "CTernStdlib", cSettings: [
      .unsafeFlags(["-std=c23"]),
      // For `--version`. Only this target is built anew when it changes.
      .define("TERN_COMMIT", to: "\"\(Context.environment["TERN_COMMIT"] ?? "unknown")\""),
    ]),
    // People: session, cells, notebook text, prompt, display.
    .target(name: "TernShell", dependencies: ["TernLibrary", "TernPlots", "CTernStdlib", "CEditline"], swiftSettings: strict),
    // Debian's libedit, loaded when the prompt opens.
    .target(name: "CEditline", dependencies: ["CTernKernels"], linkerSettings: [.linkedLibrary("dl")]),
    // The binary: arguments → a command → an exit code.
    .executableTarget(
      name: "tern",
      dependencies: ["TernShell", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: strict),
    .testTarget(name: "TernSyntaxTests", dependencies: ["TernSyntax"]),
    .testTarget(name: "TernTensorTests", dependencies: ["TernTensor"]),
    .testTarget(name: "TernDataTests", dependencies: ["TernData", "TernTensor"]),
    .testTarget(name: "TernPlotsTests", dependencies: ["TernPlots"]),
    .testTarget(name: "TernTrainingTests", dependencies: ["TernTraining", "TernData"]),
    .testTarget(name: "TernShellTests", dependencies: ["TernShell", "TernPlots"], exclude: ["Screens"]),
    // Every script with recorded outputs: Tests/LanguageTests, the examples, and what the library documents.
    .testTarget(name: "LanguageTests", dependencies: ["TernShell"], path: "Tests/LanguageRunner"),
    .testTarget(name: "TernLibraryTests", dependencies: ["TernLibrary", "TernRuntime", "TernSyntax", "TernData", "TernTensor"]),
    // Random programs and bytes: nothing traps, nothing hangs. `scripts/fuzz` runs them long.
    .testTarget(
      name: "FuzzTests", dependencies: ["TernShell", "TernLibrary", "TernRuntime", "TernSyntax", "TernTraining", "TernData", "TernTensor"],
      exclude: ["Corpus"]),
    .testTarget(name: "TernRuntimeTests", dependencies: ["TernRuntime", "TernTensor"]),
  ],
  swiftLanguageModes: [.v6]
)
