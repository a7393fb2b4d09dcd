// Plans: flat arrays of steps run by one loop. Nothing between two steps allocates, locks or retains. What a step reads and
// writes is a base (the arena, an input, an output) and an offset, so that the same steps serve every run.
#include "table.h"
#include <string.h>

static inline char *place(const tern_ref *r, char *const *bases) { return bases[r->base] + r->offset; }

int tern_plan_run(const tern_step *steps, int64_t count, char *const *bases, int64_t *stopped) {
  int status = TERN_DONE, before = tern_flush_tiny(1);
  for (int64_t i = 0; i < count && !status; i++) {
    status = steps[i].run(steps[i].arguments, bases);
    if (status) *stopped = i;
  }
  tern_flush_tiny(before);
  return status;
}

// ---- whole-tensor calls
int tern_step_matmul(const void *p, char *const *bases) {
  const tern_matmul_step *s = p;
  tern_product product = s->product;
  if (s->has_bias) product.bias = place(&s->bias, bases);
  if (s->has_addend) product.addend = place(&s->addend, bases);
  if (s->has_scale) product.scale = place(&s->scale, bases);
  return tern_matmul(s->dtype, &product, place(&s->a, bases), place(&s->b, bases), place(&s->out, bases));
}
int tern_step_reduce(const void *p, char *const *bases) {
  const tern_rows_step *s = p;
  return tern_reduce((tern_fold)s->op, s->dtype, place(&s->a, bases), place(&s->out, bases), s->outer, s->n, s->inner);
}
int tern_step_rows(const void *p, char *const *bases) {
  const tern_rows_step *s = p;
  return tern_rows_map((tern_rows)s->op, s->dtype, place(&s->a, bases), place(&s->out, bases), s->outer, s->n);
}
int tern_step_rows_gradient(const void *p, char *const *bases) {
  const tern_rows_step *s = p;
  return tern_rows_gradient((tern_rows)s->op, s->dtype, place(&s->a, bases), place(&s->b, bases), place(&s->out, bases), s->outer, s->n);
}
int tern_step_standard_rows(const void *p, char *const *bases) {
  const tern_rows_step *s = p;
  return tern_standard_rows(s->dtype, place(&s->a, bases), place(&s->out, bases), s->outer, s->n, s->eps);
}
int tern_step_standard_rows_gradient(const void *p, char *const *bases) {
  const tern_rows_step *s = p;
  return tern_standard_rows_gradient(s->dtype, place(&s->a, bases), place(&s->b, bases), place(&s->out, bases), s->outer, s->n, s->eps);
}
int tern_step_clear(const void *p, char *const *bases) {
  const tern_rows_step *s = p;
  memset(place(&s->out, bases), 0, (size_t)s->n);
  return TERN_DONE;
}
int tern_step_pick(const void *p, char *const *bases) {      // `dtype` is the size of an element
  const tern_rows_step *s = p;
  return tern_pick(s->dtype, place(&s->a, bases), (const int64_t *)place(&s->b, bases), place(&s->out, bases), s->outer, s->n) < 0 ? TERN_DONE : TERN_FAILED;
}
int tern_step_unpick(const void *p, char *const *bases) {
  const tern_rows_step *s = p;
  tern_unpick(s->dtype, place(&s->a, bases), (const int64_t *)place(&s->b, bases), place(&s->out, bases), s->outer, s->n);
  return TERN_DONE;
}
int tern_step_copy(const void *p, char *const *bases) {
  const tern_copy_step *s = p;
  return tern_copy(s->element, s->rank, s->size, place(&s->a, bases), s->from, place(&s->out, bases), s->to);
}
int tern_step_convolve(const void *p, char *const *bases) {
  const tern_window_step *s = p;
  return tern_convolve((tern_convolution)s->kind, (int)s->dtype, &s->window, place(&s->a, bases), place(&s->b, bases),
                       s->has_bias ? place(&s->bias, bases) : NULL, s->relu, place(&s->out, bases));
}
int tern_step_pool(const void *p, char *const *bases) {
  const tern_window_step *s = p;
  return tern_pool((tern_pools)s->kind, (int)s->dtype, &s->window, place(&s->a, bases), place(&s->b, bases), place(&s->out, bases));
}

// ---- fused elementwise functions: each runs on a block that stays in the first cache, one after another
enum { BLOCK = TERN_FUSED_BLOCK, WIDEST = 8 };

