// oneDNN's matrix product and convolutions: a primitive for each shape, made once and kept. The library is loaded at the first
// big one; the headers say which version's calls these are.
#include "one_dnn.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#if __has_include(<oneapi/dnnl/dnnl.h>)
#include <oneapi/dnnl/dnnl.h>

#define CALLS(X)                                                                                            \
  X(dnnl_engine_create) X(dnnl_stream_create) X(dnnl_memory_create) X(dnnl_memory_set_data_handle) X(dnnl_primitive_create)  \
  X(dnnl_primitive_execute) X(dnnl_primitive_desc_destroy) X(dnnl_primitive_attr_create) X(dnnl_primitive_attr_destroy) X(dnnl_primitive_attr_set_post_ops) \
  X(dnnl_post_ops_create) X(dnnl_post_ops_destroy) X(dnnl_post_ops_append_eltwise) X(dnnl_post_ops_append_sum) X(dnnl_post_ops_append_binary) X(dnnl_primitive_desc_query)            \
  X(dnnl_primitive_desc_query_md) X(dnnl_reorder_primitive_desc_create) X(dnnl_memory_desc_get_size) X(dnnl_memory_desc_equal) VERSIONED(X)
#if DNNL_VERSION_MAJOR >= 3
#define VERSIONED(X)                                                                                        \
  X(dnnl_memory_desc_create_with_strides) X(dnnl_memory_desc_create_with_tag) X(dnnl_matmul_primitive_desc_create)          \
  X(dnnl_memory_desc_destroy) X(dnnl_primitive_attr_set_scales_mask) X(dnnl_convolution_forward_primitive_desc_create)                                             \
  X(dnnl_convolution_backward_data_primitive_desc_create) X(dnnl_convolution_backward_weights_primitive_desc_create)
#define LIBRARY "libdnnl.so.3"
#else
#define VERSIONED(X)                                                                                        \
  X(dnnl_memory_desc_init_by_strides) X(dnnl_memory_desc_init_by_tag) X(dnnl_matmul_desc_init) X(dnnl_primitive_desc_create) \
  X(dnnl_dilated_convolution_forward_desc_init) X(dnnl_dilated_convolution_backward_data_desc_init)                         \
  X(dnnl_dilated_convolution_backward_weights_desc_init) X(dnnl_primitive_attr_set_output_scales)
#define LIBRARY "libdnnl.so.2"
#endif
#define DECLARE(name) static __typeof__(name) *p_##name;
CALLS(DECLARE)

static struct { int state; dnnl_engine_t engine; dnnl_stream_t stream; } one;

int tern_dnnl_load(void) {
  if (one.state) return one.state > 0;
  one.state = -1;
  void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
#define FIND(name) if (!(p_##name = (__typeof__(p_##name))dlsym(library, #name))) return 0;
  CALLS(FIND)
  if (p_dnnl_engine_create(&one.engine, dnnl_cpu, 0) || p_dnnl_stream_create(&one.stream, one.engine, dnnl_stream_default_flags)) return 0;
  one.state = 1;
  return 1;
}

// The key is the product itself, without its batch. Each thread that computes has a table and a stream of its own, so neither
// needs a lock, and a primitive is made for the threads its maker may use.
typedef struct entry {
  int64_t key[13];
  int state;                                               // 0: free, 1: made, -1: another way does it
  dnnl_primitive_t primitive;
  dnnl_memory_t a, b, c, bias, addend, factor_memory;
  float factor;
} entry;
enum { ENTRIES = 1024, PROBES = 8 };
static _Thread_local entry *entries;
static _Thread_local dnnl_stream_t own_stream;

