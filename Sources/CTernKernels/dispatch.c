// Picks the table, and turns whole-tensor calls into calls of it: slices, threads, strides.
#include "table.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const tern_table *tern_active = &tern_table_base;
static tern_isa active = TERN_ISA_BASE;

int tern_isa_supported(tern_isa isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  int two = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  int wide = two && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl");
  return isa == TERN_ISA_BASE || (isa == TERN_ISA_AVX2 && two) || (isa == TERN_ISA_AVX512 && wide);
#else
  return isa == TERN_ISA_BASE;
#endif
}

void tern_isa_force(tern_isa isa) {
  if (!tern_isa_supported(isa)) return;
  active = isa;
#if defined(__x86_64__)
  if (isa == TERN_ISA_AVX512) { tern_active = &tern_table_avx512; return; }
  if (isa == TERN_ISA_AVX2) { tern_active = &tern_table_avx2; return; }
#endif
  tern_active = &tern_table_base;
}
tern_isa tern_isa_active(void) { return active; }

// TERN_ISA=base, avx2 or avx512 forces a table; one this machine cannot run is not taken.
__attribute__((constructor)) static void choose(void) {
  const char *wish = getenv("TERN_ISA");
  tern_isa most = TERN_ISA_AVX512;
  if (wish && !strcmp(wish, "base")) most = TERN_ISA_BASE;
  if (wish && !strcmp(wish, "avx2")) most = TERN_ISA_AVX2;
  for (int isa = (int)most; isa >= 0; isa--)
    if (tern_isa_supported((tern_isa)isa)) { tern_isa_force((tern_isa)isa); return; }
}

void *tern_scratch(size_t bytes) {
  static _Thread_local void *memory;
  static _Thread_local size_t size;
  if (bytes > size) {
    free(memory);
    size = (bytes + 4095) & ~(size_t)4095;
    memory = aligned_alloc(64, size);
    if (!memory) abort();                                  // at most 2 MiB for each thread
  }
  return memory;
}

static const int element_size[TERN_DTYPES] = {1, 1, 1, 4, 8, 2, 2, 4, 8};
static inline const void *at(const void *p, int64_t bytes) { return (const char *)p + bytes; }
static inline void *to(void *p, int64_t bytes) { return (char *)p + bytes; }

// ---- elementwise
int tern_has_map(tern_unary op, int dtype) { return tern_active->map[op][dtype] != 0; }
int tern_has_zip(tern_binary op, int dtype) { return tern_active->zip[op][dtype] != 0; }

static double map_cost(tern_unary op) {
  if (op <= TERN_RSQRT || op == TERN_RELU || op >= TERN_FLOOR) return 0.15;
  return op == TERN_EXP || op == TERN_LOG || op == TERN_TANH || op == TERN_SIGMOID ? 0.5 : 5;
}
static double zip_cost(tern_binary op, int dtype) {
  if (op == TERN_POW || op == TERN_ATAN2) return 12;
  if (op == TERN_FLOORDIV || op == TERN_MOD) return 6;
  return 0.05 * element_size[dtype];
}
static inline int writes(tern_binary op, int dtype) { return op >= TERN_EQ ? 1 : element_size[dtype]; }

typedef struct map_call { tern_map_fn run; const void *x; void *out; int64_t in, size; } map_call;
static void map_part(void *p, int64_t begin, int64_t end) {
  const map_call *c = p;
  c->run(at(c->x, begin * c->in), to(c->out, begin * c->size), end - begin);
}
int tern_map(tern_unary op, int dtype, const void *x, void *out, int64_t n) {
  tern_map_fn run = tern_active->map[op][dtype];
  if (n <= 4096 && map_cost(op) < 5) { run(x, out, n); return TERN_DONE; }
  map_call c = {run, x, out, element_size[dtype], op >= TERN_ISNAN ? 1 : element_size[dtype]};
  return tern_parallel(map_part, &c, n, map_cost(op));
}

