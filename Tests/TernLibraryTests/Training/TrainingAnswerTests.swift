import Testing
import TernRuntime
import TernSyntax

@Suite("predict and evaluate", .serialized) struct TrainingAnswerTests {
  private func shown(_ code: String) throws -> String {
    let script = try Script(code)
    #expect(script.fault?.message == nil)
    return script.output
  }

  private static let iris = """
    let {train, test} = split(sample("iris"), train: 0.7, test: 0.3, seed: 1)
    let prep = recipe(species: label, "*": standardize)
    let r = fit(chain(dense(16, act: relu), dense(3)), train, prep: prep, target: "species", loss: cross_entropy,
                optimizer: adam(lr: 0.02), epochs: 40, seed: 1)

    """

  @Test("answer in the data's own words") func labels() throws {
    let code = TrainingAnswerTests.iris + """
      let all = predict(r, test)
      print(kind(all), keys(all), len(all) == len(test), mean(all.species == test.species) > 0.9)
      print(keys(predict(r.model, test[0])))
      """
    #expect(try shown(code) == "dataset [\"species\", \"probability\"] true true\n[\"species\", \"probability\"]")
  }

  @Test("report numbers, tables and groups") func report() throws {
    let code = TrainingAnswerTests.iris + """
      let e = evaluate(r, test, metrics: [accuracy, log_loss, confusion], by: "species")
      print(kind(e), e.rows, e.accuracy > 0.9, keys(e.confusion), sum(e.by.rows) == e.rows)
      """
    #expect(try shown(code) == "report 45 true [\"truth\", \"setosa\", \"versicolor\", \"virginica\"] true")
  }

  @Test("give numbers in the scale of the data") func scaled() throws {
    let code = """
      let birds = sample("penguins") |> drop_missing()
      let prep = recipe(body_mass_g: standardize, species: one_hot, "*_mm": standardize)
      let r = fit(chain(dense(16, act: relu), dense(1)), birds, prep: prep, target: "body_mass_g", loss: mse,
                  optimizer: adam(lr: 0.01), epochs: 20)
      let guess = predict(r, birds[0])
      print(kind(guess), 3000 < guess and guess < 4500, 200 < evaluate(r, birds).rmse and evaluate(r, birds).rmse < 500)
      """
    #expect(try shown(code) == "float true true")
  }

  @Test("tell two classes apart by one score") func binary() throws {
    let code = """
      let d = dataset({x: [1.0, 2.0, 3.0, 4.0], size: ["small", "small", "large", "large"]})
      let r = fit(dense(1), d, prep: recipe(size: label, x: standardize), target: "size", loss: binary_cross_entropy,
                  optimizer: adam(lr: 0.1), epochs: 100)
      print(predict(r, {x: 1}).size, predict(r, {x: 4}).size, evaluate(r, d).accuracy)
      """
    #expect(try shown(code) == "small large 1.0")
  }

  @Test("say what is missing", arguments: [
    ("predict(r, {sepal_length: 1})", ErrorCode.missingFields), ("predict(init(dense(1), ones(1, 1)), {x: 1})", .notFitted),
    ("predict(3, {x: 1})", .badArgument), ("predict(r, \"x\")", .badArgument), ("evaluate(r, take(test, 0))", .emptyInput),
    ("evaluate(r, drop(test, \"species\"))", .unknownColumn), ("evaluate(r, test, metrics: 3)", .badArgument),
    ("evaluate(r, test, by: \"nothing\")", .unknownColumn), ("evaluate(r, test).nothing", .unknownField),
    ("require(evaluate(r, test), accuracy: at_least(1.5))", .requirement), ("require({a: 1}, b: at_least(1))", .unknownField),
  ] as [(String, ErrorCode)])
  func refusals(_ code: String, _ error: ErrorCode) throws {
    #expect(try Script(TrainingAnswerTests.iris + code).fault?.code == error, "\(code)")
  }
}
