// The folder stdlib/ as it was when the binary was built.
#pragma once

#include <stddef.h>

typedef struct tern_stdlib_file {
  const char *name;               // "nn.mlx", "data/iris.csv"
  const unsigned char *bytes;
  size_t size;
} tern_stdlib_file;

size_t tern_stdlib_count(void);
tern_stdlib_file tern_stdlib_at(size_t position);

// The folder scripts/exercises/: "01-values.mlx", "01-values.checks.mlx".
size_t tern_exercises_count(void);
tern_stdlib_file tern_exercises_at(size_t position);

// The commit the binary was built from.
const char *tern_commit(void);
