import Synchronization
import Testing
import TernTensor
import TernTraining

@Suite("The pool of workers", .serialized) struct WorkerPoolTests {
  private final class Counting: WorkerTask {
    let sums = Mutex<[Int: Int]>([:])
    let threads = Mutex<[Int]>([])

    func work(_ number: Int) {
      sums.withLock { $0[number, default: 0] += 1 }
      threads.withLock { $0.append(Kernels.threadCount) }
    }
  }

  @Test("does each part once, each on a thread that computes alone", arguments: [0, 1, 2, 5, 17]) func parts(_ count: Int) {
    let task = Counting()
    for _ in 0..<50 { WorkerPool.shared.run(count, task) }
    #expect(task.sums.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, 50) }))
    #expect(task.threads.withLock { $0.allSatisfy { $0 == 1 } })
  }
}
