// libedit behind plain functions: its own are variadic, which Swift cannot call. The library is loaded when a prompt opens,
// so that a script's start does not pay for it, and so that Tern runs where it is missing.
#pragma once

#include <stdbool.h>

typedef struct tern_editline tern_editline;

// What Tab adds at the cursor: text for free(), or NULL. It may print candidates itself and then says so in `listed`.
typedef char *(*tern_completer)(void *context, const char *before_cursor, bool *listed);

typedef enum tern_line_status { TERN_LINE_READ, TERN_LINE_END, TERN_LINE_INTERRUPTED } tern_line_status;

tern_editline *tern_editline_open(const char *program);   // NULL without the library or a usable terminal
void tern_editline_close(tern_editline *editor);
void tern_editline_complete(tern_editline *editor, tern_completer completer, void *context);
void tern_editline_remember(tern_editline *editor, const char *text);   // adds a line, or several, to the history
// Reads one line into `line`, which stands until the next call. `prompt` may hold escape codes between \1 and \1;
// `start` is typed ahead.
tern_line_status tern_editline_read(tern_editline *editor, const char *prompt, const char *start, const char **line);
bool tern_input_waits(int milliseconds);                  // more is there to read: what was pasted
void tern_input_clear(void);                              // after an interrupted read