void tern_fused_prepare(tern_fused *f) {
  double cost = 0.2;
  for (int k = 0; k < f->op_count; k++) {
    tern_fused_op *o = &f->ops[k];
    switch (o->kind) {
    case TERN_FUSED_MAP:
      o->map = (void *)tern_active->map[o->code][o->dtype];
      cost += o->code == TERN_EXP || o->code == TERN_LOG || o->code == TERN_TANH || o->code == TERN_SIGMOID ? 0.4 : o->code <= TERN_RSQRT || o->code >= TERN_RELU ? 0.06 : 3;
      break;
    case TERN_FUSED_ZIP: o->zip = (void *)tern_active->zip[o->code][o->dtype]; cost += o->code == TERN_POW || o->code == TERN_ATAN2 ? 10 : 0.06; break;
    case TERN_FUSED_PRODUCTS: o->zip = (void *)tern_active->products_rows[o->dtype]; // fall through
    case TERN_FUSED_FOLD: o->fold = (void *)tern_active->fold[o->code][o->dtype]; cost += 0.06; break;
    case TERN_FUSED_LOGISTIC: o->map = (void *)tern_active->logistic[o->dtype]; cost += 0.5; break;
    case TERN_FUSED_BLEND: o->zip = (void *)tern_active->blend[o->dtype]; cost += 0.06; break;
    case TERN_FUSED_WHERE: o->where = (void *)tern_active->where[o->size]; cost += 0.1; break;
    default: cost += 0.1;
    }
  }
  // What is read and written lies in the second cache.
  for (int k = 0; k < f->value_count; k++) {
    int kind = f->values[k].kind;
    if (kind == TERN_FUSED_DENSE || kind == TERN_FUSED_TAKEN || kind == TERN_FUSED_PLACED) cost += 0.02 * f->values[k].size;
  }
  f->cost = cost;
}

// A row again and again, or each element of a column as often as a row is long.
static void repeat_row(char *out, const char *row, int64_t n, int64_t period, int64_t at, int64_t size) {
  while (n > 0) {
    int64_t run = period - at < n ? period - at : n;
    memcpy(out, row + at * size, (size_t)(run * size));
    out += run * size;
    n -= run;
    at = 0;
  }
}
static void spread_column(char *out, const char *column, int64_t n, int64_t width, int64_t at, int64_t size) {
  int64_t row = at / width, left = width - at % width;
  while (n > 0) {
    int64_t run = left < n ? left : n;
    tern_fill((int)size, column + row * size, out, run);
    out += run * size;
    n -= run;
    left = width;
    row++;
  }
}

// Between a block and the rows that it stands for, which lie apart from each other.
static void move_rows(const tern_fused_value *v, char *block, char *base, int64_t begin, int64_t n) {
  int64_t at = begin % v->period;
  char *row = base + begin / v->period * v->apart * v->size;
  while (n > 0) {
    int64_t run = v->period - at < n ? v->period - at : n;
    size_t bytes = (size_t)(run * v->size);
    if (v->kind == TERN_FUSED_TAKEN) memcpy(block, row + at * v->size, bytes);
    else memcpy(row + at * v->size, block, bytes);
    block += bytes;
    row += v->apart * v->size;
    n -= run;
    at = 0;
  }
}
// A block of them that lies in one row needs no move.
static char *in_row(const tern_fused_value *v, char *base, int64_t begin, int64_t n) {
  int64_t at = begin % v->period;
  return at + n <= v->period ? base + (begin / v->period * v->apart + at) * v->size : NULL;
}

static void put_back(const tern_fused_value *v, char *block, char *base, int64_t begin, int64_t n) {
  if (v->kind == TERN_FUSED_PLACED && !in_row(v, base, begin, n)) move_rows(v, block, base, begin, n);
}

// Rows of a block become numbers, or rows of the products of two blocks.
static void fold(const tern_fused_op *o, const char *a, const char *b, char *out, int64_t rows, int64_t n) {
  if (o->kind == TERN_FUSED_FOLD) ((tern_fold_fn)o->fold)(a, out, rows, n, 1);
  else ((tern_products_fn)o->zip)(a, b, out, rows, n);
}
// Of a row longer than a block, a block is a part: its number joins that of the parts before.
static void fold_rows(const tern_fused_op *o, const char *a, const char *b, char *out, int64_t row, int64_t begin, int64_t n) {
  int64_t rows = n / row, whole = begin % row == 0;
  char parts[2 * WIDEST];
  out += begin / row * o->size;
  if (rows > 0 || whole) { fold(o, a, b, out, rows > 0 ? rows : 1, rows > 0 ? row : n); return; }
  memcpy(parts, out, (size_t)o->size);
  fold(o, a, b, parts + o->size, 1, n);
  ((tern_fold_fn)o->fold)(parts, out, 1, 2, 1);
}

typedef struct fused_call { const tern_fused *f; char *const *bases; } fused_call;

