// Who computes, on how many threads, and how a long kernel is stopped.
//
// libgomp's team is shared with oneDNN and OpenBLAS, so GOMP_parallel is called directly; the library is loaded at the first
// parallel call, which keeps it out of the start. libgomp keeps one team for each calling thread: only the thread that has
// claimed computing opens one.
#include "table.h"
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

volatile int tern_interrupt_flag = 0;
int tern_interrupt_raised(void) { return tern_interrupt_flag; }
void tern_interrupt(int raised) { tern_interrupt_flag = raised; }

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static _Thread_local double deadline = 0;
void tern_set_deadline(double seconds) { deadline = seconds; }
int tern_stopped(void) {
  if (tern_interrupt_flag) return TERN_IS_INTERRUPTED;
  return deadline > 0 && (double)now() * 1e-9 > deadline ? TERN_IS_LATE : TERN_GOES_ON;
}

static atomic_int claimed = 0;
static _Thread_local int owns_team = 0;

static struct {
  int ready, threads;
  void (*parallel)(void (*)(void *), void *, unsigned, unsigned);
  int (*number)(void), (*count)(void);
} team;

#if defined(__x86_64__)
#include <xmmintrin.h>
enum { TINY = 0x8040 };                                    // of results and of operands
static int flushes(void) { return (_mm_getcsr() & TINY) == TINY; }
int tern_flush_tiny(int flush) {
  unsigned state = _mm_getcsr();
  int before = flushes();
  if (before != flush) _mm_setcsr(flush ? state | TINY : state & ~(unsigned)TINY);
  return before;
}
#else
static int flushes(void) { return 0; }
int tern_flush_tiny(int flush) { return flush; }
#endif

static void flush_here(void *unused) { (void)unused; tern_flush_tiny(1); }

// The team's threads are made with every signal blocked: Ctrl-C is for the thread that waits for them. A library's products
// flush tiny numbers on all of them.
static void gather_team(void) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int flushed = flushes();
  if (team.threads > 1) team.parallel(flush_here, NULL, (unsigned)team.threads, 0);
  tern_flush_tiny(flushed);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void load_team(void) {
  team.ready = 1;
  team.threads = 1;
  setenv("GOMP_SPINCOUNT", "10000", 0);                    // 0.5 µs joins without burning a core while the prompt waits
  void *library = dlopen("libgomp.so.1", RTLD_NOW | RTLD_GLOBAL);
  if (!library) return;
  team.parallel = (void (*)(void (*)(void *), void *, unsigned, unsigned))dlsym(library, "GOMP_parallel");
  team.number = (int (*)(void))dlsym(library, "omp_get_thread_num");
  team.count = (int (*)(void))dlsym(library, "omp_get_num_threads");
  int (*most)(void) = (int (*)(void))dlsym(library, "omp_get_max_threads");
  if (team.parallel && team.number && team.count && most) team.threads = most();
  gather_team();
}

int tern_compute_claim(void) {
  if (owns_team) return 1;
  int nobody = 0;
  owns_team = atomic_compare_exchange_strong(&claimed, &nobody, 1);
  return owns_team;
}

void tern_compute_release(void) {
  if (!owns_team) return;
  owns_team = 0;
  atomic_store(&claimed, 0);
}

// A library that is called from here asks libgomp how many threads there are: for this thread, one.
void tern_compute_alone(void) {
  void *library = dlopen("libgomp.so.1", RTLD_NOW | RTLD_GLOBAL);
  if (!library) return;
  void (*set)(int) = (void (*)(int))dlsym(library, "omp_set_num_threads");
  if (set) set(1);
}

int tern_thread_count(void) {
  if (!owns_team) return 1;
  if (!team.ready) load_team();
  return team.threads;
}

// A join waits for the slowest thread, and on a busy machine a thread may not even be running: each join then costs a turn of
// the scheduler. A worker that begins late says so, and the next regions run alone for a while; own kernels give the same
// bytes on any number of threads.
enum { LATE = 200 * 1000, SHORTEST_PAUSE = 2 * 1000 * 1000, LONGEST_PAUSE = 64 * 1000 * 1000 };  // ns
static struct { int64_t until, pause; } alone = {0, SHORTEST_PAUSE};

typedef struct share {
  tern_task task;
  void *context;
  int64_t begin, end, opened;
  int flush;                                               // as the thread that waits does
  atomic_int late;
} share;

static void run_share(void *pointer) {
  share *s = pointer;
  int64_t count = s->end - s->begin, me = team.number(), all = team.count();
  if (me > 0 && now() - s->opened > LATE) atomic_store_explicit(&s->late, 1, memory_order_relaxed);
  int before = tern_flush_tiny(s->flush);
  s->task(s->context, s->begin + count * me / all, s->begin + count * (me + 1) / all);
  tern_flush_tiny(before);
}

static void run_shared(share *s, int threads) {
  s->opened = now();
  s->flush = flushes();
  if (s->opened < alone.until) {
    s->task(s->context, s->begin, s->end);
    return;
  }
  team.parallel(run_share, s, (unsigned)threads, 0);
  if (!atomic_load_explicit(&s->late, memory_order_relaxed)) {
    alone.pause = SHORTEST_PAUSE;
    return;
  }
  alone.until = now() + alone.pause;
  if (alone.pause < LONGEST_PAUSE) alone.pause *= 2;
}

static _Atomic int most_used = 1;
void tern_note_threads(int threads) { if (threads > most_used) most_used = threads; }
int tern_threads_used(void) {
  int used = most_used;
  most_used = 1;
  return used;
}

enum { SLICE = 20 * 1000 * 1000, WORTH_SHARING = 5 * 1000 };  // ns

int tern_parallel(tern_task task, void *context, int64_t count, double nanoseconds_each) {
  double whole = (double)count * nanoseconds_each;
  if (whole < WORTH_SHARING || count < 2) {
    task(context, 0, count);
    return TERN_DONE;
  }
  int threads = tern_thread_count();
  if ((int64_t)threads > count) threads = (int)count;
  int64_t slice = whole <= SLICE ? count : (int64_t)(SLICE * (double)threads / nanoseconds_each);
  if (slice < threads) slice = threads;
  for (int64_t at = 0; at < count; at += slice) {
    if (tern_stopped()) return TERN_INTERRUPTED;
    share s = {.task = task, .context = context, .begin = at, .end = at + slice < count ? at + slice : count};
    if (threads > 1 && s.end - s.begin > 1) {
      tern_note_threads(threads);
      run_shared(&s, threads);
    } else {
      task(context, s.begin, s.end);
    }
  }
  return TERN_DONE;
}