#if DNNL_VERSION_MAJOR >= 3
#define GIVE(d) (d)
static int make_memory(dnnl_data_type_t type, int64_t rows, int64_t cols, int64_t row, int64_t col, dnnl_memory_desc_t *d, dnnl_memory_t *m) {
  dnnl_dims_t sizes = {rows, cols}, strides = {row, col};
  return p_dnnl_memory_desc_create_with_strides(d, 2, sizes, type, strides) || p_dnnl_memory_create(m, *d, one.engine, DNNL_MEMORY_NONE);
}
static int make_stack(int64_t count, int64_t rows, int64_t cols, int64_t each, int64_t row, int64_t col, dnnl_memory_desc_t *d, dnnl_memory_t *m) {
  dnnl_dims_t sizes = {count, rows, cols}, strides = {each, row, col};
  return p_dnnl_memory_desc_create_with_strides(d, 3, sizes, dnnl_f32, strides) || p_dnnl_memory_create(m, *d, one.engine, DNNL_MEMORY_NONE);
}
#else
#define GIVE(d) (&(d))
static int make_memory(dnnl_data_type_t type, int64_t rows, int64_t cols, int64_t row, int64_t col, dnnl_memory_desc_t *d, dnnl_memory_t *m) {
  dnnl_dims_t sizes = {rows, cols}, strides = {row, col};
  return p_dnnl_memory_desc_init_by_strides(d, 2, sizes, type, strides) || p_dnnl_memory_create(m, d, one.engine, DNNL_MEMORY_NONE);
}
static int make_stack(int64_t count, int64_t rows, int64_t cols, int64_t each, int64_t row, int64_t col, dnnl_memory_desc_t *d, dnnl_memory_t *m) {
  dnnl_dims_t sizes = {count, rows, cols}, strides = {each, row, col};
  return p_dnnl_memory_desc_init_by_strides(d, 3, sizes, dnnl_f32, strides) || p_dnnl_memory_create(m, d, one.engine, DNNL_MEMORY_NONE);
}
#endif

static int append_relu(dnnl_post_ops_t after) {
#if DNNL_VERSION_MAJOR >= 3
  return !p_dnnl_post_ops_append_eltwise(after, dnnl_eltwise_relu, 0, 0);
#else
  return !p_dnnl_post_ops_append_eltwise(after, 1, dnnl_eltwise_relu, 0, 0);
#endif
}
static int append_sum(dnnl_post_ops_t after) {
#if DNNL_VERSION_MAJOR >= 3
  return !p_dnnl_post_ops_append_sum(after, 1, 0, dnnl_data_type_undef);
#else
  return !p_dnnl_post_ops_append_sum(after, 1);
#endif
}

static int make_relu(dnnl_primitive_attr_t *attributes) {
  dnnl_post_ops_t after;
  if (p_dnnl_primitive_attr_create(attributes) || p_dnnl_post_ops_create(&after)) return 0;
  int made = append_relu(after) && !p_dnnl_primitive_attr_set_post_ops(*attributes, after);
  p_dnnl_post_ops_destroy(after);
  return made;
}

#if DNNL_VERSION_MAJOR >= 3
enum { FACTOR = DNNL_ARG_ATTR_SCALES | DNNL_ARG_SRC };
static int set_factor(dnnl_primitive_attr_t attributes) { return !p_dnnl_primitive_attr_set_scales_mask(attributes, DNNL_ARG_SRC, 0); }
static int make_number(dnnl_memory_desc_t *d, dnnl_memory_t *m) {
  dnnl_dims_t one_number = {1};
  return p_dnnl_memory_desc_create_with_strides(d, 1, one_number, dnnl_f32, one_number) || p_dnnl_memory_create(m, *d, one.engine, DNNL_MEMORY_NONE);
}
#else
enum { FACTOR = DNNL_ARG_ATTR_OUTPUT_SCALES };
static int set_factor(dnnl_primitive_attr_t attributes) {
  float later = DNNL_RUNTIME_F32_VAL;
  return !p_dnnl_primitive_attr_set_output_scales(attributes, 1, 0, &later);
}
static int make_number(dnnl_memory_desc_t *d, dnnl_memory_t *m) {
  dnnl_dims_t one_number = {1};
  return p_dnnl_memory_desc_init_by_strides(d, 1, one_number, dnnl_f32, one_number) || p_dnnl_memory_create(m, d, one.engine, DNNL_MEMORY_NONE);
}
#endif

