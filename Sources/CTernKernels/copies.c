// Moving elements: strided copies (transposes, slices, broadcasts), casts, rows by position.
#include "table.h"
#include <math.h>
#include <stdatomic.h>
#include <string.h>

static const int element_size[TERN_DTYPES] = {1, 1, 1, 4, 8, 2, 2, 4, 8};
static inline const char *at(const void *p, int64_t bytes) { return (const char *)p + bytes; }
static inline char *to(void *p, int64_t bytes) { return (char *)p + bytes; }

void tern_fill(int element, const void *value, void *out, int64_t n) {
  int zero = 1;
  for (int k = 0; k < element; k++) zero &= ((const char *)value)[k] == 0;
  if (zero) { memset(out, 0, (size_t)(n * element)); return; }
  switch (element) {
    case 1: memset(out, *(const uint8_t *)value, (size_t)n); return;
    case 2: { uint16_t v; memcpy(&v, value, 2); for (int64_t i = 0; i < n; i++) ((uint16_t *)out)[i] = v; return; }
    case 4: { uint32_t v; memcpy(&v, value, 4); for (int64_t i = 0; i < n; i++) ((uint32_t *)out)[i] = v; return; }
    default: { uint64_t v; memcpy(&v, value, 8); for (int64_t i = 0; i < n; i++) ((uint64_t *)out)[i] = v; return; }
  }
}

// A copy after axes of size 1 are dropped and neighbours that run on are joined. `row` is an axis along which the source is
// dense though it is not the innermost: then squares are transposed, which keeps both sides in cache.
typedef struct copy_call {
  int element, rank, row;
  int64_t size[8], x[8], out[8];
  const void *from;
  void *into;
} copy_call;
enum { SQUARE = 32 };

static void simplify(copy_call *c, int rank, const int64_t *size, const int64_t *x, const int64_t *out) {
  c->rank = 0;
  for (int k = 0; k < rank; k++) {
    if (size[k] == 1) continue;
    int last = c->rank - 1;
    if (last >= 0 && c->x[last] == x[k] * size[k] && c->out[last] == out[k] * size[k]) {
      c->size[last] *= size[k];
      c->x[last] = x[k];
      c->out[last] = out[k];
      continue;
    }
    c->size[c->rank] = size[k];
    c->x[c->rank] = x[k];
    c->out[c->rank++] = out[k];
  }
  if (c->rank == 0) { c->rank = 1; c->size[0] = c->x[0] = c->out[0] = 1; }
  c->row = -1;
  int inner = c->rank - 1;
  if (c->x[inner] != 1 && c->x[inner] != 0)
    for (int k = 0; k < inner; k++) if (c->x[k] == 1) c->row = k;
}

#define COPY_LINE(T) for (int64_t i = 0; i < n; i++) ((T *)out)[i * o] = ((const T *)x)[i * s];
static void copy_line(int element, const void *x, int64_t s, void *out, int64_t o, int64_t n) {
  if (s == 1 && o == 1) { memcpy(out, x, (size_t)(n * element)); return; }
  if (s == 0 && o == 1) { tern_fill(element, x, out, n); return; }
  switch (element) {
    case 1: COPY_LINE(uint8_t) return;
    case 2: COPY_LINE(uint16_t) return;
    case 4: COPY_LINE(uint32_t) return;
    default: COPY_LINE(uint64_t) return;
  }
}
// Eight columns at a time are gathered into a line that is written whole: the compiler keeps the line in registers.
#define COPY_SQUARE(T)                                                                               \
  { int64_t j = 0;                                                                                   \
    if (out_col == 1)                                                                                \
      for (; j + 8 <= cols; j += 8) {                                                                \
        const T *c0 = (const T *)x + j * x_col, *c1 = c0 + x_col, *c2 = c1 + x_col, *c3 = c2 + x_col; \
        const T *c4 = c3 + x_col, *c5 = c4 + x_col, *c6 = c5 + x_col, *c7 = c6 + x_col;              \
        for (int64_t r = 0; r < rows; r++) {                                                         \
          T line[8] = {c0[r], c1[r], c2[r], c3[r], c4[r], c5[r], c6[r], c7[r]};                      \
          memcpy((T *)out + r * out_row + j, line, sizeof line);                                     \
        }                                                                                            \
      }                                                                                              \
    for (; j < cols; j++)                                                                            \
      for (int64_t r = 0; r < rows; r++) ((T *)out)[r * out_row + j * out_col] = ((const T *)x)[r + j * x_col]; \
  }
static void copy_square(int element, const void *x, int64_t x_col, void *out, int64_t out_row, int64_t out_col, int64_t rows, int64_t cols) {
  switch (element) {
    case 1: COPY_SQUARE(uint8_t) return;
    case 2: COPY_SQUARE(uint16_t) return;
    case 4: COPY_SQUARE(uint32_t) return;
    default: COPY_SQUARE(uint64_t) return;
  }
}

