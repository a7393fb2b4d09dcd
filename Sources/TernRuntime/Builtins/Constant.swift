/// A name that stands for a value from the start.
package struct Constant {
  package let name: String
  package let sentence: String
  package let value: (Machine) -> Value

  package init(_ name: String, _ sentence: String, value: @escaping (Machine) -> Value) {
    self.name = name
    self.sentence = sentence
    self.value = value
  }
}