typedef struct zip_call { tern_zip_fn run; const void *a, *b; void *out; int a_step, b_step; int64_t in, size; } zip_call;
static void zip_part(void *p, int64_t begin, int64_t end) {
  const zip_call *c = p;
  c->run(at(c->a, begin * c->in * c->a_step), c->a_step, at(c->b, begin * c->in * c->b_step), c->b_step, to(c->out, begin * c->size), end - begin);
}
int tern_zip(tern_binary op, int dtype, const void *a, int a_step, const void *b, int b_step, void *out, int64_t n) {
  tern_zip_fn run = tern_active->zip[op][dtype];
  if (n <= 1024) { run(a, a_step, b, b_step, out, n); return TERN_DONE; }
  zip_call c = {run, a, b, out, a_step, b_step, element_size[dtype], writes(op, dtype)};
  return tern_parallel(zip_part, &c, n, zip_cost(op, dtype));
}

// Where a position of the outer axes starts in each operand.
typedef struct place { int64_t a, b, c; } place;
static place place_of(const tern_loop *l, int outer, int64_t position) {
  place p = {0, 0, 0};
  for (int k = outer - 1; k >= 0; k--) {
    int64_t i = position % l->size[k];
    position /= l->size[k];
    p.a += i * l->a[k]; p.b += i * l->b[k]; p.c += i * l->c[k];
  }
  return p;
}
// Steps to the next position of the outer axes; `index` is the odometer.
static inline void advance(const tern_loop *l, int outer, int64_t *index, place *p) {
  for (int k = outer - 1; k >= 0; k--) {
    p->a += l->a[k]; p->b += l->b[k]; p->c += l->c[k];
    if (++index[k] < l->size[k]) return;
    p->a -= l->a[k] * l->size[k]; p->b -= l->b[k] * l->size[k]; p->c -= l->c[k] * l->size[k];
    index[k] = 0;
  }
}
static void odometer(const tern_loop *l, int outer, int64_t position, int64_t *index) {
  for (int k = outer - 1; k >= 0; k--) { index[k] = position % l->size[k]; position /= l->size[k]; }
}

typedef struct loop_call {
  const tern_loop *loop; tern_zip_fn run; const void *a, *b, *m; void *out; int64_t in, size, inner; int a_step, b_step, c_step, outer;
  void (*where)(const uint8_t *, int, const void *, int, const void *, int, void *, int64_t);
} loop_call;
static void zip_rows(void *p, int64_t begin, int64_t end) {
  const loop_call *c = p;
  int64_t index[8];
  place at_ = place_of(c->loop, c->outer, begin);
  odometer(c->loop, c->outer, begin, index);
  for (int64_t row = begin; row < end; row++) {
    c->run(at(c->a, at_.a * c->in), c->a_step, at(c->b, at_.b * c->in), c->b_step, to(c->out, row * c->inner * c->size), c->inner);
    advance(c->loop, c->outer, index, &at_);
  }
}
int tern_zip_loop(tern_binary op, int dtype, const tern_loop *l, const void *a, const void *b, void *out) {
  int outer = l->rank - 1;
  loop_call c = {.loop = l, .run = tern_active->zip[op][dtype], .a = a, .b = b, .out = out, .in = element_size[dtype],
                 .size = writes(op, dtype), .inner = l->size[outer], .a_step = (int)l->a[outer], .b_step = (int)l->b[outer], .outer = outer};
  int64_t rows = 1;
  for (int k = 0; k < outer; k++) rows *= l->size[k];
  return tern_parallel(zip_rows, &c, rows, 4 + zip_cost(op, dtype) * (double)c.inner);
}
static void where_rows(void *p, int64_t begin, int64_t end) {
  const loop_call *c = p;
  int64_t index[8];
  place at_ = place_of(c->loop, c->outer, begin);
  odometer(c->loop, c->outer, begin, index);
  for (int64_t row = begin; row < end; row++) {
    c->where((const uint8_t *)c->m + at_.c, c->c_step, at(c->a, at_.a * c->size), c->a_step, at(c->b, at_.b * c->size), c->b_step,
             to(c->out, row * c->inner * c->size), c->inner);
    advance(c->loop, c->outer, index, &at_);
  }
}
int tern_where_loop(int element, const tern_loop *l, const uint8_t *mask, const void *a, const void *b, void *out) {
  int outer = l->rank - 1;
  loop_call c = {.loop = l, .where = tern_active->where[element], .a = a, .b = b, .m = mask, .out = out, .size = element,
                 .inner = l->size[outer], .a_step = (int)l->a[outer], .b_step = (int)l->b[outer], .c_step = (int)l->c[outer], .outer = outer};
  int64_t rows = 1;
  for (int k = 0; k < outer; k++) rows *= l->size[k];
  return tern_parallel(where_rows, &c, rows, 4 + 0.05 * element * (double)c.inner);
}

