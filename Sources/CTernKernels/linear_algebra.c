// Linear algebra by LAPACK, from OpenBLAS' OpenMP build (it shares libgomp's team). The library is loaded at the first call.
//
// Matrices here are dense rows; LAPACK's are dense columns, so that what it sees is the transpose. Where a routine has a form
// for the transpose that is used, else the matrix is turned. A call works on a batch of equal matrices, shared by the threads
// where each is small; of matrices that cannot be worked on the first one is reported.
#include "table.h"
#include <dlfcn.h>
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

// Fortran's calls: every argument by address, the lengths of texts behind all others.
#define ROUTINES(X, p, T)                                                                                                         \
  X(p##getrf, int *, int *, T *, int *, int *, int *)                                                                             \
  X(p##getrs, const char *, int *, int *, const T *, int *, const int *, T *, int *, int *, size_t)                               \
  X(p##trtrs, const char *, const char *, const char *, int *, int *, const T *, int *, T *, int *, int *, size_t, size_t, size_t) \
  X(p##potrf, const char *, int *, T *, int *, int *, size_t)                                                                     \
  X(p##geqrf, int *, int *, T *, int *, T *, T *, int *, int *)                                                                   \
  X(p##orgqr, int *, int *, int *, T *, int *, const T *, T *, int *, int *)                                                      \
  X(p##gesdd, const char *, int *, int *, T *, int *, T *, T *, int *, T *, int *, T *, int *, int *, int *, size_t)              \
  X(p##syevd, const char *, const char *, int *, T *, int *, T *, T *, int *, int *, int *, int *, size_t, size_t)                \
  X(p##gelsd, int *, int *, int *, T *, int *, T *, int *, T *, T *, int *, T *, int *, int *, int *)
#define DECLARE(name, ...) static void (*p_##name)(__VA_ARGS__);
ROUTINES(DECLARE, s, float)
ROUTINES(DECLARE, d, double)

static int loaded = 0;
static void load(void) {
  tern_thread_count();                                     // libgomp first, with its settings
  static const char *const names[] = {"/usr/lib/x86_64-linux-gnu/openblas-openmp/libopenblas.so.0",
                                      "/usr/lib/aarch64-linux-gnu/openblas-openmp/libopenblas.so.0", 0};
  void *library = NULL;
  for (int k = 0; names[k] && !library; k++) library = dlopen(names[k], RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
#define FIND(name, ...) if (!(p_##name = (void (*)(__VA_ARGS__))dlsym(library, #name "_"))) return;
  ROUTINES(FIND, s, float)
  ROUTINES(FIND, d, double)
  loaded = 1;
}
static int is_loaded(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return loaded;
}

// What went wrong with the first matrix that cannot be worked on, in one word that orders faults: matrix, kind, place.
static int64_t fault_word(int64_t matrix, int kind, int64_t place) { return matrix << 28 | (int64_t)kind << 20 | (place & 0xfffff); }
static void note(_Atomic int64_t *fault, int64_t matrix, int kind, int64_t place) {
  int64_t word = fault_word(matrix, kind, place), seen = atomic_load(fault);
  while ((seen == 0 || word < seen) && !atomic_compare_exchange_weak(fault, &seen, word)) {}
}

typedef struct system_call {
  int64_t m, n, k;                                         // rows, columns; columns of the right side
  int turned, upper;
  const char *a, *b;
  char *out;
  _Atomic int64_t fault;
} system_call;

static int smaller(int64_t a, int64_t b) { return (int)(a < b ? a : b); }
static int larger(int64_t a, int64_t b) { return (int)(a > b ? a : b); }

#define T float
#define P(prefix, name) prefix##s##name
#define Q(name) name##_f32
#define EPSILON FLT_EPSILON
#include "linear_algebra.inc"
#undef T
#undef P
#undef Q
#undef EPSILON
#define T double
#define P(prefix, name) prefix##d##name
#define Q(name) name##_f64
#define EPSILON DBL_EPSILON
#include "linear_algebra.inc"

tern_linear_fault tern_linear(tern_linear_op op, int dtype, const tern_linear_system *s, const void *a, const void *b, void *out) {
  static const tern_task parts[][2] = {
    [TERN_SOLVE] = {solve_f32, solve_f64}, [TERN_SOLVE_TRIANGLE] = {triangle_f32, triangle_f64}, [TERN_CHOLESKY] = {cholesky_f32, cholesky_f64},
    [TERN_QR] = {qr_f32, qr_f64}, [TERN_SVD] = {svd_f32, svd_f64}, [TERN_EIGH] = {eigh_f32, eigh_f64},
    [TERN_LEAST_SQUARES] = {least_squares_f32, least_squares_f64}, [TERN_DET] = {determinant_f32, determinant_f64},
    [TERN_LOG_DET] = {log_determinant_f32, log_determinant_f64}, [TERN_COFACTORS] = {cofactors_f32, cofactors_f64},
  };
  if (!is_loaded()) return (tern_linear_fault){TERN_NO_LIBRARY, 0, 0};
  system_call c = {s->m, s->n, s->k, s->turned, s->upper, a, b, out, 0};
  double n = (double)larger(s->m, s->n), each = n * n * (double)larger(smaller(s->m, s->n), s->k) * (op == TERN_SVD || op == TERN_EIGH || op == TERN_COFACTORS ? 3 : 0.5) + 500;
  tern_task part = parts[op][dtype == TERN_F64];
  // Large matrices one after another, each by all threads of the library; small ones side by side.
  if (n >= 128) {
    for (int64_t i = 0; i < s->batch && !atomic_load(&c.fault); i++) {
      if (tern_stopped()) return (tern_linear_fault){TERN_STOPPED, 0, 0};
      part(&c, i, i + 1);
    }
  } else if (tern_parallel(part, &c, s->batch, each)) return (tern_linear_fault){TERN_STOPPED, 0, 0};
  int64_t word = atomic_load(&c.fault);
  return (tern_linear_fault){(int)(word >> 20 & 0xff), word >> 28, word & 0xfffff};
}