// What follows the products: a factor, something added (the result's old value, or a matrix beside it), relu. The factor and the
// matrix are arguments of the primitive.
static int make_ends(entry *e, const tern_product *p, int in_place, dnnl_primitive_attr_t *attributes) {
  dnnl_post_ops_t after;
  dnnl_memory_desc_t factor, addend;
  if (p_dnnl_primitive_attr_create(attributes) || p_dnnl_post_ops_create(&after)) return 0;
  int made = 1;
  if (p->scale || p->minus)
    made = !make_number(&factor, &e->factor_memory) && !p_dnnl_memory_set_data_handle(e->factor_memory, &e->factor) && set_factor(*attributes);
  if (p->addend && !in_place)
    made = made && !make_memory(dnnl_f32, p->m, p->n, p->c_row, 1, &addend, &e->addend) && !p_dnnl_post_ops_append_binary(after, dnnl_binary_add, GIVE(addend));
  if (p->addend && in_place) made = made && append_sum(after);
  if (p->relu) made = made && append_relu(after);
  made = made && !p_dnnl_primitive_attr_set_post_ops(*attributes, after);
  p_dnnl_post_ops_destroy(after);
  return made;
}

// Is it more than the reference code?
static int is_fast(dnnl_primitive_desc_t d) {
  const char *name = "ref";
  return !p_dnnl_primitive_desc_query(d, dnnl_query_impl_info_str, 0, &name) && strncmp(name, "ref", 3) != 0;
}

static int make(entry *e, int dtype, const tern_product *p, int in_place) {
  dnnl_data_type_t type = dtype == TERN_BF16 ? dnnl_bf16 : dnnl_f32, out = dtype == TERN_BF16 && !p->wide ? dnnl_bf16 : dnnl_f32;
  dnnl_memory_desc_t a, b, c, bias;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t d;
  if (p->batch > 1) {
    if (make_stack(p->batch, p->m, p->k, p->a_batch, p->a_row, p->a_col, &a, &e->a) ||
        make_stack(p->b_batch ? p->batch : 1, p->k, p->n, p->b_batch ? p->b_batch : p->k * p->n, p->b_row, p->b_col, &b, &e->b) ||
        make_stack(p->batch, p->m, p->n, p->m * p->c_row, p->c_row, 1, &c, &e->c)) return 0;
  } else if (make_memory(type, p->m, p->k, p->a_row, p->a_col, &a, &e->a) || make_memory(type, p->k, p->n, p->b_row, p->b_col, &b, &e->b) ||
      make_memory(out, p->m, p->n, p->c_row, 1, &c, &e->c) || (p->bias && make_memory(dnnl_f32, 1, p->n, p->n, 1, &bias, &e->bias)) ||
      ((p->relu || p->addend) && !make_ends(e, p, in_place, &attributes))) return 0;
#if DNNL_VERSION_MAJOR >= 3
  int failed = p_dnnl_matmul_primitive_desc_create(&d, one.engine, a, b, p->bias ? bias : NULL, c, attributes);
  p_dnnl_memory_desc_destroy(a), p_dnnl_memory_desc_destroy(b), p_dnnl_memory_desc_destroy(c);
  if (p->bias) p_dnnl_memory_desc_destroy(bias);
#else
  dnnl_matmul_desc_t how;
  int failed = p_dnnl_matmul_desc_init(&how, &a, &b, p->bias ? &bias : NULL, &c) || p_dnnl_primitive_desc_create(&d, &how, attributes, one.engine, NULL);
#endif
  if (attributes) p_dnnl_primitive_attr_destroy(attributes);
  if (failed) return 0;
  int made = is_fast(d) && !p_dnnl_primitive_create(&e->primitive, d);
  p_dnnl_primitive_desc_destroy(d);
  return made;
}

