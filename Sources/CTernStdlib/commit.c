#include "tern_stdlib.h"

const char *tern_commit(void) { return TERN_COMMIT; }
