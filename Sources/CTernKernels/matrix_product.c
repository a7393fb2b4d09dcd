// Who multiplies matrices is decided here and nowhere else.
//
// Below 64³ multiply-adds, for few rows, for integers, and where no library is installed: the own kernel, on two threads when it
// pays.
// Above: oneDNN where there is AVX-512; OpenBLAS (the OpenMP build, which shares libgomp's team) elsewhere and for f64 —
// but not with AVX-512, where old OpenBLAS takes kernels for other machines. Libraries are loaded at the first big product.
#include "one_dnn.h"
#include "table.h"
#include <dlfcn.h>
#include <math.h>
#include <string.h>

typedef void (*sgemm_fn)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
typedef void (*dgemm_fn)(int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *, int);
enum { ROW_MAJOR = 101, PLAIN = 111, TURNED = 112 };

static struct {
  int ready, own, dnnl, bf16;
  const char *name;
  sgemm_fn single;
  dgemm_fn precise;
} library = {.name = "own"};

static void *open_first(const char *const *names) {
  for (; *names; names++) {
    void *found = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
    if (found) return found;
  }
  return NULL;
}

static void load_library(void) {
  library.ready = 1;
  tern_thread_count();                                     // libgomp first, with its settings
  if (tern_isa_supported(TERN_ISA_AVX512)) {
    library.dnnl = tern_dnnl_load();
    if (library.dnnl) library.name = "oneDNN";
#if defined(__x86_64__)
    // Half as long a number, twice as many at a time; without the instructions oneDNN only imitates them.
    library.bf16 = library.dnnl && __builtin_cpu_supports("avx512bf16");
#endif
    return;
  }
  static const char *const names[] = {"/usr/lib/x86_64-linux-gnu/openblas-openmp/libopenblas.so.0",
                                      "/usr/lib/aarch64-linux-gnu/openblas-openmp/libopenblas.so.0", 0};
  void *blas = open_first(names);
  if (!blas) return;
  library.single = (sgemm_fn)dlsym(blas, "cblas_sgemm");
  library.precise = (dgemm_fn)dlsym(blas, "cblas_dgemm");
  if (library.single) library.name = "OpenBLAS";
}

void tern_matmul_own(int own) { library.own = own; }
int tern_matmul_is_own(void) { return library.own; }
const char *tern_matmul_library(void) {
  if (!library.ready) load_library();
  return library.own ? "own" : library.name;
}

static const int element_size[TERN_DTYPES] = {1, 1, 1, 4, 8, 2, 2, 4, 8};
static inline const void *at(const void *p, int64_t bytes) { return (const char *)p + bytes; }
static inline void *to(void *p, int64_t bytes) { return (char *)p + bytes; }

// How a library sees an operand: its leading stride, turned or not; 0 when neither axis is dense.
static int64_t leading(int64_t row, int64_t col, int64_t rows, int64_t cols, int *turned) {
  *turned = 0;
  if (col == 1 && row >= cols) return row > 0 ? row : 1;
  *turned = 1;
  if (row == 1 && col >= rows) return col > 0 ? col : 1;
  return 0;
}

// What the products are multiplied by before they are added.
static double factor(int dtype, const tern_product *p) {
  double scale = !p->scale ? 1 : dtype == TERN_F32 ? *(const float *)p->scale : *(const double *)p->scale;
  return p->minus ? -scale : scale;
}

// What a library's plain product leaves to do.
typedef struct finish_call { const tern_product *p; void *c; int64_t size; int dtype; } finish_call;
static void finish_part(void *pointer, int64_t begin, int64_t end) {
  const finish_call *f = pointer;
  tern_product q = *f->p;
  q.m = end - begin;
  tern_active->finish[f->dtype](&q, (char *)f->c + begin * q.c_row * f->size);
}
static void finish(int dtype, const tern_product *p, void *c) {
  finish_call f = {p, c, dtype == TERN_F32 ? 4 : 8, dtype};
  if (p->bias || p->relu) tern_parallel(finish_part, &f, p->m, 0.05 * (double)p->n);
}