int tern_dnnl_matmul(int dtype, const tern_product *p, const void *a, const void *b, void *c) {
  if (!entries && !(entries = calloc(ENTRIES, sizeof *entries))) return 0;
  if (!own_stream && p_dnnl_stream_create(&own_stream, one.engine, dnnl_stream_default_flags)) return 0;
  int in_place = p->addend == c, scales = p->addend && (p->scale || p->minus);
  if (scales && p->bias) return 0;                         // the bias would be multiplied too
  int64_t ends = (p->bias != NULL) + 2 * (p->relu != 0) + 4 * scales + 8 * (p->addend != NULL) + 16 * in_place;
  int64_t key[13] = {p->m, p->n, p->k, p->a_row, p->a_col, p->b_row, p->b_col, p->c_row, ends, dtype + 16 * (p->wide != 0), p->batch, p->a_batch, p->b_batch};
  uint64_t hash = 1469598103934665603u;
  for (int i = 0; i < 13; i++) hash = (hash ^ (uint64_t)key[i]) * 1099511628211u;
  entry *e = NULL;
  for (uint64_t i = 0; i < PROBES; i++) {
    entry *at = &entries[((hash >> 20) + i) % ENTRIES];
    if (at->state && memcmp(at->key, key, sizeof key)) continue;
    e = at;
    break;
  }
  if (!e) return 0;                                        // the table is full around here: another way does it
  if (!e->state) {
    memcpy(e->key, key, sizeof key);
    e->state = make(e, dtype, p, in_place) ? 1 : -1;
  }
  if (e->state < 0) return 0;
  p_dnnl_memory_set_data_handle(e->a, (void *)a);
  p_dnnl_memory_set_data_handle(e->b, (void *)b);
  p_dnnl_memory_set_data_handle(e->c, c);
  if (p->bias) p_dnnl_memory_set_data_handle(e->bias, (void *)p->bias);
  dnnl_exec_arg_t arguments[6] = {{DNNL_ARG_SRC, e->a}, {DNNL_ARG_WEIGHTS, e->b}, {DNNL_ARG_DST, e->c}};
  int count = 3;
  if (p->bias) arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_BIAS, e->bias};
  if (scales) {
    e->factor = (p->minus ? -1 : 1) * (p->scale ? *(const float *)p->scale : 1);
    arguments[count++] = (dnnl_exec_arg_t){FACTOR, e->factor_memory};
  }
  if (p->addend && !in_place) {
    p_dnnl_memory_set_data_handle(e->addend, (void *)p->addend);
    arguments[count++] = (dnnl_exec_arg_t){DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, e->addend};
  }
  return !p_dnnl_primitive_execute(e->primitive, own_stream, count, arguments);
}
// ---- convolutions. Images are used as they lie, channels last; the filter as the primitive wants it, reordered for every call
// (some microseconds beside milliseconds). A shape that only the reference code computes is refused: it takes a thousand
// times as long.
#if DNNL_VERSION_MAJOR >= 3
typedef const_dnnl_memory_desc_t known_desc;
#define FREE(d) p_dnnl_memory_desc_destroy(d)
static int describe(dnnl_memory_desc_t *d, int rank, const dnnl_dims_t sizes, const dnnl_dims_t strides) {
  return p_dnnl_memory_desc_create_with_strides(d, rank, sizes, dnnl_f32, strides);
}
static int describe_any(dnnl_memory_desc_t *d, int rank, const dnnl_dims_t sizes) {
  return p_dnnl_memory_desc_create_with_tag(d, rank, sizes, dnnl_f32, dnnl_format_tag_any);
}
#else
typedef const dnnl_memory_desc_t *known_desc;
#define FREE(d) (void)(d)
static int describe(dnnl_memory_desc_t *d, int rank, const dnnl_dims_t sizes, const dnnl_dims_t strides) {
  return p_dnnl_memory_desc_init_by_strides(d, rank, sizes, dnnl_f32, strides);
}
static int describe_any(dnnl_memory_desc_t *d, int rank, const dnnl_dims_t sizes) {
  return p_dnnl_memory_desc_init_by_tag(d, rank, sizes, dnnl_f32, dnnl_format_tag_any);
}
#endif

