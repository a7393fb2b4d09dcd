// The course scripts/exercises/: two lines a lesson, the exercise and its checks. A test says when one is not here.
#include "tern_stdlib.h"

static const unsigned char values_and_pipes[] = {
#embed "../../scripts/exercises/01-values-and-pipes.mlx"
};
static const unsigned char values_and_pipes_checks[] = {
#embed "../../scripts/exercises/01-values-and-pipes.checks.mlx"
};
static const unsigned char tensors_and_axes[] = {
#embed "../../scripts/exercises/02-tensors-and-axes.mlx"
};
static const unsigned char tensors_and_axes_checks[] = {
#embed "../../scripts/exercises/02-tensors-and-axes.checks.mlx"
};
static const unsigned char the_broadcasting_bug[] = {
#embed "../../scripts/exercises/03-the-broadcasting-bug.mlx"
};
static const unsigned char the_broadcasting_bug_checks[] = {
#embed "../../scripts/exercises/03-the-broadcasting-bug.checks.mlx"
};
static const unsigned char contracts[] = {
#embed "../../scripts/exercises/04-contracts.mlx"
};
static const unsigned char contracts_checks[] = {
#embed "../../scripts/exercises/04-contracts.checks.mlx"
};
static const unsigned char a_gradient_by_hand[] = {
#embed "../../scripts/exercises/05-a-gradient-by-hand.mlx"
};
static const unsigned char a_gradient_by_hand_checks[] = {
#embed "../../scripts/exercises/05-a-gradient-by-hand.checks.mlx"
};
static const unsigned char fit_a_line[] = {
#embed "../../scripts/exercises/06-fit-a-line.mlx"
};
static const unsigned char fit_a_line_checks[] = {
#embed "../../scripts/exercises/06-fit-a-line.checks.mlx"
};
static const unsigned char overfitting[] = {
#embed "../../scripts/exercises/07-overfitting.mlx"
};
static const unsigned char overfitting_checks[] = {
#embed "../../scripts/exercises/07-overfitting.checks.mlx"
};
static const unsigned char the_leak[] = {
#embed "../../scripts/exercises/08-the-leak.mlx"
};
static const unsigned char the_leak_checks[] = {
#embed "../../scripts/exercises/08-the-leak.checks.mlx"
};
static const unsigned char the_right_metric[] = {
#embed "../../scripts/exercises/09-the-right-metric.mlx"
};
static const unsigned char the_right_metric_checks[] = {
#embed "../../scripts/exercises/09-the-right-metric.checks.mlx"
};
static const unsigned char a_layer_of_your_own[] = {
#embed "../../scripts/exercises/10-a-layer-of-your-own.mlx"
};
static const unsigned char a_layer_of_your_own_checks[] = {
#embed "../../scripts/exercises/10-a-layer-of-your-own.checks.mlx"
};
static const unsigned char what_a_seed_fixes[] = {
#embed "../../scripts/exercises/11-what-a-seed-fixes.mlx"
};
static const unsigned char what_a_seed_fixes_checks[] = {
#embed "../../scripts/exercises/11-what-a-seed-fixes.checks.mlx"
};
static const unsigned char reading_an_error[] = {
#embed "../../scripts/exercises/12-reading-an-error.mlx"
};
static const unsigned char reading_an_error_checks[] = {
#embed "../../scripts/exercises/12-reading-an-error.checks.mlx"
};

#define LESSON_OF(name, bytes) {name ".mlx", bytes, sizeof bytes}, {name ".checks.mlx", bytes##_checks, sizeof bytes##_checks}

static const tern_stdlib_file files[] = {
  LESSON_OF("01-values-and-pipes", values_and_pipes),
  LESSON_OF("02-tensors-and-axes", tensors_and_axes),
  LESSON_OF("03-the-broadcasting-bug", the_broadcasting_bug),
  LESSON_OF("04-contracts", contracts),
  LESSON_OF("05-a-gradient-by-hand", a_gradient_by_hand),
  LESSON_OF("06-fit-a-line", fit_a_line),
  LESSON_OF("07-overfitting", overfitting),
  LESSON_OF("08-the-leak", the_leak),
  LESSON_OF("09-the-right-metric", the_right_metric),
  LESSON_OF("10-a-layer-of-your-own", a_layer_of_your_own),
  LESSON_OF("11-what-a-seed-fixes", what_a_seed_fixes),
  LESSON_OF("12-reading-an-error", reading_an_error),
};

size_t tern_exercises_count(void) { return sizeof files / sizeof files[0]; }
tern_stdlib_file tern_exercises_at(size_t position) {
  return position < tern_exercises_count() ? files[position] : (tern_stdlib_file){"", 0, 0};
}
