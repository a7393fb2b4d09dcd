package import TernRuntime

package struct Prompt {
  let session: Session
  let console: Console
  package func run() -> Int32 { 0 }
}