// How the primitive of a window is made.
typedef struct shape_of { dnnl_dims_t stride, dilation, low, high; dnnl_memory_desc_t x, y, filter, bias; int has_bias; dnnl_primitive_attr_t ends; } shape_of;

#if DNNL_VERSION_MAJOR >= 3
static int plan_forward(const shape_of *s, dnnl_primitive_desc_t *d) {
  return p_dnnl_convolution_forward_primitive_desc_create(d, one.engine, dnnl_forward_training, dnnl_convolution_direct, s->x, s->filter,
                                                          s->has_bias ? s->bias : NULL, s->y, s->stride, s->dilation, s->low, s->high, s->ends);
}
static int plan_input(const shape_of *s, dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *d) {
  return p_dnnl_convolution_backward_data_primitive_desc_create(d, one.engine, dnnl_convolution_direct, s->x, s->filter, s->y, s->stride,
                                                                s->dilation, s->low, s->high, hint, NULL);
}
static int plan_filter(const shape_of *s, dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *d) {
  return p_dnnl_convolution_backward_weights_primitive_desc_create(d, one.engine, dnnl_convolution_direct, s->x, s->filter, NULL, s->y, s->stride,
                                                                   s->dilation, s->low, s->high, hint, NULL);
}
#else
static int plan_forward(const shape_of *s, dnnl_primitive_desc_t *d) {
  dnnl_convolution_desc_t how;
  return p_dnnl_dilated_convolution_forward_desc_init(&how, dnnl_forward_training, dnnl_convolution_direct, &s->x, &s->filter,
                                                      s->has_bias ? &s->bias : NULL, &s->y, s->stride, s->dilation, s->low, s->high) ||
         p_dnnl_primitive_desc_create(d, &how, s->ends, one.engine, NULL);
}
static int plan_input(const shape_of *s, dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *d) {
  dnnl_convolution_desc_t how;
  return p_dnnl_dilated_convolution_backward_data_desc_init(&how, dnnl_convolution_direct, &s->x, &s->filter, &s->y, s->stride, s->dilation,
                                                            s->low, s->high) ||
         p_dnnl_primitive_desc_create(d, &how, NULL, one.engine, hint);
}
static int plan_filter(const shape_of *s, dnnl_primitive_desc_t hint, dnnl_primitive_desc_t *d) {
  dnnl_convolution_desc_t how;
  return p_dnnl_dilated_convolution_backward_weights_desc_init(&how, dnnl_convolution_direct, &s->x, &s->filter, NULL, &s->y, s->stride,
                                                               s->dilation, s->low, s->high) ||
         p_dnnl_primitive_desc_create(d, &how, NULL, one.engine, hint);
}
#endif

typedef struct convolution {
  int64_t key[20];
  int state;                                               // 0: free, 1: made, -1: another way does it
  dnnl_primitive_t primitive, reorder;                     // the reorder is NULL where the filter fits as it lies
  dnnl_memory_t x, y, given, filter, bias;
  int64_t bytes;                                           // of the filter as the primitive has it
} convolution;
enum { CONVOLUTIONS = 512 };
static _Thread_local convolution *convolutions;

static int describe_filter(const tern_window *w, int any, dnnl_memory_desc_t *d) {
  int64_t in = w->in_c / w->groups, last = w->out_c / w->groups, place = in * w->out_c;
  if (w->groups == 1) {
    dnnl_dims_t sizes = {last, in, w->field_h, w->field_w}, strides = {1, w->out_c, w->field_w * place, place};
    return any ? describe_any(d, 4, sizes) : describe(d, 4, sizes, strides);
  }
  dnnl_dims_t sizes = {w->groups, last, in, w->field_h, w->field_w}, strides = {last, 1, w->out_c, w->field_w * place, place};
  return any ? describe_any(d, 5, sizes) : describe(d, 5, sizes, strides);
}

