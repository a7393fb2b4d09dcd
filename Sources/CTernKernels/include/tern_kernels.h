#ifndef TERN_KERNELS_H
#define TERN_KERNELS_H
#include <stddef.h>
#include <stdint.h>

// What Swift calls. Sizes are checked before a call; a kernel allocates nothing a caller sees and knows no errors, except
// that a long one returns TERN_INTERRUPTED when it has to stop between two of its slices.

// ---- element types: the order of Swift's DType
enum { TERN_BOOL, TERN_U8, TERN_I8, TERN_I32, TERN_I64, TERN_F16, TERN_BF16, TERN_F32, TERN_F64, TERN_DTYPES };

// ---- operations
typedef enum tern_unary {
  TERN_NEG, TERN_ABS, TERN_SIGN, TERN_SQUARE, TERN_RECIPROCAL, TERN_SQRT, TERN_RSQRT, TERN_EXP, TERN_EXPM1, TERN_LOG, TERN_LOG1P,
  TERN_SIN, TERN_COS, TERN_TAN, TERN_ASIN, TERN_ACOS, TERN_ATAN, TERN_SINH, TERN_COSH, TERN_TANH, TERN_SIGMOID, TERN_SOFTPLUS,
  TERN_RELU, TERN_GELU, TERN_ERF, TERN_FLOOR, TERN_CEIL, TERN_ROUND, TERN_ISNAN, TERN_ISFINITE, TERN_NOT, TERN_UNARY_COUNT
} tern_unary;

typedef enum tern_binary {
  TERN_ADD, TERN_SUB, TERN_MUL, TERN_DIV, TERN_FLOORDIV, TERN_MOD, TERN_POW, TERN_MAX, TERN_MIN, TERN_ATAN2,
  TERN_RELU_GRADIENT, TERN_TANH_GRADIENT, TERN_SIGMOID_GRADIENT, TERN_GELU_GRADIENT,   // (x or y, dy)
  TERN_EQ, TERN_NE, TERN_LT, TERN_LE, TERN_GT, TERN_GE, TERN_AND, TERN_OR, TERN_XOR, TERN_BINARY_COUNT
} tern_binary;

typedef enum tern_fold { TERN_FOLD_SUM, TERN_FOLD_PROD, TERN_FOLD_MAX, TERN_FOLD_MIN, TERN_FOLD_ANY, TERN_FOLD_ALL, TERN_FOLD_COUNT } tern_fold;
typedef enum tern_rows { TERN_SOFTMAX, TERN_LOG_SOFTMAX, TERN_LOGSUMEXP, TERN_ROWS_COUNT } tern_rows;

// What a kernel that works in slices, looks at positions or needs memory of its own returns.
enum { TERN_DONE = 0, TERN_INTERRUPTED = 1, TERN_FAILED = 2, TERN_NO_MEMORY = 3 };

// ---- instruction sets
typedef enum tern_isa { TERN_ISA_BASE, TERN_ISA_AVX2, TERN_ISA_AVX512 } tern_isa;
tern_isa tern_isa_active(void);
int tern_isa_supported(tern_isa isa);
void tern_isa_force(tern_isa isa);                         // ignored when this machine cannot run it

// ---- interrupt: raised by a signal handler, polled between slices, lowered by whoever answers it
extern volatile int tern_interrupt_flag;
int tern_interrupt_raised(void);
void tern_interrupt(int raised);                           // async-signal-safe
enum { TERN_GOES_ON = 0, TERN_IS_INTERRUPTED = 1, TERN_IS_LATE = 2 };
void tern_set_deadline(double seconds);                    // of this thread, by CLOCK_MONOTONIC; 0: none
int tern_stopped(void);                                    // the flag, then the deadline

// ---- threads: only the thread that claims computing opens a team; every other thread runs kernels alone
int tern_compute_claim(void);                              // 1 when this thread now owns the team
void tern_compute_release(void);
void tern_compute_alone(void);                              // libraries called from this thread open no team either
int tern_thread_count(void);                               // of a call from this thread
int tern_threads_used(void);                               // the most since it was asked last