// ---- reductions
static double fold_cost(int dtype) { return 0.03 * element_size[dtype]; }

typedef struct fold_call { tern_fold_fn run; const void *x; void *out; int64_t n, inner, in, size; } fold_call;
static void fold_outer(void *p, int64_t begin, int64_t end) {
  const fold_call *c = p;
  c->run(at(c->x, begin * c->n * c->inner * c->in), to(c->out, begin * c->inner * c->size), end - begin, c->n, c->inner);
}

// One long sum: chunks whose sums are added in order, so that the number of threads changes nothing.
enum { CHUNK = 1 << 15, CHUNKS = 1 << 12 };
typedef struct sum_call { const void *x; double *sums; int64_t n; int f32; } sum_call;
static void sum_chunks(void *p, int64_t begin, int64_t end) {
  const sum_call *c = p;
  for (int64_t k = begin; k < end; k++) {
    int64_t from = k * CHUNK, n = c->n - from < CHUNK ? c->n - from : CHUNK;
    c->sums[k % CHUNKS] = c->f32 ? tern_active->sum_f32((const float *)c->x + from, n) : tern_active->sum_f64((const double *)c->x + from, n);
  }
}
static int long_sum(int dtype, const void *x, void *out, int64_t n) {
  double sums[CHUNKS], total = 0;
  int64_t chunks = (n + CHUNK - 1) / CHUNK;
  for (int64_t first = 0; first < chunks; first += CHUNKS) {
    int64_t count = chunks - first < CHUNKS ? chunks - first : CHUNKS;
    sum_call c = {at(x, first * CHUNK * element_size[dtype]), sums, n - first * CHUNK, dtype == TERN_F32};
    if (tern_parallel(sum_chunks, &c, count, CHUNK * fold_cost(dtype))) return TERN_INTERRUPTED;
    for (int64_t k = 0; k < count; k++) total += sums[k];
  }
  if (dtype == TERN_F32) *(float *)out = (float)total;
  else *(double *)out = total;
  return TERN_DONE;
}

// One fold of tall columns: each thread takes some of them.
static void fold_columns(void *p, int64_t begin, int64_t end) {
  const fold_call *c = p;
  enum { ROWS = 64, WIDTH = 256 };
  float part[WIDTH];
  for (int64_t j = begin; j < end; j += WIDTH) {
    int64_t width = end - j < WIDTH ? end - j : WIDTH;
    float *out = (float *)c->out + j;
    memset(out, 0, (size_t)width * 4);
    for (int64_t row = 0; row < c->n; row += ROWS) {
      int64_t stop = c->n - row < ROWS ? c->n : row + ROWS;
      memset(part, 0, sizeof part);
      for (int64_t r = row; r < stop; r++)
        tern_active->zip[TERN_ADD][TERN_F32](part, 1, (const float *)c->x + r * c->inner + j, 1, part, width);
      tern_active->zip[TERN_ADD][TERN_F32](out, 1, part, 1, out, width);
    }
  }
}

int tern_reduce(tern_fold op, int dtype, const void *x, void *out, int64_t outer, int64_t n, int64_t inner) {
  if (op == TERN_FOLD_SUM && outer == 1 && inner == 1 && n > CHUNK && (dtype == TERN_F32 || dtype == TERN_F64)) return long_sum(dtype, x, out, n);
  fold_call c = {tern_active->fold[op][dtype], x, out, n, inner, element_size[dtype], element_size[dtype]};
  if (op == TERN_FOLD_SUM && dtype < TERN_F16) c.size = 8;
  if (op == TERN_FOLD_SUM && dtype == TERN_F32 && outer == 1 && inner >= 512 && n > 1)
    return tern_parallel(fold_columns, &c, inner, fold_cost(dtype) * (double)n);
  return tern_parallel(fold_outer, &c, outer, fold_cost(dtype) * (double)n * (double)inner);
}

