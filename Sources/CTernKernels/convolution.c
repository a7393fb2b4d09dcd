// Who convolves is decided here: oneDNN (f32, from about 64³ multiply-adds) where it has code for the shape; else the own way.
//
// The own way lays nothing out: the images are copied, with their padding, in bands that stay in the second cache; a matrix
// kernel walks over a band by offsets, so that the products of a convolution are those of a matrix it never sees. The input's
// gradient is such a walk over y, spread by the stride, with the filter turned; the filter's walks over pixels instead of
// places. Results do not depend on the number of threads.
#include "one_dnn.h"
#include "table.h"
#include <string.h>

static const int element_size[TERN_DTYPES] = {1, 1, 1, 4, 8, 2, 2, 4, 8};
static inline const void *at(const void *p, int64_t bytes) { return (const char *)p + bytes; }
static inline void *to(void *p, int64_t bytes) { return (char *)p + bytes; }
static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t up(int64_t n, int64_t step) { return (n + step - 1) / step * step; }

static inline int64_t times(int64_t a, int64_t b) { int64_t n; return __builtin_mul_overflow(a, b, &n) ? INT64_MAX / 4 : n; }

// What a call asked for in vain, on whichever thread.
typedef _Atomic int64_t lack;
static _Thread_local int64_t refused;
int64_t tern_refused_bytes(void) { return refused; }
static void *room(int64_t bytes, lack *lacking) {
  void *memory = bytes < INT64_MAX / 4 ? tern_alloc((size_t)bytes) : NULL;
  if (!memory) *lacking = bytes;
  return memory;
}
static int ended(int status, const lack *lacking) {
  if (!*lacking) return tern_stopped() ? TERN_INTERRUPTED : status;
  refused = *lacking;
  return TERN_NO_MEMORY;
}

// A filter's walk: image [in_h, in_w, in_c], spread apart by zeros and padded in front, results [out_h, out_w].
typedef struct walk {
  int64_t in_h, in_w, in_c, spread_h, spread_w, low_h, low_w, out_h, out_w, field_h, field_w, stride_h, stride_w, dilation_h, dilation_w;
  int64_t size;                                            // bytes of an element
  // derived: what a band of results takes
  int64_t band_rows, band_cols, bands_h, bands_w, rows, cols, bytes;
} walk;

enum { BAND_BYTES = 256 * 1024, BAND_PIXELS = 1024, BAND_COLS = 512 };

static void cut(walk *k) {
  int64_t extent_h = (k->field_h - 1) * k->dilation_h + 1, extent_w = (k->field_w - 1) * k->dilation_w + 1;
  int64_t pixel = times(k->in_c, k->size), fitting = (BAND_BYTES / pixel - extent_w) / k->stride_w + 1;
  k->band_cols = least(k->out_w, fitting < 16 ? 16 : least(fitting, BAND_COLS));
  k->cols = (k->band_cols - 1) * k->stride_w + extent_w;
  int64_t line = times(k->cols, pixel), most = (BAND_BYTES / line - extent_h) / k->stride_h + 1;
  k->band_rows = k->band_cols < k->out_w ? 1 : least(k->out_h, least(BAND_PIXELS / k->band_cols, most));
  if (k->band_rows < 1) k->band_rows = 1;
  k->rows = (k->band_rows - 1) * k->stride_h + extent_h;
  k->bytes = times(k->rows, line);
  if (k->bytes < INT64_MAX / 8) k->bytes = up(k->bytes, 64);
  k->bands_h = (k->out_h + k->band_rows - 1) / k->band_rows;
  k->bands_w = (k->out_w + k->band_cols - 1) / k->band_cols;
}

// The place of one image's index: -1 in padding and between what is spread apart.
static inline int64_t source(int64_t place, int64_t spread, int64_t size) {
  return place < 0 || place % spread || place / spread >= size ? -1 : place / spread;
}