// The offsets of a position of all axes but the innermost and `row`.
static void offsets(const copy_call *c, int64_t position, int64_t *x, int64_t *out) {
  *x = *out = 0;
  for (int k = c->rank - 2; k >= 0; k--) {
    if (k == c->row) continue;
    int64_t i = position % c->size[k];
    position /= c->size[k];
    *x += i * c->x[k];
    *out += i * c->out[k];
  }
}
static void copy_lines(void *p, int64_t begin, int64_t end) {
  const copy_call *c = p;
  int inner = c->rank - 1;
  int64_t fast = inner > 0 ? c->size[inner - 1] : 1, x = 0, out = 0;
  for (int64_t k = begin; k < end; k++) {
    if (k == begin || k % fast == 0) offsets(c, k, &x, &out);
    copy_line(c->element, at(c->from, x * c->element), c->x[inner], to(c->into, out * c->element), c->out[inner], c->size[inner]);
    if (inner > 0) { x += c->x[inner - 1]; out += c->out[inner - 1]; }
  }
}
// One long run, shared by the threads.
static void copy_run(void *p, int64_t begin, int64_t end) {
  const copy_call *c = p;
  memcpy(to(c->into, begin * c->element), at(c->from, begin * c->element), (size_t)((end - begin) * c->element));
}
static void copy_squares(void *p, int64_t begin, int64_t end) {
  const copy_call *c = p;
  int inner = c->rank - 1, row = c->row;
  int64_t tiles = (c->size[row] + SQUARE - 1) / SQUARE;
  for (int64_t k = begin; k < end; k++) {
    int64_t x, out, r = k % tiles * SQUARE, rows = c->size[row] - r < SQUARE ? c->size[row] - r : SQUARE;
    offsets(c, k / tiles, &x, &out);
    x += r * c->x[row];
    out += r * c->out[row];
    for (int64_t j = 0; j < c->size[inner]; j += SQUARE) {
      int64_t cols = c->size[inner] - j < SQUARE ? c->size[inner] - j : SQUARE;
      copy_square(c->element, at(c->from, (x + j * c->x[inner]) * c->element), c->x[inner],
                  to(c->into, (out + j * c->out[inner]) * c->element), c->out[row], c->out[inner], rows, cols);
    }
  }
}
int tern_copy(int element, int rank, const int64_t *size, const void *x, const int64_t *x_stride, void *out, const int64_t *out_stride) {
  copy_call c = {.element = element, .from = x, .into = out};
  for (int k = 0; k < rank; k++) if (size[k] == 0) return TERN_DONE;
  simplify(&c, rank, size, x_stride, out_stride);
  int64_t inner = c.size[c.rank - 1], count = 1;
  for (int k = 0; k < c.rank - 1; k++) count *= k == c.row ? (c.size[k] + SQUARE - 1) / SQUARE : c.size[k];
  if (c.row >= 0) return tern_parallel(copy_squares, &c, count, 0.6 * SQUARE * (double)inner);
  if (c.rank == 1 && c.x[0] == 1 && c.out[0] == 1) return tern_parallel(copy_run, &c, inner, 0.05 * element);
  return tern_parallel(copy_lines, &c, count, 3 + (c.x[c.rank - 1] == 1 ? 0.05 : 0.5) * element / 4 * (double)inner);
}

// ---- casts
typedef struct cast_call { const void *x; void *out; int from, to; _Atomic int64_t bad; } cast_call;
static void note(_Atomic int64_t *bad, int64_t i) {
  int64_t seen = atomic_load(bad);
  while ((seen < 0 || i < seen) && !atomic_compare_exchange_weak(bad, &seen, i)) {}
}
#define CAST(T, R) { const T *x = c->x; R *out = c->out; for (int64_t i = begin; i < end; i++) out[i] = (R)x[i]; return; }
#define CAST_BOOL(T) { const T *x = c->x; uint8_t *out = c->out; for (int64_t i = begin; i < end; i++) out[i] = x[i] != 0; return; }
// Floats to integers: truncated; one that does not fit is reported and not converted.
#define CAST_FIT(T, R, low, high)                                                                    \
  { const T *x = c->x; R *out = c->out;                                                              \
    for (int64_t i = begin; i < end; i++) {                                                          \
      if (!(x[i] > (T)(low) && x[i] < (T)(high))) { note(&c->bad, i); return; }                      \
      out[i] = (R)x[i];                                                                              \
    }                                                                                                \
    return; }