#define ARG(T, t)                                                                                     \
  static void arg_##t(int largest, const T *x, int64_t *out, int64_t outer, int64_t n, int64_t inner) { \
    for (int64_t o = 0; o < outer; o++, x += n * inner, out += inner)                                 \
      for (int64_t j = 0; j < inner; j++) {                                                           \
        T best = x[j]; int64_t where = 0;                                                             \
        for (int64_t r = 1; r < n && best == best; r++) {                                             \
          T v = x[r * inner + j];                                                                     \
          if ((largest ? v > best : v < best) || v != v) { best = v; where = r; }                     \
        }                                                                                             \
        out[j] = where;                                                                               \
      }                                                                                               \
  }
ARG(uint8_t, u8) ARG(int8_t, i8) ARG(int32_t, i32) ARG(int64_t, i64) ARG(float, f32) ARG(double, f64)
typedef struct arg_call { int largest, dtype; const void *x; int64_t *out, n, inner; } arg_call;
static void arg_part(void *p, int64_t begin, int64_t end) {
  const arg_call *c = p;
  const void *x = at(c->x, begin * c->n * c->inner * element_size[c->dtype]);
  int64_t *out = c->out + begin * c->inner, outer = end - begin;
  switch (c->dtype) {
    case TERN_BOOL: case TERN_U8: arg_u8(c->largest, x, out, outer, c->n, c->inner); break;
    case TERN_I8: arg_i8(c->largest, x, out, outer, c->n, c->inner); break;
    case TERN_I32: arg_i32(c->largest, x, out, outer, c->n, c->inner); break;
    case TERN_I64: arg_i64(c->largest, x, out, outer, c->n, c->inner); break;
    case TERN_F32: arg_f32(c->largest, x, out, outer, c->n, c->inner); break;
    case TERN_F64: arg_f64(c->largest, x, out, outer, c->n, c->inner); break;
  }
}
int tern_arg(int largest, int dtype, const void *x, int64_t *out, int64_t outer, int64_t n, int64_t inner) {
  arg_call c = {largest, dtype, x, out, n, inner};
  return tern_parallel(arg_part, &c, outer, 1.0 * (double)n * (double)inner);
}

// A tile of columns at a time: the sums so far are the row before.
#define CUMSUM(T, t)                                                                                  \
  static void cumsum_##t(const T *x, T *out, int64_t n, int64_t inner, int64_t width, int backwards) { \
    int64_t step = backwards ? -inner : inner, k = backwards ? (n - 1) * inner : 0;                   \
    if (width == 1) {                                                                                 \
      T sum = 0;                                                                                      \
      for (int64_t r = 0; r < n; r++, k += step) out[k] = sum = (T)(sum + x[k]);                      \
      return;                                                                                         \
    }                                                                                                 \
    for (int64_t r = 0; r < n; r++, k += step)                                                        \
      for (int64_t j = 0; j < width; j++) out[k + j] = (T)((r ? out[k - step + j] : 0) + x[k + j]);   \
  }
CUMSUM(uint8_t, u8) CUMSUM(int8_t, i8) CUMSUM(int32_t, i32) CUMSUM(int64_t, i64) CUMSUM(float, f32) CUMSUM(double, f64)
enum { CUMSUM_TILE = 256 };
typedef struct cumsum_call { int dtype, backwards; const void *x; void *out; int64_t n, inner, tiles; } cumsum_call;
static void cumsum_part(void *p, int64_t begin, int64_t end) {
  const cumsum_call *c = p;
  for (int64_t i = begin; i < end; i++) {
    int64_t column = i % c->tiles * CUMSUM_TILE, skip = (i / c->tiles * c->n * c->inner + column) * element_size[c->dtype];
    int64_t width = c->inner - column < CUMSUM_TILE ? c->inner - column : CUMSUM_TILE;
    const void *x = at(c->x, skip);
    void *out = to(c->out, skip);
    switch (c->dtype) {
      case TERN_U8: cumsum_u8(x, out, c->n, c->inner, width, c->backwards); break;
      case TERN_I8: cumsum_i8(x, out, c->n, c->inner, width, c->backwards); break;
      case TERN_I32: cumsum_i32(x, out, c->n, c->inner, width, c->backwards); break;
      case TERN_I64: cumsum_i64(x, out, c->n, c->inner, width, c->backwards); break;
      case TERN_F32: cumsum_f32(x, out, c->n, c->inner, width, c->backwards); break;
      case TERN_F64: cumsum_f64(x, out, c->n, c->inner, width, c->backwards); break;
    }
  }
}
int tern_cumsum(int dtype, const void *x, void *out, int64_t outer, int64_t n, int64_t inner, int backwards) {
  int64_t tiles = (inner + CUMSUM_TILE - 1) / CUMSUM_TILE;
  cumsum_call c = {dtype, backwards, x, out, n, inner, tiles};
  return tern_parallel(cumsum_part, &c, outer * tiles, 1.0 * (double)n * (double)(inner < CUMSUM_TILE ? inner : CUMSUM_TILE));
}