// Copies a band whose results begin at (i, j), padding included.
static void fill(const walk *k, const char *image, char *band, int64_t i, int64_t j) {
  int64_t pixel = k->in_c * k->size, line = k->cols * pixel, left = j * k->stride_w - k->low_w;
  for (int64_t r = 0; r < k->rows; r++, band += line) {
    int64_t row = source(i * k->stride_h - k->low_h + r, k->spread_h, k->in_h);
    if (row < 0) { memset(band, 0, (size_t)line); continue; }
    const char *from = image + row * k->in_w * pixel;
    if (k->spread_w == 1) {
      int64_t first = left < 0 ? least(-left, k->cols) : 0, end = k->in_w - left < k->cols ? k->in_w - left : k->cols;
      if (end < first) end = first;
      memset(band, 0, (size_t)(first * pixel));
      memcpy(band + first * pixel, from + (left + first) * pixel, (size_t)((end - first) * pixel));
      memset(band + end * pixel, 0, (size_t)((k->cols - end) * pixel));
      continue;
    }
    memset(band, 0, (size_t)line);
    for (int64_t p = 0; p < k->cols; p++) {
      int64_t col = source(left + p, k->spread_w, k->in_w);
      if (col >= 0) memcpy(band + p * pixel, from + col * pixel, (size_t)pixel);
    }
  }
}

// Where the pixels of a band's results, and the places of the filter, lie in it, in elements.
static int64_t pixel_offsets(const walk *k, int64_t rows, int64_t cols, int64_t *out) {
  int64_t n = 0;
  for (int64_t i = 0; i < rows; i++)
    for (int64_t j = 0; j < cols; j++) out[n++] = (i * k->stride_h * k->cols + j * k->stride_w) * k->in_c;
  return n;
}
static void place_offsets(const walk *k, int64_t channels, int64_t *out) {
  for (int64_t i = 0; i < k->field_h; i++)
    for (int64_t j = 0; j < k->field_w; j++)
      for (int64_t c = 0; c < channels; c++) *out++ = (i * k->dilation_h * k->cols + j * k->dilation_w) * k->in_c + c;
}

// ---- results pixel by pixel: y, and x's gradient
typedef struct forward_call {
  walk k;
  int dtype, relu;
  lack lacking;
  const void *image, *filter, *bias;                       // the filter in panels: [groups, panels, places, columns]
  void *out;
  int64_t groups, channels, cols, places, panels, columns; // per group: channels in, columns out
} forward_call;

static void forward_part(void *pointer, int64_t begin, int64_t end) {
  forward_call *c = pointer;
  const walk *k = &c->k;
  int64_t size = k->size, pixels = k->band_rows * k->band_cols, band = k->bytes, total = c->groups * c->cols;
  int64_t bytes = band + (2 * pixels + c->places) * 8;
  char *memory = room(bytes, &c->lacking);
  if (!memory) return;
  int64_t *places = (int64_t *)(memory + band), *offsets = places + c->places;
  const void **from = (const void **)(offsets + pixels);
  place_offsets(k, c->channels, places);
  for (int64_t u = begin; u < end; u++) {
    int64_t image = u / (k->bands_h * k->bands_w), i = u / k->bands_w % k->bands_h * k->band_rows, j = u % k->bands_w * k->band_cols;
    int64_t rows = least(k->band_rows, k->out_h - i), cols = least(k->band_cols, k->out_w - j);
    fill(k, at(c->image, image * k->in_h * k->in_w * k->in_c * size), memory, i, j);
    int64_t n = pixel_offsets(k, rows, cols, offsets);
    char *to_pixels = to(c->out, ((image * k->out_h + i) * k->out_w + j) * total * size);
    for (int64_t g = 0; g < c->groups; g++) {
      for (int64_t p = 0; p < n; p++) from[p] = memory + (offsets[p] + g * c->channels) * size;
      tern_active->reach[c->dtype](
        from, n, places, c->places, at(c->filter, g * c->panels * c->places * c->columns * size), c->columns, c->places * c->columns, c->cols,
        to_pixels + g * c->cols * size, total, 0);
    }
    tern_product ends = {.m = n, .n = total, .c_row = total, .bias = c->bias, .relu = c->relu};
    if (c->bias || c->relu) tern_active->finish[c->dtype](&ends, to_pixels);
  }
  tern_free(memory, (size_t)bytes);
}