// 0 when no library takes it.
static int by_library(int dtype, const tern_product *p, const void *a, const void *b, void *c) {
  if (library.own || (dtype != TERN_F32 && dtype != TERN_F64)) return 0;
  if ((double)p->m * (double)p->n * (double)p->k < 64.0 * 64 * 64 || p->m < 2 || p->n < 2) return 0;
  // Few rows; but a matrix of more than 16 MiB is walked better in a library's order.
  if (p->m <= TERN_FEW_ROWS && p->a_col == 1 && p->b_col == 1 && (double)p->n * (double)p->k <= 1 << 22) return 0;
  if (tern_thread_count() == 1 && !library.ready) return 0;  // only the computing thread loads and enters a library
  if (!library.ready) load_library();
  int a_turned, b_turned;
  int64_t lda = leading(p->a_row, p->a_col, p->m, p->k, &a_turned), ldb = leading(p->b_row, p->b_col, p->k, p->n, &b_turned);
  tern_note_threads(tern_thread_count());
  if (!lda || !ldb || p->m > INT32_MAX || p->n > INT32_MAX || p->k > INT32_MAX || lda > INT32_MAX || ldb > INT32_MAX) return 0;
  if (dtype == TERN_F32 && library.dnnl) return tern_dnnl_matmul(dtype, p, a, b, c);
  if (p->addend && p->addend != c)
    for (int64_t i = 0; i < p->m; i++) memcpy(to(c, i * p->c_row * element_size[dtype]), at(p->addend, i * p->c_row * element_size[dtype]), (size_t)(p->n * element_size[dtype]));
  int ta = a_turned ? TURNED : PLAIN, tb = b_turned ? TURNED : PLAIN, m = (int)p->m, n = (int)p->n, k = (int)p->k;
  if (dtype == TERN_F32 && library.single) {
    library.single(ROW_MAJOR, ta, tb, m, n, k, (float)factor(dtype, p), a, (int)lda, b, (int)ldb, p->addend ? 1 : 0, c, (int)p->c_row);
    finish(dtype, p, c);
    return 1;
  }
  if (dtype == TERN_F64 && library.precise) {
    library.precise(ROW_MAJOR, ta, tb, m, n, k, factor(dtype, p), a, (int)lda, b, (int)ldb, p->addend ? 1 : 0, c, (int)p->c_row);
    finish(dtype, p, c);
    return 1;
  }
  return 0;
}

// The own kernel: columns or rows of C are shared out in units of a few tiles.
typedef struct own_call { const tern_product *p; const void *a, *b; void *c; int64_t unit, size; int dtype, by_rows; } own_call;
static void own_part(void *pointer, int64_t begin, int64_t end) {
  const own_call *o = pointer;
  tern_product q = *o->p;
  int64_t most = o->by_rows ? q.m : q.n, from = begin * o->unit, count = end * o->unit < most ? end * o->unit - from : most - from;
  if (o->by_rows) q.m = count;
  else q.n = count;
  int64_t a = o->by_rows ? from * q.a_row : 0, b = o->by_rows ? 0 : from * q.b_col, c = o->by_rows ? from * q.c_row : from;
  if (q.bias && !o->by_rows) q.bias = at(q.bias, from * o->size);
  if (q.addend) q.addend = at(q.addend, c * o->size);
  tern_active->gemm[o->dtype](&q, at(o->a, a * o->size), at(o->b, b * o->size), to(o->c, c * o->size));
}
// One row by a large matrix: each thread reads rows of the matrix of its own, which then stay in its cache, and the sums are
// added up in order.
typedef struct row_call { const tern_product *p; const void *a, *b; char *sums; int64_t size, parts; int dtype; } row_call;
static void row_part(void *pointer, int64_t begin, int64_t end) {
  const row_call *r = pointer;
  for (int64_t i = begin; i < end; i++) {
    tern_product q = *r->p;
    int64_t from = q.k * i / r->parts;
    q.k = q.k * (i + 1) / r->parts - from;
    q.bias = q.addend = q.scale = 0;
    q.relu = q.minus = 0;
    tern_active->gemm[r->dtype](&q, at(r->a, from * q.a_col * r->size), at(r->b, from * q.b_row * r->size), r->sums + i * q.n * r->size);
  }
}
static int row_by_own(int dtype, const tern_product *p, const void *a, const void *b, void *c) {
  row_call r = {p, a, b, tern_scratch((size_t)(2 * p->n * element_size[dtype])), element_size[dtype], 2, dtype};
  // Counted for more than its products: what two second caches hold is read four times as fast as from behind them.
  int status = tern_parallel(row_part, &r, 2, 0.2 * (double)p->n * (double)p->k / 2);
  if (status) return status;
  // Added up where they lie: C may be the addend.
  tern_zip(TERN_ADD, dtype, r.sums, 1, r.sums + p->n * r.size, 1, p->addend || p->scale || p->minus ? r.sums : c, p->n);
  if (p->addend || p->scale || p->minus) {
    tern_product q = {.m = 1, .n = p->n, .k = 1, .a_col = 1, .b_row = p->n, .b_col = 1, .addend = p->addend};
    double scale = factor(dtype, p);
    float narrow = (float)scale;
    tern_active->gemm[dtype](&q, dtype == TERN_F32 ? (void *)&narrow : (void *)&scale, r.sums, c);
  }
  finish(dtype, p, c);
  return TERN_DONE;
}