// ---- memory: one counter for everything, and a size-class cache of blocks for each thread
void *tern_alloc(size_t bytes);                            // 64-byte aligned, charged; NULL past the limit
void tern_free(void *block, size_t bytes);                 // the size that was asked for
int tern_charge(int64_t bytes);                            // 0 when it fits; counts nothing otherwise
void tern_refund(int64_t bytes);
int64_t tern_memory_used(void);
int64_t tern_memory_limit(void);
void tern_memory_set_limit(int64_t bytes);
void tern_memory_trim(void);                               // gives this thread's cached blocks back
extern char tern_nothing_block[];                          // where a tensor without elements points
static inline void *tern_nothing(void) { return tern_nothing_block; }

// ---- elementwise. Steps are 0 (one element for all) or 1; `out` may be `a` or `b` itself.
int tern_map(tern_unary op, int dtype, const void *x, void *out, int64_t n);
int tern_zip(tern_binary op, int dtype, const void *a, int a_step, const void *b, int b_step, void *out, int64_t n);

// The same over axes whose strides (in elements) differ between operands; out is dense.
typedef struct tern_loop {
  int rank;
  int64_t size[8], a[8], b[8], c[8];
} tern_loop;
int tern_zip_loop(tern_binary op, int dtype, const tern_loop *loop, const void *a, const void *b, void *out);
int tern_where_loop(int element, const tern_loop *loop, const uint8_t *mask, const void *a, const void *b, void *out);
int tern_has_map(tern_unary op, int dtype);
int tern_has_zip(tern_binary op, int dtype);

// Casts; the return is the first position whose value does not fit, or -1.
int64_t tern_cast(int from, const void *x, int to, void *out, int64_t n);

void tern_bf16_text(uint16_t bits, char out[32]);          // digits and an exponent: 1.5e+00
// One number as a half, rounded once.
uint16_t tern_half_of(int dtype, double x);
float tern_of_half(int dtype, uint16_t bits);

// ---- copies: strides in elements, any sign; `out` and `x` do not overlap
int tern_copy(int element, int rank, const int64_t *size, const void *x, const int64_t *x_stride, void *out, const int64_t *out_stride);
void tern_fill(int element, const void *value, void *out, int64_t n);
// position -> out[o, j, :] = x[o, index[j], :]; index is checked
int tern_take(int64_t bytes, const void *x, const int64_t *index, void *out, int64_t outer, int64_t size, int64_t count);
int tern_put(int64_t bytes, void *x, const int64_t *index, const void *v, int64_t outer, int64_t size, int64_t count);
int tern_put_add(int dtype, void *x, const int64_t *index, const void *v, int64_t outer, int64_t size, int64_t count, int64_t inner);
int64_t tern_check_positions(int dtype, const void *index, int64_t *out, int64_t n, int64_t size);   // wraps negatives; first bad or -1
// out[r] = x[r, index[r]]; the first row whose index is out of range, or -1. And zeros with x[r] at [r, index[r]].
// ---- rows at mean 0 and variance 1: (x - mean) / sqrt(variance + eps), and the gradient by x
int tern_standard_rows(int dtype, const void *x, void *out, int64_t rows, int64_t n, double eps);
int tern_standard_rows_gradient(int dtype, const void *x, const void *dy, void *out, int64_t rows, int64_t n, double eps);

int64_t tern_pick(int64_t size, const void *x, const int64_t *index, void *out, int64_t rows, int64_t n);
void tern_unpick(int64_t size, const void *x, const int64_t *index, void *out, int64_t rows, int64_t n);
int64_t tern_true_count(const uint8_t *mask, int64_t n);
void tern_true_positions(const uint8_t *mask, int64_t n, int64_t *out);

// ---- reductions of the middle axis of [outer, n, inner]
int tern_reduce(tern_fold op, int dtype, const void *x, void *out, int64_t outer, int64_t n, int64_t inner);
int tern_arg(int largest, int dtype, const void *x, int64_t *out, int64_t outer, int64_t n, int64_t inner);
int tern_cumsum(int dtype, const void *x, void *out, int64_t outer, int64_t n, int64_t inner, int backwards);
int tern_rows_map(tern_rows op, int dtype, const void *x, void *out, int64_t rows, int64_t n);
// gradients of each row: softmax y (dy - sum(y dy)), its logarithm dy - exp(y) sum(dy)
int tern_rows_gradient(tern_rows op, int dtype, const void *y, const void *dy, void *out, int64_t rows, int64_t n);
// order: positions that sort each row, stably
int tern_argsort(int dtype, const void *x, int64_t *out, int64_t rows, int64_t n, int descending);

