// libedit behind plain functions: its own are variadic, which Swift cannot call, and it is loaded only when a prompt opens.
#pragma once

typedef struct tern_editline tern_editline;

tern_editline *tern_editline_open(const char *program);