#define CAST_FIT_I64(T)                                                                              \
  { const T *x = c->x; int64_t *out = c->out;                                                        \
    for (int64_t i = begin; i < end; i++) {                                                          \
      if (!(x[i] >= (T)-9223372036854775808.0 && x[i] < (T)9223372036854775808.0)) { note(&c->bad, i); return; } \
      out[i] = (int64_t)x[i];                                                                        \
    }                                                                                                \
    return; }
#define CAST_INT(T)                                                                                  \
  switch (c->to) {                                                                                   \
    case TERN_BOOL: CAST_BOOL(T) case TERN_U8: CAST(T, uint8_t) case TERN_I8: CAST(T, int8_t) case TERN_I32: CAST(T, int32_t) \
    case TERN_I64: CAST(T, int64_t) case TERN_F32: CAST(T, float) case TERN_F64: CAST(T, double) default: return; \
  }
// (-2^31 - 1 is no f32; there the first float below is -2^31 - 256, and > is as right as >=.)
#define CAST_FLOAT(T, below_i32)                                                                     \
  switch (c->to) {                                                                                   \
    case TERN_BOOL: CAST_BOOL(T) case TERN_U8: CAST_FIT(T, uint8_t, -1, 256) case TERN_I8: CAST_FIT(T, int8_t, -129, 128) \
    case TERN_I32: CAST_FIT(T, int32_t, below_i32, 2147483648.0) case TERN_I64: CAST_FIT_I64(T)      \
    case TERN_F32: CAST(T, float) case TERN_F64: CAST(T, double) default: return;                    \
  }
// Halves go by f32, a block at a time. What is longer than an f32 is cut to one whose last bit says that something was lost
// (rounding to odd): rounded once more, to a half, it is as if rounded once.
enum { HALF_BLOCK = 512 };
static float odd(double x) {
  float near = (float)x;
  if ((double)near == x || near != near) return near;
  uint32_t bits;
  memcpy(&bits, &near, 4);
  if (!(bits & 1)) bits += fabs((double)near) < fabs(x) ? 1 : -1;
  memcpy(&near, &bits, 4);
  return near;
}
static void cast_part(void *p, int64_t begin, int64_t end);
static void cast_halves(cast_call *c, int64_t begin, int64_t end) {
  float block[HALF_BLOCK];
  double precise[HALF_BLOCK];
  int from_half = c->from == TERN_F16 || c->from == TERN_BF16, to_half = c->to == TERN_F16 || c->to == TERN_BF16;
  for (int64_t i = begin; i < end; i += HALF_BLOCK) {
    int64_t n = end - i < HALF_BLOCK ? end - i : HALF_BLOCK;
    const void *x = at(c->x, i * element_size[c->from]);
    void *out = to(c->out, i * element_size[c->to]);
    const float *wide = block;
    if (from_half && c->to == TERN_F32) { tern_active->widen[c->from](x, out, n); continue; }
    if (from_half) tern_active->widen[c->from](x, block, n);
    else if (c->from == TERN_F32) wide = x;
    else if (c->from == TERN_F64 || c->from == TERN_I64 || c->from == TERN_I32) {
      cast_call step = {x, precise, c->from, TERN_F64, -1};
      cast_part(&step, 0, n);
      for (int64_t k = 0; k < n; k++) block[k] = odd(precise[k]);
    } else {
      cast_call step = {x, block, c->from, TERN_F32, -1};
      cast_part(&step, 0, n);
    }
    if (to_half) { tern_active->narrow[c->to](wide, out, n); continue; }
    cast_call step = {wide, out, TERN_F32, c->to, -1};
    cast_part(&step, 0, n);
    int64_t bad = atomic_load(&step.bad);
    if (bad >= 0) { note(&c->bad, i + bad); return; }
  }
}
static void cast_part(void *p, int64_t begin, int64_t end) {
  cast_call *c = p;
  switch (c->from) {
    case TERN_BOOL: case TERN_U8: CAST_INT(uint8_t)
    case TERN_I8: CAST_INT(int8_t)
    case TERN_I32: CAST_INT(int32_t)
    case TERN_I64: CAST_INT(int64_t)
    case TERN_F32: CAST_FLOAT(float, -2147483904.0)
    case TERN_F64: CAST_FLOAT(double, -2147483649.0)
  }
}
static void cast_by_blocks(void *p, int64_t begin, int64_t end) { cast_halves(p, begin, end); }
int64_t tern_cast(int from, const void *x, int to_, void *out, int64_t n) {
  cast_call c = {x, out, from, to_, -1};
  if (n <= 1024 && to_ == TERN_F32 && element_size[from] == 2) { tern_active->widen[from](x, out, n); return -1; }
  if (n <= 1024 && from == TERN_F32 && element_size[to_] == 2) { tern_active->narrow[to_](x, out, n); return -1; }
  if (element_size[from] == 2 || element_size[to_] == 2) {
    if (from == to_) { memcpy(out, x, (size_t)n * 2); return -1; }
    if (tern_parallel(cast_by_blocks, &c, n, 0.2)) return -2;
    return atomic_load(&c.bad);
  }
  if (tern_parallel(cast_part, &c, n, 0.4)) return -2;
  return atomic_load(&c.bad);
}

