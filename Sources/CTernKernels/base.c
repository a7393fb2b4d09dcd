// Kernels for any x86-64 (SSE2) and any aarch64.
#include <math.h>
#include "table.h"
#define TERN_SET base
#define MR 3
#define NV 1
#if !defined(__aarch64__) && !defined(__FMA__)
#define TERN_NO_FMA 1
#endif
#include "isa/kernels.inc"
