import TernRuntime
import TernSyntax
import TernTensor
import TernTraining

/// The plans of one trace for the threads of a pool: a plan has memory of its own, so each thread has one.
///
/// A plan is built by the thread that runs it, for that thread alone; its outputs are made by the thread that asked, so that
/// their memory is used again.
final class WorkerPlans: @unchecked Sendable {  // each worker touches its own place only, and nobody else does meanwhile
  private let program: Program
  private var plans: [Plan?] = []

  init(_ program: Program) { self.program = program }

  fileprivate func makeRoom(for count: Int) {
    while plans.count < count { plans.append(nil) }
  }

  fileprivate func has(_ worker: Int) -> Bool { plans[worker] != nil }
  fileprivate func plan(_ worker: Int) -> Plan? { plans[worker] }
  fileprivate func put(_ plan: Plan, at worker: Int) { plans[worker] = plan }
  fileprivate func build() throws(TensorError) -> Plan { try Plan(program) }
}

/// Work for one worker: a plan with what goes in and what comes out.
private struct WorkerJob {
  let plans: WorkerPlans
  let inputs: [Tensor]
  var outputs: [Tensor] = []
  var built: Plan?
  var results: [Tensor] = []
  var error: TensorError?
}

extension Machine {
  /// Calls a compiled function with several sets of arguments at once, each on a thread of its own. The n-th draws from the
  /// n-th child of the stream in force.
  func callOnWorkers(_ function: Jitted, _ sets: [[Value]]) throws(Fault) -> [Value] {
    var traces: [Trace] = [], jobs: [WorkerJob] = []
    for (number, set) in sets.enumerated() {
      chance.enter(child: number)
      let (trace, inputs) = try function.prepared(set, self)
      trace.workers.makeRoom(for: sets.count)
      jobs.append(WorkerJob(plans: trace.workers, inputs: inputs))
      traces.append(trace)
    }
    do throws(TensorError) { try WorkerRun.run(&jobs) } catch {
      // An error of a plan has no place in the script: step by step it is raised where it belongs.
      let fault = Fault(error)
      if fault.isFatal { try limits.check(after: 1) } else { for set in sets { _ = try function.plainly(self, set) } }
      throw fault
    }
    return zip(traces, jobs).map { trace, job in trace.value(of: job.results, self) }
  }
}

private enum WorkerRun {
  /// Builds what plans are missing, makes room for results, and computes: the first two cost nothing from the second step on.
  static func run(_ jobs: inout [WorkerJob]) throws(TensorError) {
    if jobs.enumerated().contains(where: { !$1.plans.has($0) }) {
      try onWorkers(&jobs) { number, job throws(TensorError) in if !job.plans.has(number) { job.built = try job.plans.build() } }
      for (number, job) in jobs.enumerated() { if let plan = job.built { job.plans.put(plan, at: number) } }
    }
    for number in jobs.indices { jobs[number].outputs = try jobs[number].plans.plan(number)?.emptyOutputs() ?? [] }
    try onWorkers(&jobs) { number, job throws(TensorError) in
      job.results = try job.plans.plan(number)?.run(job.inputs, into: job.outputs) ?? []
    }
  }

  private static func onWorkers(_ jobs: inout [WorkerJob], _ work: @escaping WorkerPart.Work) throws(TensorError) {
    let count = jobs.count
    jobs.withUnsafeMutableBufferPointer { WorkerPool.shared.run(count, WorkerPart($0, work)) }
    for job in jobs { if let error = job.error { throw error } }
  }
}

/// The same work on each of several jobs.
private final class WorkerPart: WorkerTask, @unchecked Sendable {  // each thread has a job of its own
  typealias Work = (Int, inout WorkerJob) throws(TensorError) -> Void

  private let jobs: UnsafeMutableBufferPointer<WorkerJob>
  private let part: Work

  init(_ jobs: UnsafeMutableBufferPointer<WorkerJob>, _ part: @escaping Work) {
    self.jobs = jobs
    self.part = part
  }

  func work(_ number: Int) {
    do throws(TensorError) { try part(number, &jobs[number]) } catch { jobs[number].error = error }
  }
}
