// The shortest text that reads back as the same bf16.
#include "table.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tern_bf16_text(uint16_t bits, char out[32]) {
  uint32_t wide = (uint32_t)bits << 16;
  float x;
  memcpy(&x, &wide, 4);
  for (int digits = 0; digits < 9; digits++) {
    snprintf(out, 32, "%.*e", digits, (double)x);
    float read = strtof(out, NULL);
    uint16_t again;
    tern_table_base.narrow[TERN_BF16](&read, &again, 1);
    if (again == bits) return;
  }
}