// ---- C[m, n] = A B for each of `batch`; any strides for A and B, C dense rows. Library, own kernel: matrix_product.c decides.
typedef struct tern_product {
  int64_t m, n, k, a_row, a_col, b_row, b_col;
  int64_t c_row;                                           // 0: n
  int64_t batch, a_batch, b_batch;
  const void *bias;                                        // floats only: one number a column, added at the end; or null
  int relu;                                                // floats only: at the very end
  int wide;                                                // halves only: C and the bias are f32
  // One product of floats only: C = addend + scale A B, where the addend lies like C, or is C. No scale: one; `minus`: less it.
  const void *addend, *scale;
  int minus;
} tern_product;
// So few rows meet B where it lies, if its rows are dense.
enum { TERN_FEW_ROWS = 48 };
// Products and plans take numbers below the normal range for 0: a processor computes with them a hundred times slower, and the
// gradients of long sequences end there. Of this thread; gives what was before.
int tern_flush_tiny(int flush);
int tern_matmul(int dtype, const tern_product *p, const void *a, const void *b, void *c);
void tern_matmul_own(int own);                             // 1: never a library (tests, measurements)
const char *tern_matmul_library(void);                     // the name of the library in use, loading it

// ---- linear algebra of f32 and f64, by LAPACK: each of `batch` matrices a [m, n], with right sides b [.., k]
typedef enum tern_linear_op {
  TERN_SOLVE, TERN_SOLVE_TRIANGLE, TERN_CHOLESKY, TERN_QR, TERN_SVD, TERN_EIGH, TERN_LEAST_SQUARES, TERN_DET, TERN_LOG_DET, TERN_COFACTORS
} tern_linear_op;
typedef struct tern_linear_system { int64_t m, n, k, batch; int turned, upper; } tern_linear_system;
// The first matrix that could not be worked on, and where in it; `kind` is 0 when all could.
enum {
  TERN_NO_LIBRARY = 1, TERN_STOPPED, TERN_SINGULAR = 4, TERN_NOT_DEFINITE, TERN_NOT_SYMMETRIC, TERN_NOT_FINITE, TERN_NOT_CONVERGED   // or TERN_NO_MEMORY
};
typedef struct tern_linear_fault { int kind; int64_t matrix, place; } tern_linear_fault;
tern_linear_fault tern_linear(tern_linear_op op, int dtype, const tern_linear_system *s, const void *a, const void *b, void *out);

typedef struct tern_ref { int64_t base, offset; } tern_ref;  // of a plan: bytes from where a base begins

// ---- windows that move over images. x [batch, in_h, in_w, in_c], filter [field_h, field_w, in_c / groups, out_c],
// y [batch, out_h, out_w, out_c]; a signal is an image of height 1. Whatever lies in the padding is 0 (of a maximum: not there).
typedef struct tern_window {
  int64_t batch, in_h, in_w, in_c, out_h, out_w, out_c, field_h, field_w, stride_h, stride_w, low_h, low_w, high_h, high_w, dilation_h,
    dilation_w, groups;
} tern_window;
// y of (x, filter), x of (y, filter), filter of (x, y): the three gradients of sum(y * convolve(x, filter)), closed under each other.
typedef enum tern_convolution { TERN_CONVOLVE, TERN_CONVOLVE_INPUT, TERN_CONVOLVE_FILTER } tern_convolution;
// At the end of a y: `bias`, a number a channel (or null), is added; then what is below 0 becomes 0 where `relu`.
int tern_convolve(tern_convolution kind, int dtype, const tern_window *w, const void *a, const void *b, const void *bias, int relu, void *out);
// y of x; x of (x, dy): to the first largest of each window; y of (x, v): v where x is largest first; y of x; x of dy.
typedef enum tern_pools {
  TERN_POOL_MAX, TERN_POOL_MAX_GRADIENT, TERN_POOL_MAX_PICK, TERN_POOL_MEAN, TERN_POOL_MEAN_GRADIENT, TERN_POOLS
} tern_pools;
int tern_pool(tern_pools kind, int dtype, const tern_window *w, const void *x, const void *v, void *out);
typedef struct tern_window_step { int64_t kind, dtype; tern_window window; tern_ref a, b, out, bias; int has_bias, relu; } tern_window_step;
int tern_step_convolve(const void *arguments, char *const *bases);
int tern_step_pool(const void *arguments, char *const *bases);
int64_t tern_refused_bytes(void);                          // what a kernel that returned TERN_NO_MEMORY asked for