#define PANELS(T, t)                                                                                                         \
  /* y: places (place, channel in) by channels out; x's gradient: places backwards and channels out by channels in. */      \
  static void panels_##t(const tern_window *w, int turned, const T *filter, T *out, int64_t columns) {                      \
    int64_t in = w->in_c / w->groups, last = w->out_c / w->groups, field = w->field_h * w->field_w;                          \
    int64_t cols = turned ? in : last, inner = turned ? last : in;                                                           \
    for (int64_t g = 0; g < w->groups; g++)                                                                                  \
      for (int64_t j = 0; j < cols; j += columns)                                                                            \
        for (int64_t f = 0; f < field; f++)                                                                                  \
          for (int64_t c = 0; c < inner; c++, out += columns) {                                                              \
            int64_t n = least(columns, cols - j);                                                                            \
            if (turned) for (int64_t p = 0; p < n; p++) out[p] = filter[((field - 1 - f) * in + j + p) * w->out_c + g * last + c]; \
            else memcpy(out, filter + (f * in + c) * w->out_c + g * last + j, (size_t)n * sizeof(T));                        \
            for (int64_t p = n; p < columns; p++) out[p] = 0;                                                                \
          }                                                                                                                  \
  }
PANELS(float, f32)
PANELS(double, f64)

static walk walk_of(const tern_window *w, int dtype) {
  walk k = {w->in_h, w->in_w, w->in_c, 1, 1, w->low_h, w->low_w, w->out_h, w->out_w, w->field_h, w->field_w, w->stride_h, w->stride_w,
            w->dilation_h, w->dilation_w, element_size[dtype]};
  cut(&k);
  return k;
}
static walk walk_back(const tern_window *w, int dtype) {
  walk k = {w->out_h, w->out_w, w->out_c, w->stride_h, w->stride_w, (w->field_h - 1) * w->dilation_h - w->low_h,
            (w->field_w - 1) * w->dilation_w - w->low_w, w->in_h, w->in_w, w->field_h, w->field_w, 1, 1, w->dilation_h, w->dilation_w,
            element_size[dtype]};
  cut(&k);
  return k;
}

static int forward(int turned, int dtype, const tern_window *w, const void *image, const void *filter, const void *bias, int relu, void *out) {
  int64_t in = w->in_c / w->groups, last = w->out_c / w->groups, columns = tern_active->reach_columns[dtype];
  forward_call c = {.k = turned ? walk_back(w, dtype) : walk_of(w, dtype), .dtype = dtype, .relu = relu, .image = image, .bias = bias, .out = out, .groups = w->groups,
                    .channels = turned ? last : in, .cols = turned ? in : last, .columns = columns};
  c.places = w->field_h * w->field_w * c.channels;
  c.panels = (c.cols + columns - 1) / columns;
  int64_t bytes = w->groups * c.panels * c.places * columns * c.k.size;
  void *panels = room(bytes, &c.lacking);
  if (!panels) return ended(0, &c.lacking);
  if (dtype == TERN_F32) panels_f32(w, turned, filter, panels, columns);
  else panels_f64(w, turned, filter, panels, columns);
  c.filter = panels;
  double each = 100 + 0.02 * (double)(c.k.band_rows * c.k.band_cols) * (double)(c.places * c.cols * c.groups);
  int status = tern_parallel(forward_part, &c, w->batch * c.k.bands_h * c.k.bands_w, each);
  tern_free(panels, (size_t)bytes);
  return ended(status, &c.lacking);
}

// ---- the filter's gradient: images in a fixed number of parts, whose sums are added in order
enum { PARTS = 8, PARTS_BYTES = 8 << 20 };
typedef struct filter_call {
  walk k;
  const tern_window *w;
  int dtype;
  lack lacking;
  const void *image, *dy;
  char *sums;
  int64_t parts, slices, places, columns;
} filter_call;

// dy's columns that do not fill a panel, with zeros beside them.
static void edge(const char *dy, int64_t n, int64_t row, int64_t width, char *out, int64_t out_row) {
  for (int64_t p = 0; p < n; p++, dy += row, out += out_row) {
    memcpy(out, dy, (size_t)width);
    memset(out + width, 0, (size_t)(out_row - width));
  }
}