static int by_own(int dtype, const tern_product *p, const void *a, const void *b, void *c) {
  if (p->m == 1 && p->b_col == 1 && dtype >= TERN_F32 && (double)p->n * (double)p->k > 65536 && tern_thread_count() > 1) return row_by_own(dtype, p, a, b, c);
  // Few rows beside a matrix that each second cache can hold: what a thread wrote of them in the step before it reads again.
  int stays = p->m >= 16 && p->m <= TERN_FEW_ROWS && (double)p->n * (double)p->k * element_size[dtype] <= 512 * 1024;
  own_call o = {p, a, b, c, stays ? 8 : p->m > p->n ? 48 : 64, element_size[dtype], dtype, stays || p->m > p->n};
  int64_t most = o.by_rows ? p->m : p->n, across = o.by_rows ? p->n : p->m;
  double each = (double)o.unit * (double)across * (double)p->k * (dtype < TERN_F32 ? 0.5 : 0.02);
  return tern_parallel(own_part, &o, (most + o.unit - 1) / o.unit, each);
}

typedef struct batch_call { const tern_product *p; const void *a, *b; void *c; int64_t size; int dtype; } batch_call;
static void batch_part(void *pointer, int64_t begin, int64_t end) {
  const batch_call *s = pointer;
  const tern_product *p = s->p;
  for (int64_t i = begin; i < end; i++)
    tern_active->gemm[s->dtype](p, at(s->a, i * p->a_batch * s->size), at(s->b, i * p->b_batch * s->size), to(s->c, i * p->m * p->c_row * s->size));
}

// Many matrices of middling size at once, where oneDNN is there: too small to be shared out each, too large for the own kernel to
// reach it. The whole is a call of at most some 80 ms.
static int stack_by_library(int dtype, const tern_product *p, double work, const void *a, const void *b, void *c) {
  if (library.own || dtype != TERN_F32 || p->bias || p->relu || p->addend || work < 32.0 * 32 * 32 || p->m < 8 || p->n < 8) return 0;
  if (!p->a_batch || work * (double)p->batch > 4.4e9 || tern_thread_count() == 1) return 0;
  if (!library.ready) load_library();
  int turned;
  if (!library.dnnl || !leading(p->a_row, p->a_col, p->m, p->k, &turned) || !leading(p->b_row, p->b_col, p->k, p->n, &turned)) return 0;
  tern_note_threads(tern_thread_count());
  return tern_dnnl_matmul(dtype, p, a, b, c);
}

// A library's call cannot be stopped, so a big product is cut into even parts that take about 80 ms on one core.
static int64_t rows_at_once(const tern_product *p, double most) {
  int64_t parts = (int64_t)ceil((double)p->m * (double)p->n * (double)p->k / most);
  if (parts < 2) return p->m;
  int64_t rows = ((p->m + parts - 1) / parts + 15) / 16 * 16;
  return rows < 64 ? 64 : rows;
}
static int one(int dtype, const tern_product *p, const void *a, const void *b, void *c) {
  int64_t rows = rows_at_once(p, 4.4e9);
  int64_t size = element_size[dtype];
  for (int64_t i = 0; i < p->m; i += rows) {
    if (i > 0 && tern_stopped()) return TERN_INTERRUPTED;
    tern_product q = *p;
    q.batch = 1;
    q.m = p->m - i < rows ? p->m - i : rows;
    const void *a_rows = at(a, i * p->a_row * size);
    void *c_rows = to(c, i * p->c_row * size);
    if (q.addend) q.addend = at(q.addend, i * p->c_row * size);
    if (by_library(dtype, &q, a_rows, b, c_rows)) continue;
    int status = by_own(dtype, &q, a_rows, b, c_rows);
    if (status) return status;
  }
  return TERN_DONE;
}

