// One line a file. A file added to stdlib/ needs a line here; a test says so when it has none.
#include "tern_stdlib.h"

static const unsigned char activations[] = {
#embed "../../stdlib/activations.mlx"
};
static const unsigned char attention[] = {
#embed "../../stdlib/attention.mlx"
};
static const unsigned char checks[] = {
#embed "../../stdlib/checks.mlx"
};
static const unsigned char convolution[] = {
#embed "../../stdlib/convolution.mlx"
};
static const unsigned char expect[] = {
#embed "../../stdlib/expect.mlx"
};
static const unsigned char linalg[] = {
#embed "../../stdlib/linalg.mlx"
};
static const unsigned char loops[] = {
#embed "../../stdlib/loops.mlx"
};
static const unsigned char losses[] = {
#embed "../../stdlib/losses.mlx"
};
static const unsigned char metrics[] = {
#embed "../../stdlib/metrics.mlx"
};
static const unsigned char nn[] = {
#embed "../../stdlib/nn.mlx"
};
static const unsigned char norms[] = {
#embed "../../stdlib/norms.mlx"
};
static const unsigned char optim[] = {
#embed "../../stdlib/optim.mlx"
};
static const unsigned char recurrent[] = {
#embed "../../stdlib/recurrent.mlx"
};
static const unsigned char schedules[] = {
#embed "../../stdlib/schedules.mlx"
};
static const unsigned char starts[] = {
#embed "../../stdlib/starts.mlx"
};
static const unsigned char train[] = {
#embed "../../stdlib/train.mlx"
};
static const unsigned char trees[] = {
#embed "../../stdlib/trees.mlx"
};
static const unsigned char digits[] = {
#embed "../../stdlib/data/digits.csv.gz"
};
static const unsigned char iris[] = {
#embed "../../stdlib/data/iris.csv"
};
static const unsigned char penguins[] = {
#embed "../../stdlib/data/penguins.csv"
};
static const unsigned char weather[] = {
#embed "../../stdlib/data/weather.csv.gz"
};

#define FILE_OF(name, bytes) {name, bytes, sizeof bytes}

static const tern_stdlib_file files[] = {
  FILE_OF("activations.mlx", activations),
  FILE_OF("attention.mlx", attention),
  FILE_OF("checks.mlx", checks),
  FILE_OF("convolution.mlx", convolution),
  FILE_OF("expect.mlx", expect),
  FILE_OF("linalg.mlx", linalg),
  FILE_OF("loops.mlx", loops),
  FILE_OF("losses.mlx", losses),
  FILE_OF("metrics.mlx", metrics),
  FILE_OF("nn.mlx", nn),
  FILE_OF("norms.mlx", norms),
  FILE_OF("optim.mlx", optim),
  FILE_OF("recurrent.mlx", recurrent),
  FILE_OF("schedules.mlx", schedules),
  FILE_OF("starts.mlx", starts),
  FILE_OF("train.mlx", train),
  FILE_OF("trees.mlx", trees),
  FILE_OF("data/digits.csv.gz", digits),
  FILE_OF("data/iris.csv", iris),
  FILE_OF("data/penguins.csv", penguins),
  FILE_OF("data/weather.csv.gz", weather),
};

size_t tern_stdlib_count(void) { return sizeof files / sizeof files[0]; }
tern_stdlib_file tern_stdlib_at(size_t position) {
  return position < tern_stdlib_count() ? files[position] : (tern_stdlib_file){"", 0, 0};
}