static void filter_part(void *pointer, int64_t begin, int64_t end) {
  filter_call *c = pointer;
  const walk *k = &c->k;
  const tern_window *w = c->w;
  int64_t size = k->size, pixels = k->band_rows * k->band_cols, band = k->bytes;
  int64_t edges = pixels * c->columns * size, bytes = band + edges + (pixels + 2 * c->places) * 8;
  char *memory = room(bytes, &c->lacking);
  if (!memory) return;
  char *edged = memory + band;
  int64_t *offsets = (int64_t *)(edged + edges), *places = offsets + pixels;
  const void **from = (const void **)(places + c->places);
  int64_t in = w->in_c / w->groups, last = w->out_c / w->groups, whole = last / c->columns * c->columns;
  place_offsets(k, in, places);
  for (int64_t u = begin; u < end; u++) {
    int64_t part = u / c->slices, slice = u % c->slices, first = c->places * slice / c->slices, places_end = c->places * (slice + 1) / c->slices;
    char *sum = c->sums + part * c->places * w->out_c * size;
    memset(sum + first * w->out_c * size, 0, (size_t)((places_end - first) * w->out_c * size));
    for (int64_t image = w->batch * part / c->parts; image < w->batch * (part + 1) / c->parts; image++)
      for (int64_t i = 0; i < k->out_h && !tern_stopped(); i += k->band_rows)
        for (int64_t j = 0; j < k->out_w; j += k->band_cols) {
          fill(k, at(c->image, image * k->in_h * k->in_w * k->in_c * size), memory, i, j);
          int64_t n = pixel_offsets(k, least(k->band_rows, k->out_h - i), least(k->band_cols, k->out_w - j), offsets);
          const char *dy = at(c->dy, ((image * k->out_h + i) * k->out_w + j) * w->out_c * size);
          for (int64_t g = 0; g < w->groups; g++, dy += last * size) {
            for (int64_t p = first; p < places_end; p++) from[p - first] = memory + (places[p] + g * in) * size;
            char *out = sum + (first * w->out_c + g * last) * size;
            if (whole) tern_active->reach[c->dtype](from, places_end - first, offsets, n, dy, w->out_c, c->columns, whole, out, w->out_c, 1);
            if (whole == last) continue;
            edge(dy + whole * size, n, w->out_c * size, (last - whole) * size, edged, c->columns * size);
            tern_active->reach[c->dtype](from, places_end - first, offsets, n, edged, c->columns, 0, last - whole, out + whole * size, w->out_c, 1);
          }
        }
  }
  tern_free(memory, (size_t)bytes);
}

static int filter(int dtype, const tern_window *w, const void *x, const void *dy, void *out) {
  int64_t places = w->field_h * w->field_w * (w->in_c / w->groups), count = places * w->out_c, bytes = count * element_size[dtype];
  filter_call c = {.k = walk_of(w, dtype), .w = w, .dtype = dtype, .image = x, .dy = dy, .places = places, .columns = tern_active->reach_columns[dtype]};
  c.parts = least(PARTS_BYTES / bytes, least(PARTS, w->batch));
  if (c.parts < 2) c.parts = 1;
  c.slices = least((PARTS + c.parts - 1) / c.parts, (places + 47) / 48);
  c.sums = c.parts == 1 ? out : room(c.parts * bytes, &c.lacking);
  if (!c.sums) return ended(0, &c.lacking);
  double each = 100 + 0.02 * (double)w->batch * (double)(w->out_h * w->out_w) * (double)count / (double)(c.parts * c.slices);
  int status = tern_parallel(filter_part, &c, c.parts * c.slices, each);
  if (c.parts == 1) return ended(status, &c.lacking);
  memcpy(out, c.sums, (size_t)bytes);
  for (int64_t part = 1; part < c.parts && !status && !c.lacking; part++) status = tern_zip(TERN_ADD, dtype, out, 1, c.sums + part * bytes, 1, out, count);
  tern_free(c.sums, (size_t)(c.parts * bytes));
  return ended(status, &c.lacking);
}

// ---- who does it
static int library = -1;

// oneDNN takes what is big enough to repay it, whose numbers fit its ints and whose padding is less than the filter.
static int suits_library(const tern_window *w, double work) {
  if (work < 64.0 * 64 * 64 || tern_matmul_is_own()) return 0;
  double most = INT32_MAX;
  double x = (double)w->batch * (double)w->in_h * (double)w->in_w * (double)w->in_c, y = (double)w->batch * (double)w->out_h * (double)w->out_w * (double)w->out_c;
  int64_t extent_h = (w->field_h - 1) * w->dilation_h + 1, extent_w = (w->field_w - 1) * w->dilation_w + 1;
  if (x > most || y > most || extent_h + w->low_h + w->high_h > INT32_MAX || extent_w + w->low_w + w->high_w > INT32_MAX) return 0;
  if (w->low_h >= extent_h || w->high_h >= extent_h || w->low_w >= extent_w || w->high_w >= extent_w) return 0;
  if (library < 0) {
    if (tern_thread_count() == 1) return 0;                // only the computing thread loads and enters a library
    library = tern_dnnl_load();
  }
  return library;
}

