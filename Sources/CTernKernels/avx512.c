// Kernels for AVX-512 (F, BW, DQ, VL). Nothing outside the pragma may use it.
#include <math.h>
#include "table.h"
#if defined(__x86_64__)
#define TERN_F16C 1
#define TERN_SET avx512
#define MR 12
#define NV 2
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"))), apply_to = function)
#include "isa/kernels.inc"
#pragma clang attribute pop
#endif