// Halves: a big product of bf16 by the processor's own instructions where it has them, else as f32 whose result is rounded.
// Both add up in f32.
static int halves_by_library(const tern_product *p, const void *a, const void *b, void *c) {
  if (library.own || p->m < 2 || p->n < 2 || (double)p->m * (double)p->n * (double)p->k < 64.0 * 64 * 64) return 0;
  if (tern_thread_count() == 1 && !library.ready) return 0;
  if (!library.ready) load_library();
  int turned;
  if (!library.bf16 || !leading(p->a_row, p->a_col, p->m, p->k, &turned) || !leading(p->b_row, p->b_col, p->k, p->n, &turned)) return 0;
  int64_t rows = rows_at_once(p, 4.4e9);
  for (int64_t i = 0; i < p->m; i += rows) {
    if (i > 0 && tern_stopped()) return -1;
    tern_product q = *p;
    q.batch = 1;
    q.m = p->m - i < rows ? p->m - i : rows;
    if (!tern_dnnl_matmul(TERN_BF16, &q, at(a, i * p->a_row * 2), b, to(c, i * p->c_row * (p->wide ? 4 : 2)))) return 0;
  }
  return 1;
}
static int halves(int dtype, const tern_product *p, const void *a, const void *b, void *c) {
  int64_t left = p->m * p->k * (p->a_batch ? p->batch : 1), right = p->k * p->n * (p->b_batch ? p->batch : 1), out = p->m * p->n * p->batch;
  int by = dtype == TERN_BF16 && p->m > 0 && p->n > 0;
  for (int64_t i = 0; i < p->batch && by > 0; i++)
    by = halves_by_library(p, at(a, i * p->a_batch * 2), at(b, i * p->b_batch * 2), to(c, i * p->m * p->c_row * (p->wide ? 4 : 2)));
  if (by) return by < 0 ? TERN_INTERRUPTED : TERN_DONE;
  size_t size = (size_t)(left + right + (p->wide ? 0 : out)) * 4;
  float *memory = tern_alloc(size);
  if (!memory) return TERN_FAILED;
  float *x = memory, *y = x + left, *z = p->wide ? c : y + right;
  int status = tern_cast(dtype, a, TERN_F32, x, left) == -2 || tern_cast(dtype, b, TERN_F32, y, right) == -2 || tern_matmul(TERN_F32, p, x, y, z) ||
               (!p->wide && tern_cast(TERN_F32, z, dtype, c, out) == -2);
  tern_free(memory, size);
  return status ? TERN_INTERRUPTED : TERN_DONE;
}

static int multiplied(int dtype, const tern_product *given, const void *a, const void *b, void *c) {
  tern_product p = *given;
  if (p.c_row == 0) p.c_row = p.n;
  if (p.m <= 0 || p.n <= 0 || p.batch <= 0) return TERN_DONE;
  if (element_size[dtype] == 2) return halves(dtype, &p, a, b, c);
  int64_t size = element_size[dtype];
  double work = (double)p.m * (double)p.n * (double)p.k;
  if (p.batch == 1 && work < 65536 && !p.addend) {
    tern_active->gemm[dtype](&p, a, b, c);
    return TERN_DONE;
  }
  if (p.batch > 1 && stack_by_library(dtype, &p, work, a, b, c)) return TERN_DONE;
  if (p.batch > 1 && work < 128.0 * 128 * 128) {           // many small ones: whole matrices to each thread
    batch_call s = {&p, a, b, c, size, dtype};
    return tern_parallel(batch_part, &s, p.batch, 30 + 0.02 * work);
  }
  for (int64_t i = 0; i < p.batch; i++) {
    int status = one(dtype, &p, at(a, i * p.a_batch * size), at(b, i * p.b_batch * size), to(c, i * p.m * p.c_row * size));
    if (status) return status;
  }
  return TERN_DONE;
}

int tern_matmul(int dtype, const tern_product *p, const void *a, const void *b, void *c) {
  int before = tern_flush_tiny(1), status = multiplied(dtype, p, a, b, c);
  tern_flush_tiny(before);
  return status;
}
