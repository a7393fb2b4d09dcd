// One counter for the bytes that values hold, and a cache of freed blocks.
//
// Counting: a thread gathers its charges in a counter of its own and adds them to the shared one when they pass 256 KiB, so
// that a small tensor costs no atomic operation; the shared count is off by at most that much for each thread.
// Blocks: four classes in each power of two, a free list a class and thread. A block freed by another thread joins that
// thread's lists. Fresh memory costs a page fault every 4 KiB (five times the work of adding two big tensors), hence the cache.
#include "tern_kernels.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static _Atomic int64_t used = 0;
static _Atomic int64_t limit = INT64_MAX;
enum { GATHER = 256 * 1024 };
static _Thread_local int64_t gathered = 0;

static void settle(void) {
  atomic_fetch_add_explicit(&used, gathered, memory_order_relaxed);
  gathered = 0;
}

int tern_charge(int64_t bytes) {
  int64_t sum;
  if (__builtin_add_overflow(gathered, bytes, &sum)) return 1;
  if (sum < GATHER) {
    gathered = sum;
    return 0;
  }
  int64_t before = atomic_load_explicit(&used, memory_order_relaxed), after;
  if (__builtin_add_overflow(before, sum, &after) || after > atomic_load_explicit(&limit, memory_order_relaxed)) return 1;
  gathered = sum;
  settle();
  return 0;
}

void tern_refund(int64_t bytes) {
  gathered -= bytes;
  if (gathered < -GATHER) settle();
}

int64_t tern_memory_used(void) { return atomic_load(&used) + gathered; }
int64_t tern_memory_limit(void) { return atomic_load(&limit); }
void tern_memory_set_limit(int64_t bytes) { atomic_store(&limit, bytes); }

// Class 4e + q holds blocks of (4 + q) << (e + 4) bytes, from 64 up.
enum { CLASSES = 4 * 32, KEEP = 512 << 20 };
typedef struct block { struct block *next; } block;
static _Thread_local block *lists[CLASSES];
static _Thread_local int64_t kept = 0;
static _Thread_local int watched = 0;

static inline unsigned class_of(size_t bytes) {
  if (bytes <= 64) return 0;
  unsigned top = 63 - (unsigned)__builtin_clzl(bytes - 1);  // the highest bit of bytes - 1, from 6 up
  unsigned quarter = (unsigned)((bytes - 1) >> (top - 2)) & 3;
  return 4 * (top - 6) + quarter + 1;
}
static inline size_t size_of(unsigned class) { return (size_t)(4 + class % 4) << (class / 4 + 4); }

void tern_memory_trim(void) {
  for (unsigned c = 0; c < CLASSES; c++)
    while (lists[c]) {
      block *b = lists[c];
      lists[c] = b->next;
      free(b);
    }
  kept = 0;
}

static pthread_key_t leaving;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static void at_exit_of_thread(void *unused) {
  (void)unused;
  tern_memory_trim();
  settle();
}
static void make_key(void) { pthread_key_create(&leaving, at_exit_of_thread); }
static void watch_thread(void) {
  pthread_once(&once, make_key);
  pthread_setspecific(leaving, (void *)1);
  watched = 1;
}

// A tensor's own object is charged along with its elements.
enum { OBJECT = 176 };

void *tern_alloc(size_t bytes) {
  if (tern_charge((int64_t)bytes + OBJECT)) return NULL;
  unsigned c = class_of(bytes);
  if (c < CLASSES && lists[c]) {
    block *b = lists[c];
    lists[c] = b->next;
    kept -= (int64_t)size_of(c);
    return b;
  }
  size_t size = c < CLASSES ? size_of(c) : (bytes + 63) & ~(size_t)63;
  void *memory = aligned_alloc(64, size);
  if (!memory) {
    tern_memory_trim();
    memory = aligned_alloc(64, size);
  }
  if (!memory) tern_refund((int64_t)bytes + OBJECT);
  return memory;
}

void tern_free(void *memory, size_t bytes) {
  tern_refund((int64_t)bytes + OBJECT);
  unsigned c = class_of(bytes);
  if (c >= CLASSES || kept + (int64_t)size_of(c) > KEEP) {
    free(memory);
    return;
  }
  if (!watched) watch_thread();
  block *b = memory;
  b->next = lists[c];
  lists[c] = b;
  kept += (int64_t)size_of(c);
}

_Alignas(64) char tern_nothing_block[64];
