#ifndef TERN_ONE_DNN_H
#define TERN_ONE_DNN_H
#include "tern_kernels.h"
int tern_dnnl_load(void);                                  // 1 when the library is there
int tern_dnnl_matmul(int dtype, const tern_product *p, const void *a, const void *b, void *c);   // f32 or bf16, one matrix; 0 when it does not take it
// f32; -1 when it has no code of its own for the shape, else as a kernel returns.
int tern_dnnl_convolve(tern_convolution kind, const tern_window *w, const float *a, const float *b, const float *bias, int relu, float *out);
int tern_matmul_is_own(void);                              // are libraries kept away?
#endif