// A call cannot be stopped, so a big one is cut into images that take about 40 ms on one core. -1 when it is for the own way.
static int by_library(tern_convolution kind, const tern_window *given, const void *a, const void *b, const void *bias, int relu, void *out, double work) {
  if (!suits_library(given, work)) return -1;
  double image = work / (double)given->batch;
  int64_t most = work < 2e9 ? given->batch : (int64_t)(2e9 / image) + 1;
  int64_t x = given->in_h * given->in_w * given->in_c, y = given->out_h * given->out_w * given->out_c;
  int64_t size = given->field_h * given->field_w * (given->in_c / given->groups) * given->out_c;
  void *sum = NULL;
  lack lacking = 0;
  int status = TERN_DONE;
  for (int64_t i = 0; i < given->batch && !status; i += most) {
    if (i > 0 && tern_stopped()) { status = TERN_INTERRUPTED; break; }
    tern_window w = *given;
    w.batch = least(most, given->batch - i);
    const float *p = (const float *)a + i * (kind == TERN_CONVOLVE_INPUT ? y : x), *q = kind == TERN_CONVOLVE_FILTER ? (const float *)b + i * y : b;
    float *part = (float *)out + i * (kind == TERN_CONVOLVE ? y : kind == TERN_CONVOLVE_INPUT ? x : 0);
    if (kind == TERN_CONVOLVE_FILTER && i > 0) {
      if (!sum && !(sum = room(size * 4, &lacking))) return ended(0, &lacking);
      part = sum;
    }
    // All parts go one way: what the library refuses of the first it refuses of all.
    status = tern_dnnl_convolve(kind, &w, p, q, bias, relu, part);
    if (part == sum && !status) status = tern_zip(TERN_ADD, TERN_F32, out, 1, sum, 1, out, size);
  }
  if (sum) tern_free(sum, (size_t)size * 4);
  return status;
}

int tern_convolve(tern_convolution kind, int dtype, const tern_window *w, const void *a, const void *b, const void *bias, int relu, void *out) {
  int64_t filters = w->field_h * w->field_w * (w->in_c / w->groups) * w->out_c;
  double work = (double)w->batch * (double)w->out_h * (double)w->out_w * (double)filters;
  int64_t results = kind == TERN_CONVOLVE ? w->batch * w->out_h * w->out_w * w->out_c : kind == TERN_CONVOLVE_FILTER ? filters : w->batch * w->in_h * w->in_w * w->in_c;
  if (results == 0) return TERN_DONE;
  if (work == 0) {                                         // sums of nothing
    memset(out, 0, (size_t)(results * element_size[dtype]));
    if (!bias && !relu) return TERN_DONE;
    tern_product ends = {.m = results / w->out_c, .n = w->out_c, .c_row = w->out_c, .bias = bias, .relu = relu};
    tern_active->finish[dtype](&ends, out);
    return TERN_DONE;
  }
  if (dtype == TERN_F32) {
    int status = by_library(kind, w, a, b, bias, relu, out, work);
    if (status >= 0) return status;
  }
  if (kind == TERN_CONVOLVE_FILTER) return filter(dtype, w, a, b, out);
  return forward(kind == TERN_CONVOLVE_INPUT, dtype, w, a, b, bias, relu, out);
}

// ---- pools
typedef struct pool_call { tern_pool_fn run; const tern_window *w; const void *x, *v; void *out; } pool_call;
static void pool_part(void *pointer, int64_t begin, int64_t end) {
  const pool_call *c = pointer;
  c->run(c->w, c->x, c->v, c->out, begin, end);
}
int tern_pool(tern_pools kind, int dtype, const tern_window *w, const void *x, const void *v, void *out) {
  if (w->batch == 0 || w->in_c == 0) return TERN_DONE;
  int by_image = kind == TERN_POOL_MAX_GRADIENT || kind == TERN_POOL_MEAN_GRADIENT;
  pool_call c = {tern_active->pool[kind][dtype], w, x, v, out};
  double row = 5 + 0.05 * element_size[dtype] * (double)w->out_w * (double)(w->field_h * w->field_w) * (double)w->in_c;
  return tern_parallel(pool_part, &c, by_image ? w->batch : w->batch * w->out_h, by_image ? row * (double)w->out_h : row);
}