static int describe_images(const tern_window *w, dnnl_memory_desc_t *x, dnnl_memory_desc_t *y) {
  dnnl_dims_t in = {w->batch, w->in_c, w->in_h, w->in_w}, in_step = {w->in_h * w->in_w * w->in_c, 1, w->in_w * w->in_c, w->in_c};
  dnnl_dims_t out = {w->batch, w->out_c, w->out_h, w->out_w}, out_step = {w->out_h * w->out_w * w->out_c, 1, w->out_w * w->out_c, w->out_c};
  return describe(x, 4, in, in_step) || describe(y, 4, out, out_step);
}

static int make_reorder(convolution *c, known_desc from, known_desc to) {
  dnnl_primitive_desc_t d;
  if (p_dnnl_reorder_primitive_desc_create(&d, from, one.engine, to, one.engine, NULL)) return 0;
  int made = !p_dnnl_primitive_create(&c->reorder, d);
  p_dnnl_primitive_desc_destroy(d);
  return made;
}

static int make_parts(convolution *c, tern_convolution kind, const shape_of *s, known_desc given, dnnl_primitive_desc_t d) {
  if (!is_fast(d) || p_dnnl_primitive_create(&c->primitive, d)) return 0;
  known_desc own = p_dnnl_primitive_desc_query_md(d, kind == TERN_CONVOLVE_FILTER ? dnnl_query_diff_weights_md : dnnl_query_weights_md, 0);
  c->bytes = (int64_t)p_dnnl_memory_desc_get_size(own);
  if (p_dnnl_memory_create(&c->x, GIVE(s->x), one.engine, DNNL_MEMORY_NONE) || p_dnnl_memory_create(&c->y, GIVE(s->y), one.engine, DNNL_MEMORY_NONE) ||
      p_dnnl_memory_create(&c->given, given, one.engine, DNNL_MEMORY_NONE) || p_dnnl_memory_create(&c->filter, own, one.engine, DNNL_MEMORY_NONE)) return 0;
  if (s->has_bias && p_dnnl_memory_create(&c->bias, GIVE(s->bias), one.engine, DNNL_MEMORY_NONE)) return 0;
  if (p_dnnl_memory_desc_equal(given, own)) return 1;
  return kind == TERN_CONVOLVE_FILTER ? make_reorder(c, own, given) : make_reorder(c, given, own);
}

static int make_convolution(convolution *c, tern_convolution kind, const tern_window *w, int has_bias, int relu) {
  shape_of s = {.stride = {w->stride_h, w->stride_w}, .dilation = {w->dilation_h - 1, w->dilation_w - 1}, .low = {w->low_h, w->low_w},
                .high = {w->high_h, w->high_w}, .has_bias = has_bias};
  dnnl_dims_t count = {w->out_c}, step = {1};
  dnnl_memory_desc_t given;
  dnnl_primitive_desc_t hint, d;
  if (describe_images(w, &s.x, &s.y) || describe_filter(w, 1, &s.filter) || describe_filter(w, 0, &given) ||
      (has_bias && describe(&s.bias, 1, count, step)) || (relu && !make_relu(&s.ends))) return 0;
  int made = 0;
  if (!plan_forward(&s, &hint)) {
    if (kind == TERN_CONVOLVE) {
      made = make_parts(c, kind, &s, GIVE(given), hint);
    } else if (!(kind == TERN_CONVOLVE_INPUT ? plan_input(&s, hint, &d) : plan_filter(&s, hint, &d))) {
      made = make_parts(c, kind, &s, GIVE(given), d);
      p_dnnl_primitive_desc_destroy(d);
    }
    p_dnnl_primitive_desc_destroy(hint);
  }
  if (relu) p_dnnl_primitive_attr_destroy(s.ends);
  FREE(s.x), FREE(s.y), FREE(s.filter), FREE(given);
  if (has_bias) FREE(s.bias);
  return made;
}

