// A stable merge sort of positions, row by row; NaN goes last, whichever the direction.
#include "table.h"
#include <stdlib.h>
#include <string.h>

// One long row, too, is left within milliseconds when it has to stop: that is asked every so many elements.
enum { ASK = 0xfffff };

// Not less: does the element at b have to come before the one at a?
#define FIRST_INT(b, a) (descending ? (b) > (a) : (b) < (a))
#define FIRST_FLOAT(b, a) ((a) != (a) ? (b) == (b) : descending ? (b) > (a) : (b) < (a))
#define SORT(T, t, FIRST)                                                                            \
  static void sort_##t(const T *x, int64_t *order, int64_t *spare, int64_t n, int descending) {      \
    enum { RUN = 16 };                                                                               \
    for (int64_t i = 0; i < n; i++) order[i] = i;                                                    \
    for (int64_t s = 0; s < n; s += RUN) {                                                           \
      if ((s & ASK) == 0 && tern_stopped()) return;                                             \
      for (int64_t i = s + 1; i < n && i < s + RUN; i++) {                                           \
        int64_t moving = order[i], j = i;                                                            \
        for (; j > s && FIRST(x[moving], x[order[j - 1]]); j--) order[j] = order[j - 1];             \
        order[j] = moving;                                                                           \
      }                                                                                              \
    }                                                                                                \
    for (int64_t width = RUN; width < n; width *= 2) {                                               \
      for (int64_t s = 0; s < n; s += 2 * width) {                                                   \
        int64_t middle = s + width < n ? s + width : n, stop = s + 2 * width < n ? s + 2 * width : n; \
        int64_t i = s, j = middle, k = s;                                                            \
        while (i < middle && j < stop) {                                                             \
          if ((k & ASK) == 0 && tern_stopped()) return;                                         \
          spare[k++] = FIRST(x[order[j]], x[order[i]]) ? order[j++] : order[i++];                    \
        }                                                                                            \
        while (i < middle) spare[k++] = order[i++];                                                  \
        while (j < stop) spare[k++] = order[j++];                                                    \
      }                                                                                              \
      memcpy(order, spare, (size_t)n * sizeof(int64_t));                                             \
    }                                                                                                \
  }
SORT(uint8_t, u8, FIRST_INT) SORT(int8_t, i8, FIRST_INT) SORT(int32_t, i32, FIRST_INT) SORT(int64_t, i64, FIRST_INT)
SORT(float, f32, FIRST_FLOAT) SORT(double, f64, FIRST_FLOAT)

int tern_argsort(int dtype, const void *x, int64_t *out, int64_t rows, int64_t n, int descending) {
  int64_t *spare = tern_alloc((size_t)(n > 0 ? n : 1) * sizeof(int64_t));
  if (!spare) return -1;
  int stopped = 0;
  for (int64_t r = 0; r < rows && !stopped; r++, out += n) {
    switch (dtype) {
      case TERN_BOOL: case TERN_U8: sort_u8((const uint8_t *)x + r * n, out, spare, n, descending); break;
      case TERN_I8: sort_i8((const int8_t *)x + r * n, out, spare, n, descending); break;
      case TERN_I32: sort_i32((const int32_t *)x + r * n, out, spare, n, descending); break;
      case TERN_I64: sort_i64((const int64_t *)x + r * n, out, spare, n, descending); break;
      case TERN_F32: sort_f32((const float *)x + r * n, out, spare, n, descending); break;
      case TERN_F64: sort_f64((const double *)x + r * n, out, spare, n, descending); break;
    }
    if (tern_stopped()) stopped = 1;  // what is in `out` may be half done
  }
  tern_free(spare, (size_t)(n > 0 ? n : 1) * sizeof(int64_t));
  return stopped ? TERN_INTERRUPTED : TERN_DONE;
}
