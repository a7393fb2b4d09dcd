// oneDNN's matrix product: a primitive for each shape, made once and kept. The library is loaded at the first big product; the
// headers say which version's calls these are.
#include "one_dnn.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#if __has_include(<oneapi/dnnl/dnnl.h>)
#include <oneapi/dnnl/dnnl.h>

#define CALLS(X)                                                                                            \
  X(dnnl_engine_create) X(dnnl_stream_create) X(dnnl_memory_create) X(dnnl_memory_set_data_handle) X(dnnl_primitive_create)  \
  X(dnnl_primitive_execute) X(dnnl_primitive_desc_destroy) X(dnnl_primitive_attr_create) X(dnnl_primitive_attr_destroy) X(dnnl_primitive_attr_set_post_ops) \
  X(dnnl_post_ops_create) X(dnnl_post_ops_destroy) X(dnnl_post_ops_append_eltwise) VERSIONED(X)
#if DNNL_VERSION_MAJOR >= 3
#define VERSIONED(X) X(dnnl_memory_desc_create_with_strides) X(dnnl_matmul_primitive_desc_create) X(dnnl_memory_desc_destroy)
#define LIBRARY "libdnnl.so.3"
#else
#define VERSIONED(X) X(dnnl_memory_desc_init_by_strides) X(dnnl_matmul_desc_init) X(dnnl_primitive_desc_create)
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
typedef struct entry { int64_t key[10]; dnnl_primitive_t primitive; dnnl_memory_t a, b, c, bias; } entry;
enum { ENTRIES = 1024, PROBES = 8 };
static _Thread_local entry *entries;
static _Thread_local dnnl_stream_t own_stream;

#if DNNL_VERSION_MAJOR >= 3
static int make_memory(dnnl_data_type_t type, int64_t rows, int64_t cols, int64_t row, int64_t col, dnnl_memory_desc_t *d, dnnl_memory_t *m) {
  dnnl_dims_t sizes = {rows, cols}, strides = {row, col};
  return p_dnnl_memory_desc_create_with_strides(d, 2, sizes, type, strides) || p_dnnl_memory_create(m, *d, one.engine, DNNL_MEMORY_NONE);
}
#else
static int make_memory(dnnl_data_type_t type, int64_t rows, int64_t cols, int64_t row, int64_t col, dnnl_memory_desc_t *d, dnnl_memory_t *m) {
  dnnl_dims_t sizes = {rows, cols}, strides = {row, col};
  return p_dnnl_memory_desc_init_by_strides(d, 2, sizes, type, strides) || p_dnnl_memory_create(m, d, one.engine, DNNL_MEMORY_NONE);
}
#endif

static int make_relu(dnnl_primitive_attr_t *attributes) {
  dnnl_post_ops_t after;
  if (p_dnnl_primitive_attr_create(attributes) || p_dnnl_post_ops_create(&after)) return 0;
#if DNNL_VERSION_MAJOR >= 3
  int made = !p_dnnl_post_ops_append_eltwise(after, dnnl_eltwise_relu, 0, 0);
#else
  int made = !p_dnnl_post_ops_append_eltwise(after, 1, dnnl_eltwise_relu, 0, 0);
#endif
  made = made && !p_dnnl_primitive_attr_set_post_ops(*attributes, after);
  p_dnnl_post_ops_destroy(after);
  return made;
}

static int make(entry *e, int dtype, const tern_product *p) {
  dnnl_data_type_t type = dtype == TERN_BF16 ? dnnl_bf16 : dnnl_f32, out = dtype == TERN_BF16 && !p->wide ? dnnl_bf16 : dnnl_f32;
  dnnl_memory_desc_t a, b, c, bias;
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t d;
  if (make_memory(type, p->m, p->k, p->a_row, p->a_col, &a, &e->a) || make_memory(type, p->k, p->n, p->b_row, p->b_col, &b, &e->b) ||
      make_memory(out, p->m, p->n, p->c_row, 1, &c, &e->c) || (p->bias && make_memory(dnnl_f32, 1, p->n, p->n, 1, &bias, &e->bias)) ||
      (p->relu && !make_relu(&attributes))) return 0;
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
  int made = !p_dnnl_primitive_create(&e->primitive, d);
  p_dnnl_primitive_desc_destroy(d);
  return made;
}

int tern_dnnl_matmul(int dtype, const tern_product *p, const void *a, const void *b, void *c) {
  if (!entries && !(entries = calloc(ENTRIES, sizeof *entries))) return 0;
  if (!own_stream && p_dnnl_stream_create(&own_stream, one.engine, dnnl_stream_default_flags)) return 0;
  int64_t key[10] = {p->m, p->n, p->k, p->a_row, p->a_col, p->b_row, p->b_col, p->c_row, (p->bias != NULL) + 2 * (p->relu != 0), dtype + 16 * (p->wide != 0)};
  uint64_t hash = 1469598103934665603u;
  for (int i = 0; i < 10; i++) hash = (hash ^ (uint64_t)key[i]) * 1099511628211u;
  entry *e = NULL;
  for (uint64_t i = 0; i < PROBES; i++) {
    entry *at = &entries[((hash >> 20) + i) % ENTRIES];
    if (at->primitive && memcmp(at->key, key, sizeof key)) continue;
    e = at;
    break;
  }
  if (!e) return 0;                                        // the table is full around here: another way does it
  if (!e->primitive) {
    if (!make(e, dtype, p)) { e->primitive = NULL; return 0; }
    memcpy(e->key, key, sizeof key);
  }
  p_dnnl_memory_set_data_handle(e->a, (void *)a);
  p_dnnl_memory_set_data_handle(e->b, (void *)b);
  p_dnnl_memory_set_data_handle(e->c, c);
  if (p->bias) p_dnnl_memory_set_data_handle(e->bias, (void *)p->bias);
  dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, e->a}, {DNNL_ARG_WEIGHTS, e->b}, {DNNL_ARG_DST, e->c}, {DNNL_ARG_BIAS, e->bias}};
  return !p_dnnl_primitive_execute(e->primitive, own_stream, p->bias ? 4 : 3, arguments);
}
#else
int tern_dnnl_load(void) { return 0; }
int tern_dnnl_matmul(int dtype, const tern_product *p, const void *a, const void *b, void *c) { return 0; }
#endif
