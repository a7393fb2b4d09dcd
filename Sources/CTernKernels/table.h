// The functions one instruction set provides. kernels.inc fills one such table each time it is compiled.
#ifndef TERN_TABLE_H
#define TERN_TABLE_H
#include "tern_kernels.h"

typedef void (*tern_map_fn)(const void *x, void *out, int64_t n);
typedef void (*tern_zip_fn)(const void *a, int a_step, const void *b, int b_step, void *out, int64_t n);
typedef void (*tern_fold_fn)(const void *x, void *out, int64_t outer, int64_t n, int64_t inner);
typedef void (*tern_products_fn)(const void *a, const void *b, void *out, int64_t rows, int64_t n);
typedef void (*tern_rows_fn)(const void *x, void *out, int64_t rows, int64_t n);
typedef void (*tern_gemm_fn)(const tern_product *p, const void *a, const void *b, void *c);

// C[rows, cols] += A B, where A's element [r, p] is from[r][offset[p]]: an image seen through a moving filter, never laid out. Row p
// of a panel of B is at b + p * b_row, the next panel at b + panel.
typedef void (*tern_reach_fn)(const void *const *from, int64_t rows, const int64_t *offset, int64_t k, const void *b, int64_t b_row, int64_t panel,
                              int64_t cols, void *c, int64_t c_row, int add);
// Windows of images [begin, end), or of their rows of results.
typedef void (*tern_pool_fn)(const tern_window *w, const void *x, const void *v, void *out, int64_t begin, int64_t end);

typedef struct tern_table {
  tern_map_fn map[TERN_UNARY_COUNT][TERN_DTYPES];
  tern_zip_fn zip[TERN_BINARY_COUNT][TERN_DTYPES];
  void (*logistic[TERN_DTYPES])(const void *x, void *sigmoid, void *softplus, int64_t n);
  void (*blend[TERN_DTYPES])(const void *x, const void *a, const void *y, const void *b, int minus, void *out, int64_t n);   // x a + y b; a null factor is 1
  tern_fold_fn fold[TERN_FOLD_COUNT][TERN_DTYPES];
  tern_products_fn products_rows[TERN_DTYPES];             // the sum of a row's products
  tern_rows_fn rows[TERN_ROWS_COUNT][TERN_DTYPES];
  void (*rows_gradient[TERN_ROWS_COUNT][TERN_DTYPES])(const void *y, const void *dy, void *out, int64_t rows, int64_t n);
  void (*standard_rows[TERN_DTYPES])(const void *x, void *out, int64_t rows, int64_t n, double eps);
  void (*standard_rows_gradient[TERN_DTYPES])(const void *x, const void *dy, void *out, int64_t rows, int64_t n, double eps);
  void (*where[9])(const uint8_t *mask, int mask_step, const void *a, int a_step, const void *b, int b_step, void *out, int64_t n);
  void (*widen[TERN_DTYPES])(const uint16_t *x, float *out, int64_t n);     // halves to f32 and back, rounded
  void (*narrow[TERN_DTYPES])(const float *x, uint16_t *out, int64_t n);
  tern_gemm_fn gemm[TERN_DTYPES];                          // one matrix, one thread
  tern_reach_fn reach[TERN_DTYPES];                        // convolution.inc
  int reach_columns[TERN_DTYPES];                          // columns of B side by side in its panels
  tern_pool_fn pool[TERN_POOLS][TERN_DTYPES];
  void (*finish[TERN_DTYPES])(const tern_product *p, void *c);   // bias and relu
  double (*sum_f32)(const float *x, int64_t n);            // a chunk of a long sum
  double (*sum_f64)(const double *x, int64_t n);
  void (*random_words)(uint64_t key, uint64_t first, uint64_t *out, int64_t blocks);
  void (*random_center)(const double *p, double *out, int64_t n);
} tern_table;

void *tern_scratch(size_t bytes);                          // of this thread, until its next call

extern const tern_table tern_table_base, tern_table_avx2, tern_table_avx512;
extern const tern_table *tern_active;

// ---- threads (threads.c)
typedef void (*tern_task)(void *context, int64_t begin, int64_t end);
// Runs task over [0, count): in slices short enough to be interrupted, each shared by the team when it is worth it.
int tern_parallel(tern_task task, void *context, int64_t count, double nanoseconds_each);
void tern_note_threads(int threads);                        // that something took
#endif