static void fused_blocks(void *pointer, int64_t first, int64_t last) {
  const fused_call *c = pointer;
  const tern_fused *f = c->f;
  char *scratch = tern_scratch((size_t)f->scratch_count * BLOCK * WIDEST);
  char *value[TERN_FUSED_VALUES];
  int step[TERN_FUSED_VALUES];
  char *base[TERN_FUSED_VALUES];
  for (int k = 0; k < f->value_count; k++) {
    const tern_fused_value *v = &f->values[k];
    base[k] = v->kind == TERN_FUSED_SCRATCH ? scratch + (int64_t)v->scratch * BLOCK * WIDEST : place(&v->at, c->bases);
    value[k] = base[k];
    step[k] = v->kind != TERN_FUSED_NUMBER;
  }
  // What is shared by threads are blocks, or rows where a row is several blocks.
  int64_t share = f->row > f->block ? f->row : f->block, begin = first * share, end = last * share < f->n ? last * share : f->n;
  for (int64_t n; begin < end; begin += n) {
    n = end - begin < f->block ? end - begin : f->block;
    if (share > f->block && n > f->row - begin % f->row) n = f->row - begin % f->row;
    for (int k = 0; k < f->value_count; k++) {
      const tern_fused_value *v = &f->values[k];
      switch (v->kind) {
      case TERN_FUSED_DENSE: value[k] = base[k] + begin * v->size; break;
      case TERN_FUSED_ROW: {
        int64_t at = begin % v->period;
        if (at + n <= v->period) { value[k] = base[k] + at * v->size; break; }
        value[k] = scratch + (int64_t)v->scratch * BLOCK * WIDEST;
        if (f->block % v->period || share > f->block || begin == first * share) repeat_row(value[k], base[k], n, v->period, at, v->size);
        break;
      }
      case TERN_FUSED_COLUMN:
        value[k] = scratch + (int64_t)v->scratch * BLOCK * WIDEST;
        spread_column(value[k], base[k], n, v->period, begin, v->size);
        break;
      case TERN_FUSED_TAKEN: case TERN_FUSED_PLACED:
        value[k] = in_row(v, base[k], begin, n);
        if (value[k]) break;
        value[k] = scratch + (int64_t)v->scratch * BLOCK * WIDEST;
        if (v->kind == TERN_FUSED_TAKEN) move_rows(v, value[k], base[k], begin, n);
        break;
      default: break;
      }
    }
    for (int k = 0; k < f->op_count; k++) {
      const tern_fused_op *o = &f->ops[k];
      switch (o->kind) {
      case TERN_FUSED_MAP: ((tern_map_fn)o->map)(value[o->a], value[o->out], step[o->a] ? n : 1); break;
      case TERN_FUSED_ZIP: ((tern_zip_fn)o->zip)(value[o->a], step[o->a], value[o->b], step[o->b], value[o->out], n); break;
      case TERN_FUSED_WHERE:
        ((void (*)(const uint8_t *, int, const void *, int, const void *, int, void *, int64_t))o->where)(
          (const uint8_t *)value[o->c], step[o->c], value[o->a], step[o->a], value[o->b], step[o->b], value[o->out], n);
        break;
      case TERN_FUSED_CAST: tern_cast(o->dtype, value[o->a], o->code, value[o->out], step[o->a] ? n : 1); break;
      case TERN_FUSED_FOLD: case TERN_FUSED_PRODUCTS: fold_rows(o, value[o->a], value[o->b], value[o->out], f->row, begin, n); break;
      case TERN_FUSED_LOGISTIC:
        ((void (*)(const void *, void *, void *, int64_t))o->map)(value[o->a], value[o->out], value[o->c], n);
        put_back(&f->values[o->c], value[o->c], base[o->c], begin, n);
        break;
      case TERN_FUSED_BLEND:
        ((void (*)(const void *, const void *, const void *, const void *, int, void *, int64_t))o->zip)(
          value[o->a], o->c < 0 ? NULL : value[o->c], value[o->b], o->d < 0 ? NULL : value[o->d], o->code, value[o->out], n);
        break;
      case TERN_FUSED_COPY:
        if (step[o->a]) memcpy(value[o->out], value[o->a], (size_t)(n * o->size));
        else tern_fill(o->size, value[o->a], value[o->out], n);
        break;
      }
      if (o->spreads) tern_fill(o->size, value[o->out], value[o->out], n);
      put_back(&f->values[o->out], value[o->out], base[o->out], begin, n);
    }
  }
}

int tern_step_fused(const void *p, char *const *bases) {
  const tern_fused *f = p;
  fused_call c = {f, bases};
  int64_t share = f->row > f->block ? f->row : f->block, shares = (f->n + share - 1) / share;
  if (shares <= 1) { fused_blocks(&c, 0, shares); return TERN_DONE; }
  return tern_parallel(fused_blocks, &c, shares, f->cost * (double)share);
}