uint16_t tern_half_of(int dtype, double x) {
  float near = odd(x);
  uint16_t out;
  tern_active->narrow[dtype](&near, &out, 1);
  return out;
}
float tern_of_half(int dtype, uint16_t bits) {
  float out;
  tern_active->widen[dtype](&bits, &out, 1);
  return out;
}

// ---- rows by position
typedef struct rows_call { const void *x; void *out; const int64_t *index; int64_t bytes, size, count; } rows_call;
static void take_rows(void *p, int64_t begin, int64_t end) {
  const rows_call *c = p;
  for (int64_t k = begin; k < end; k++) {
    const char *from = at(c->x, (k / c->count * c->size + c->index[k % c->count]) * c->bytes);
    char *into = to(c->out, k * c->bytes);
    if (c->bytes == 4) memcpy(into, from, 4);
    else if (c->bytes == 8) memcpy(into, from, 8);
    else memcpy(into, from, (size_t)c->bytes);
  }
}
int tern_take(int64_t bytes, const void *x, const int64_t *index, void *out, int64_t outer, int64_t size, int64_t count) {
  rows_call c = {x, out, index, bytes, size, count};
  return tern_parallel(take_rows, &c, outer * count, 3 + 0.05 * (double)bytes);
}
static void put_rows(void *p, int64_t begin, int64_t end) {
  const rows_call *c = p;
  for (int64_t k = begin * c->count; k < end * c->count; k++)
    memcpy(to(c->out, (k / c->count * c->size + c->index[k % c->count]) * c->bytes), at(c->x, k * c->bytes), (size_t)c->bytes);
}
int tern_put(int64_t bytes, void *x, const int64_t *index, const void *v, int64_t outer, int64_t size, int64_t count) {
  rows_call c = {v, x, index, bytes, size, count};
  return tern_parallel(put_rows, &c, outer, (3 + 0.05 * (double)bytes) * (double)count);
}
typedef struct add_call { int dtype; void *x; const int64_t *index; const void *v; int64_t size, count, inner; } add_call;
static void add_rows(void *p, int64_t begin, int64_t end) {
  const add_call *c = p;
  int64_t bytes = c->inner * element_size[c->dtype];
  tern_zip_fn add = tern_active->zip[TERN_ADD][c->dtype];
  for (int64_t k = begin * c->count; k < end * c->count; k++) {
    char *into = to(c->x, (k / c->count * c->size + c->index[k % c->count]) * bytes);
    const char *from = at(c->v, k * bytes);
    if (c->inner == 1 && c->dtype == TERN_F32) *(float *)into += *(const float *)from;
    else add(into, 1, from, 1, into, c->inner);
  }
}
int tern_put_add(int dtype, void *x, const int64_t *index, const void *v, int64_t outer, int64_t size, int64_t count, int64_t inner) {
  add_call c = {dtype, x, index, v, size, count, inner};
  return tern_parallel(add_rows, &c, outer, (3 + 0.1 * (double)inner) * (double)count);
}
#define POSITIONS(T)                                                                                 \
  for (int64_t i = 0; i < n; i++) {                                                                  \
    int64_t v = (int64_t)((const T *)index)[i];                                                      \
    if (v < 0) v += size;                                                                            \
    if (v < 0 || v >= size) return i;                                                                \
    out[i] = v;                                                                                      \
  }                                                                                                  \
  return -1;
int64_t tern_check_positions(int dtype, const void *index, int64_t *out, int64_t n, int64_t size) {
  switch (dtype) {
    case TERN_U8: POSITIONS(uint8_t)
    case TERN_I8: POSITIONS(int8_t)
    case TERN_I32: POSITIONS(int32_t)
    default: POSITIONS(int64_t)
  }
}
int64_t tern_true_count(const uint8_t *mask, int64_t n) {
  int64_t count = 0;
  for (int64_t i = 0; i < n; i++) count += mask[i] != 0;
  return count;
}
void tern_true_positions(const uint8_t *mask, int64_t n, int64_t *out) {
  for (int64_t i = 0; i < n; i++) if (mask[i]) *out++ = i;
}

void tern_arange_f64(double start, double step, double *out, int64_t n) { for (int64_t i = 0; i < n; i++) out[i] = start + (double)i * step; }
void tern_arange_i64(int64_t start, int64_t step, int64_t *out, int64_t n) { for (int64_t i = 0; i < n; i++) out[i] = start + i * step; }
