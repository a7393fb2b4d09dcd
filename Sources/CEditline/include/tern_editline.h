// libedit behind plain functions: its own are variadic, which Swift cannot call. The library is loaded when a prompt opens,
// so that a script's start does not pay for it, and so that Tern runs where it is missing.
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct tern_editline tern_editline;

// Keys that are not libedit's: whoever owns the text says what they do.
typedef enum tern_key {
  TERN_KEY_ENTER, TERN_KEY_NEWLINE, TERN_KEY_UP, TERN_KEY_DOWN, TERN_KEY_HOME, TERN_KEY_END, TERN_KEY_BACK, TERN_KEY_TAB,
  TERN_KEY_CLOSE, TERN_KEY_PASTE, TERN_KEY_EDITOR, TERN_KEY_KILL_END, TERN_KEY_KILL_START, TERN_KEY_KILL_WORD, TERN_KEY_KILL_NEXT,
  TERN_KEY_YANK, TERN_KEY_LEFT, TERN_KEY_RIGHT, TERN_KEY_DELETE
} tern_key;

typedef enum tern_effect {
  TERN_NOTHING,      // a beep
  TERN_INSERT,       // `text` at the cursor
  TERN_REPLACE,      // all of it by `text`, the cursor `cursor` characters from its start
  TERN_SHOWN,        // something was printed: the line is drawn anew
  TERN_SUBMIT        // the text is finished
} tern_effect;

// `text` is for free().
typedef struct tern_reply { tern_effect effect; char *text; long cursor; } tern_reply;

// `given`: what was pasted, or the character of TERN_KEY_CLOSE.
typedef tern_reply (*tern_key_handler)(void *context, tern_key key, const char *before, const char *after, const char *given);

typedef enum tern_line_status { TERN_LINE_READ, TERN_LINE_END, TERN_LINE_INTERRUPTED } tern_line_status;

tern_editline *tern_editline_open(const char *program);   // NULL without the library or a usable terminal
void tern_editline_close(tern_editline *editor);
void tern_editline_handle(tern_editline *editor, tern_key_handler handler, void *context);
void tern_editline_remember(tern_editline *editor, const char *text);   // adds a text to what Ctrl-R searches
// Reads a text of one line or several into `text`, which stands until the next call. `prompt` may hold escape codes between \1 and \1.
tern_line_status tern_editline_read(tern_editline *editor, const char *prompt, const char **text);
int tern_columns_of(unsigned scalar);                       // of a terminal; -1 when it has none to show
bool tern_input_waits(int milliseconds);                  // more is there to read: what was pasted
void tern_input_clear(void);                              // after an interrupted read
