#ifndef TERN_KERNELS_H
#define TERN_KERNELS_H
#include <stddef.h>
#endif