static convolution *find_convolution(tern_convolution kind, const tern_window *w, int has_bias, int relu) {
  if (!convolutions && !(convolutions = calloc(CONVOLUTIONS, sizeof *convolutions))) return NULL;
  if (!own_stream && p_dnnl_stream_create(&own_stream, one.engine, dnnl_stream_default_flags)) return NULL;
  int64_t key[20] = {kind, [19] = has_bias + 2 * relu};
  memcpy(key + 1, w, sizeof *w);
  uint64_t hash = 1469598103934665603u;
  for (int i = 0; i < 20; i++) hash = (hash ^ (uint64_t)key[i]) * 1099511628211u;
  for (uint64_t i = 0; i < PROBES; i++) {
    convolution *c = &convolutions[((hash >> 20) + i) % CONVOLUTIONS];
    if (c->state && memcmp(c->key, key, sizeof key)) continue;
    if (!c->state) {
      memcpy(c->key, key, sizeof key);
      c->state = make_convolution(c, kind, w, has_bias, relu) ? 1 : -1;
    }
    return c->state > 0 ? c : NULL;
  }
  return NULL;                                             // the table is full around here
}

static int run(dnnl_primitive_t primitive, int a_name, dnnl_memory_t a, int b_name, dnnl_memory_t b, int c_name, dnnl_memory_t c, dnnl_memory_t bias) {
  dnnl_exec_arg_t arguments[] = {{a_name, a}, {b_name, b}, {c_name, c}, {DNNL_ARG_BIAS, bias}};
  return p_dnnl_primitive_execute(primitive, own_stream, bias ? 4 : c ? 3 : 2, arguments);
}
static int reorder(dnnl_primitive_t primitive, dnnl_memory_t from, dnnl_memory_t to) {
  return primitive && run(primitive, DNNL_ARG_FROM, from, DNNL_ARG_TO, to, 0, NULL, NULL);
}

int tern_dnnl_convolve(tern_convolution kind, const tern_window *w, const float *a, const float *b, const float *bias, int relu, float *out) {
  convolution *c = find_convolution(kind, w, bias != NULL, relu != 0);
  if (!c) return -1;
  void *x = (void *)(kind == TERN_CONVOLVE_INPUT ? out : a), *y = (void *)(kind == TERN_CONVOLVE ? out : kind == TERN_CONVOLVE_INPUT ? a : b);
  void *given = (void *)(kind == TERN_CONVOLVE_FILTER ? out : b), *filter = c->reorder ? tern_alloc((size_t)c->bytes) : given;
  if (!filter) return -1;
  p_dnnl_memory_set_data_handle(c->x, x);
  p_dnnl_memory_set_data_handle(c->y, y);
  p_dnnl_memory_set_data_handle(c->given, given);
  p_dnnl_memory_set_data_handle(c->filter, filter);
  if (bias) p_dnnl_memory_set_data_handle(c->bias, (void *)bias);
  int failed = 0;
  switch (kind) {
  case TERN_CONVOLVE:
    failed = reorder(c->reorder, c->given, c->filter) ||
             run(c->primitive, DNNL_ARG_SRC, c->x, DNNL_ARG_WEIGHTS, c->filter, DNNL_ARG_DST, c->y, c->bias);
    break;
  case TERN_CONVOLVE_INPUT:
    failed = reorder(c->reorder, c->given, c->filter) ||
             run(c->primitive, DNNL_ARG_DIFF_DST, c->y, DNNL_ARG_WEIGHTS, c->filter, DNNL_ARG_DIFF_SRC, c->x, NULL);
    break;
  case TERN_CONVOLVE_FILTER:
    failed = run(c->primitive, DNNL_ARG_SRC, c->x, DNNL_ARG_DIFF_DST, c->y, DNNL_ARG_DIFF_WEIGHTS, c->filter, NULL) ||
             reorder(c->reorder, c->filter, c->given);
    break;
  }
  if (c->reorder) tern_free(filter, (size_t)c->bytes);
  return failed ? -1 : TERN_DONE;
}
#else
int tern_dnnl_load(void) { return 0; }
int tern_dnnl_matmul(int dtype, const tern_product *p, const void *a, const void *b, void *c) { return 0; }
int tern_dnnl_convolve(tern_convolution kind, const tern_window *w, const float *a, const float *b, const float *bias, int relu, float *out) { return -1; }
#endif
