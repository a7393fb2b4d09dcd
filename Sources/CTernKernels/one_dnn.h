#ifndef TERN_ONE_DNN_H
#define TERN_ONE_DNN_H
#include "tern_kernels.h"
int tern_dnnl_load(void);                                  // 1 when the library is there
int tern_dnnl_matmul(int dtype, const tern_product *p, const void *a, const void *b, void *c);   // f32 or bf16, one matrix; 0 when it does not take it
#endif