typedef struct rows_call { tern_rows_fn run; tern_rows op; const void *x, *dy; void *out; int64_t n, size, out_row; int dtype; } rows_call;
static void rows_part(void *p, int64_t begin, int64_t end) {
  const rows_call *c = p;
  c->run(at(c->x, begin * c->n * c->size), to(c->out, begin * c->out_row * c->size), end - begin, c->n);
}
int tern_rows_map(tern_rows op, int dtype, const void *x, void *out, int64_t rows, int64_t n) {
  rows_call c = {tern_active->rows[op][dtype], op, x, 0, out, n, element_size[dtype], op == TERN_LOGSUMEXP ? 1 : n, dtype};
  return tern_parallel(rows_part, &c, rows, 10 + 1.0 * (double)n);
}
static void rows_gradient_part(void *p, int64_t begin, int64_t end) {
  const rows_call *c = p;
  int64_t skip = begin * c->n * c->size;
  tern_active->rows_gradient[c->op][c->dtype](at(c->x, skip), at(c->dy, skip), to(c->out, skip), end - begin, c->n);
}
int tern_rows_gradient(tern_rows op, int dtype, const void *y, const void *dy, void *out, int64_t rows, int64_t n) {
  rows_call c = {0, op, y, dy, out, n, element_size[dtype], n, dtype};
  return tern_parallel(rows_gradient_part, &c, rows, 5 + 0.3 * (double)n);
}

typedef struct standard_call { const void *x, *dy; void *out; int64_t n, size; double eps; int dtype; } standard_call;
static void standard_part(void *p, int64_t begin, int64_t end) {
  const standard_call *c = p;
  int64_t skip = begin * c->n * c->size;
  if (c->dy) tern_active->standard_rows_gradient[c->dtype](at(c->x, skip), at(c->dy, skip), to(c->out, skip), end - begin, c->n, c->eps);
  else tern_active->standard_rows[c->dtype](at(c->x, skip), to(c->out, skip), end - begin, c->n, c->eps);
}
int tern_standard_rows(int dtype, const void *x, void *out, int64_t rows, int64_t n, double eps) {
  standard_call c = {x, 0, out, n, element_size[dtype], eps, dtype};
  return tern_parallel(standard_part, &c, rows, 10 + 0.2 * (double)n);
}
int tern_standard_rows_gradient(int dtype, const void *x, const void *dy, void *out, int64_t rows, int64_t n, double eps) {
  standard_call c = {x, dy, out, n, element_size[dtype], eps, dtype};
  return tern_parallel(standard_part, &c, rows, 15 + 0.3 * (double)n);
}

// ---- one element of each row, and back
#define PICK(T) for (int64_t r = 0; r < rows; r++) { if ((uint64_t)index[r] >= (uint64_t)n) return r; ((T *)out)[r] = ((const T *)x)[r * n + index[r]]; } break;
int64_t tern_pick(int64_t size, const void *x, const int64_t *index, void *out, int64_t rows, int64_t n) {
  switch (size) {
  case 1: PICK(uint8_t)
  case 2: PICK(uint16_t)
  case 4: PICK(uint32_t)
  case 8: PICK(uint64_t)
  }
  return -1;
}
#define UNPICK(T) for (int64_t r = 0; r < rows; r++) if ((uint64_t)index[r] < (uint64_t)n) ((T *)out)[r * n + index[r]] = ((const T *)x)[r]; break;
void tern_unpick(int64_t size, const void *x, const int64_t *index, void *out, int64_t rows, int64_t n) {
  memset(out, 0, (size_t)(rows * n * size));
  switch (size) {
  case 1: UNPICK(uint8_t)
  case 2: UNPICK(uint16_t)
  case 4: UNPICK(uint32_t)
  case 8: UNPICK(uint64_t)
  }
}