// ---- chance: Philox4x32-10. Position i of a stream is a pure function of (key, i), on every machine.
void tern_random_block(uint64_t key, uint64_t low, uint64_t high, uint32_t out[4]);
int tern_random_bits(uint64_t key, uint64_t position, uint32_t *out, int64_t n);
int tern_random_uniform(int dtype, uint64_t key, void *out, int64_t n);
int tern_random_normal(int dtype, uint64_t key, void *out, int64_t n);
int tern_random_int(uint64_t key, int64_t low, uint64_t span, int64_t *out, int64_t n);
int tern_random_permutation(uint64_t key, uint64_t size, uint64_t first, int64_t *out, int64_t n);

// ---- plans (plan.c): steps whose operands are a base and an offset in bytes
typedef struct tern_step { int (*run)(const void *arguments, char *const *bases); const void *arguments; } tern_step;
// The status of the step that stopped it, whose number is then in `stopped`.
int tern_plan_run(const tern_step *steps, int64_t count, char *const *bases, int64_t *stopped);

typedef struct tern_matmul_step {
  int64_t dtype;
  tern_product product;
  tern_ref a, b, out, bias, addend, scale;
  int has_bias, has_addend, has_scale;
} tern_matmul_step;
typedef struct tern_rows_step { int64_t op, dtype, outer, n, inner; tern_ref a, b, out; double eps; } tern_rows_step;
typedef struct tern_copy_step { int element, rank; int64_t size[8], from[8], to[8]; tern_ref a, out; } tern_copy_step;
int tern_step_matmul(const void *arguments, char *const *bases);
int tern_step_reduce(const void *arguments, char *const *bases);
int tern_step_rows(const void *arguments, char *const *bases);
int tern_step_pick(const void *arguments, char *const *bases);
int tern_step_unpick(const void *arguments, char *const *bases);
int tern_step_rows_gradient(const void *arguments, char *const *bases);
int tern_step_standard_rows(const void *arguments, char *const *bases);
int tern_step_standard_rows_gradient(const void *arguments, char *const *bases);
int tern_step_clear(const void *arguments, char *const *bases);   // `n` bytes of zeros
int tern_step_copy(const void *arguments, char *const *bases);

// Elementwise functions of one shape, run block by block. A value is dense in memory, one number, a row that repeats, a column
// whose elements last a row, a block of scratch, one number for each row that is folded, or rows `period` long that lie `apart`
// and are taken or placed.
enum { TERN_FUSED_BLOCK = 512, TERN_FUSED_VALUES = 96, TERN_FUSED_OPS = 64 };
enum { TERN_FUSED_DENSE, TERN_FUSED_NUMBER, TERN_FUSED_ROW, TERN_FUSED_COLUMN, TERN_FUSED_SCRATCH, TERN_FUSED_FOLDED, TERN_FUSED_TAKEN, TERN_FUSED_PLACED };
enum { TERN_FUSED_MAP, TERN_FUSED_ZIP, TERN_FUSED_WHERE, TERN_FUSED_CAST, TERN_FUSED_COPY, TERN_FUSED_FOLD, TERN_FUSED_PRODUCTS, TERN_FUSED_LOGISTIC, TERN_FUSED_BLEND };
typedef struct tern_fused_value { int kind, size, scratch; int64_t period, apart; tern_ref at; } tern_fused_value;
typedef struct tern_fused_op {
  // LOGISTIC: sigmoid to `out`, softplus to `c`. BLEND: a times number c, and b times number d added or, with a code, taken.
  int kind, code, dtype, size, a, b, c, d, out;
  int spreads;                                             // the operand is one number and the result is not
  const void *map, *zip, *where, *fold;                    // of the table in use
} tern_fused_op;
typedef struct tern_fused {
  int64_t n, block;
  int64_t row;                                             // where rows are folded, how long they are; else 0
  int value_count, op_count, scratch_count;
  double cost;                                             // nanoseconds an element
  tern_fused_value values[TERN_FUSED_VALUES];
  tern_fused_op ops[TERN_FUSED_OPS];
} tern_fused;
void tern_fused_prepare(tern_fused *fused);
int tern_step_fused(const void *arguments, char *const *bases);

// ---- one adjoining subject: rows of an arange, made without a loop in Swift
void tern_arange_f64(double start, double step, double *out, int64_t n);
void tern_arange_i64(int64_t start, int64_t step, int64_t *out, int64_t n);
#endif
