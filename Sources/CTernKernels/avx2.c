// Kernels for AVX2 with FMA. Nothing outside the pragma may use it.
#include <math.h>
#include "table.h"
#if defined(__x86_64__)
#define TERN_F16C 1
#define TERN_SET avx2
#define MR 6
#define NV 1
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "isa/kernels.inc"
#pragma clang attribute pop
#endif
