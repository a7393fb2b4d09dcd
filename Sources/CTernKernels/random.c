// Chance. A draw is a pure function of (key, position): Philox4x32-10 turns the position into four words. No fused
// multiply-add and no libm, so that every machine, instruction set and number of threads draws the same bytes.
#include "table.h"
#include <string.h>

void tern_random_block(uint64_t key, uint64_t low, uint64_t high, uint32_t out[4]) {
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  uint32_t c0 = (uint32_t)low, c1 = (uint32_t)(low >> 32), c2 = (uint32_t)high, c3 = (uint32_t)(high >> 32);
  for (int round = 0; round < 10; round++) {
    uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
    uint32_t n0 = (uint32_t)(b >> 32) ^ c1 ^ k0, n2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)b; c3 = (uint32_t)a; c0 = n0; c2 = n2;
    k0 += 0x9E3779B9u; k1 += 0xBB67AE85u;
  }
  out[0] = c0; out[1] = c1; out[2] = c2; out[3] = c3;
}

typedef struct draw { int kind, dtype; uint64_t key, span; int64_t low; void *out; } draw;

// The logarithm, for 0 < x < 1: log(m 2^e), m in [sqrt(1/2), sqrt(2)), by the series of 2 atanh((m - 1) / (m + 1)).
static double log_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, 8);
  int64_t e = (int64_t)((bits - 0x3fe6a09e667f3bcdull)) >> 52;
  bits -= (uint64_t)e << 52;
  double m;
  memcpy(&m, &bits, 8);
  double s = (m - 1) / (m + 1), z = s * s, sum = 0;
  for (int k = 21; k >= 1; k -= 2) sum = sum * z + 1.0 / k;
  return (double)e * 0.6931471805599453 + 2 * s * sum;
}
// The tails of the inverse normal distribution (Wichura's AS 241, 16 digits).
static double tail_of(double p) {
  double q = p - 0.5;
  double r = __builtin_sqrt(-log_of(q < 0 ? p : 1 - p)), x;
  if (r <= 5) {
    r -= 1.6;
    x = (((((((r * 7.7454501427834140764e-4 + 0.0227238449892691845833) * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r +
           3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734) /
        (((((((r * 1.05075007164441684324e-9 + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r +
            0.68976733498510000455) * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1.0);
  } else {
    r -= 5;
    x = (((((((r * 2.01033439929228813265e-7 + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r +
           0.29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772) /
        (((((((r * 2.04426310338993978564e-15 + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r +
            0.0148753612908506148525) * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1.0);
  }
  return q < 0 ? -x : x;
}

// Element i takes word i of the stream; words are made and turned into numbers a piece at a time.
enum { UNIFORM, NORMAL, INTEGER, PIECE = 512 };
static inline double unit(uint64_t bits) {                 // 52 bits on [0, 1)
  bits = bits >> 12 | 0x3ff0000000000000ull;
  double x;
  memcpy(&x, &bits, 8);
  return x - 1;
}
static void uniform_piece(int dtype, const uint64_t *words, void *out, int64_t first, int64_t n) {
  if (dtype == TERN_F32) for (int64_t i = 0; i < n; i++) ((float *)out)[first + i] = (float)(int32_t)(words[i] >> 40) * 0x1p-24f;
  else for (int64_t i = 0; i < n; i++) ((double *)out)[first + i] = unit(words[i]);
}
static void normal_piece(int dtype, const uint64_t *words, void *out, int64_t first, int64_t n) {
  double p[PIECE], x[PIECE];
  for (int64_t i = 0; i < n; i++) p[i] = unit(words[i]) + 0x1p-53;
  tern_active->random_center(p, x, n);
  for (int64_t i = 0; i < n; i++) if (p[i] < 0.075 || p[i] > 0.925) x[i] = tail_of(p[i]);
  if (dtype == TERN_F32) for (int64_t i = 0; i < n; i++) ((float *)out)[first + i] = (float)x[i];
  else memcpy((double *)out + first, x, (size_t)n * 8);
}
static void draw_part(void *p, int64_t begin, int64_t end) {
  const draw *d = p;
  uint64_t words[PIECE + 2];
  for (int64_t at = begin; at < end; at += PIECE) {
    int64_t n = end - at < PIECE ? end - at : PIECE;
    tern_active->random_words(d->key, (uint64_t)at >> 1, words, n / 2 + 1);
    const uint64_t *own = words + (at & 1);
    if (d->kind == UNIFORM) uniform_piece(d->dtype, own, d->out, at, n);
    else if (d->kind == NORMAL) normal_piece(d->dtype, own, d->out, at, n);
    else for (int64_t i = 0; i < n; i++) ((int64_t *)d->out)[at + i] = (int64_t)((uint64_t)d->low + (uint64_t)(((unsigned __int128)own[i] * d->span) >> 64));
  }
}
int tern_random_uniform(int dtype, uint64_t key, void *out, int64_t n) {
  draw d = {UNIFORM, dtype, key, 0, 0, out};
  return tern_parallel(draw_part, &d, n, 1);
}
int tern_random_normal(int dtype, uint64_t key, void *out, int64_t n) {
  draw d = {NORMAL, dtype, key, 0, 0, out};
  return tern_parallel(draw_part, &d, n, 6);
}
// low + a number below span.
int tern_random_int(uint64_t key, int64_t low, uint64_t span, int64_t *out, int64_t n) {
  draw d = {INTEGER, TERN_I64, key, span, low, out};
  return tern_parallel(draw_part, &d, n, 6);
}
int tern_random_bits(uint64_t key, uint64_t position, uint32_t *out, int64_t n) {
  uint32_t words[4];
  for (int64_t i = 0; i < n; i++) {
    uint64_t at = position + (uint64_t)i;
    if (i == 0 || (at & 3) == 0) tern_random_block(key, at >> 2, 1, words);
    out[i] = words[at & 3];
  }
  return TERN_DONE;
}

// A permutation of 0..<size without a table: a Feistel network on the next even number of bits, walked until it lands inside.
typedef struct shuffle { uint64_t key, size, first; int half; int64_t *out; } shuffle;
static void shuffle_part(void *p, int64_t begin, int64_t end) {
  const shuffle *s = p;
  uint64_t mask = ((uint64_t)1 << s->half) - 1;
  for (int64_t i = begin; i < end; i++) {
    uint64_t x = s->first + (uint64_t)i;
    do {
      uint64_t left = x >> s->half, right = x & mask;
      for (uint64_t round = 0; round < 6; round++) {
        uint32_t words[4];
        tern_random_block(s->key, right, 2 + round, words);
        uint64_t next = left ^ (words[0] & mask);
        left = right;
        right = next;
      }
      x = left << s->half | right;
    } while (x >= s->size);
    s->out[i] = (int64_t)x;
  }
}
int tern_random_permutation(uint64_t key, uint64_t size, uint64_t first, int64_t *out, int64_t n) {
  int half = 1;
  while (half < 31 && ((uint64_t)1 << (2 * half)) < size) half++;
  shuffle s = {key, size, first, half, out};
  return tern_parallel(shuffle_part, &s, n, 150);
}
