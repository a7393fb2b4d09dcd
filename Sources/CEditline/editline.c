#define _GNU_SOURCE
#include "tern_editline.h"

#include <dlfcn.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

// ---- what histedit.h says, for a library that is not there when we are built
typedef struct editline EditLine;
typedef struct history History;
typedef struct { int num; const char *str; } HistEvent;
typedef struct { const wchar_t *buffer, *cursor, *lastchar; } LineInfoW;
enum { EL_EDITOR = 2, EL_SIGNAL = 3, EL_BIND = 4, EL_ADDFN = 9, EL_HIST = 10, EL_GETCFN = 13, EL_CLIENTDATA = 14, EL_PROMPT_ESC = 21 };
enum { H_SETSIZE = 1, H_ENTER = 10, H_SETUNIQUE = 20 };
enum { CC_REFRESH = 4, CC_ERROR = 6, CC_REDISPLAY = 8 };

static struct {
  EditLine *(*init)(const char *, FILE *, FILE *, FILE *);
  void (*end)(EditLine *);
  int (*set)(EditLine *, int, ...);
  int (*wset)(EditLine *, int, ...);
  int (*get)(EditLine *, int, ...);
  const char *(*gets)(EditLine *, int *);
  const LineInfoW *(*wline)(EditLine *);
  int (*winsertstr)(EditLine *, const wchar_t *);
  void (*deletestr)(EditLine *, int);
  int (*cursor)(EditLine *, int);
  void (*resize)(EditLine *);
  void (*push)(EditLine *, const char *);
  History *(*history_init)(void);
  void (*history_end)(History *);
  int (*history)(History *, HistEvent *, int, ...);
} lib;

struct tern_editline {
  EditLine *line;
  History *history;
  const char *prompt;
  bool interrupted;
  tern_key_handler handler;
  void *context;
  mbstate_t decoding;
  unsigned short columns;
  char input[4096 + 32];         // read and not yet taken
  size_t taken, filled;
  size_t passed;                 // so many of them were looked at
  long back;                     // where the cursor goes from a bracket it shows; -1 when it shows none
  struct state { wchar_t *text; size_t length, cursor; bool typed; } states[200];   // what Ctrl-_ goes back to
  int state_count;
};

extern int tern_interrupt_raised(void);
extern void tern_interrupt(int raised);

static bool load(void) {
  void *handle = dlopen("libedit.so.2", RTLD_NOW | RTLD_LOCAL);
  if (!handle) handle = dlopen("libedit.so", RTLD_NOW | RTLD_LOCAL);
  if (!handle) return false;
  struct { const char *name; void *slot; } wanted[] = {
    {"el_init", &lib.init}, {"el_end", &lib.end}, {"el_set", &lib.set}, {"el_wset", &lib.wset}, {"el_get", &lib.get},
    {"el_gets", &lib.gets}, {"el_wline", &lib.wline}, {"el_winsertstr", &lib.winsertstr}, {"el_deletestr", &lib.deletestr},
    {"el_cursor", &lib.cursor}, {"el_resize", &lib.resize}, {"el_push", &lib.push},
    {"history_init", &lib.history_init}, {"history_end", &lib.history_end}, {"history", &lib.history},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
    void *symbol = dlsym(handle, wanted[i].name);
    if (!symbol) return false;
    memcpy(wanted[i].slot, &symbol, sizeof symbol);
  }
  return true;
}

static tern_editline *owner(EditLine *line) {
  void *data = NULL;
  lib.get(line, EL_CLIENTDATA, &data);
  return data;
}

static char *prompt(EditLine *line) { return (char *)owner(line)->prompt; }

// ---- input

static void notice_size(tern_editline *editor) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_col == editor->columns) return;
  if (editor->columns) lib.resize(editor->line);    // drawn anew with the next key
  editor->columns = size.ws_col;
}

// A byte: 1, or 0 at the end, or -1 with Ctrl-C. While nothing comes the terminal may change its size.
static int read_byte(tern_editline *editor, char *byte) {
  while (editor->taken == editor->filled) {
    if (tern_interrupt_raised()) {
      editor->interrupted = true;
      return -1;
    }
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int ready = poll(&input, 1, 200);
    if (ready == 0 || (ready < 0 && errno == EINTR)) { notice_size(editor); continue; }
    // One at a time, as what follows may be meant for others; a paste takes all there is.
    ssize_t count = ready < 0 ? -1 : read(STDIN_FILENO, editor->input, 1);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return (int)count;
    editor->taken = 0;
    editor->filled = (size_t)count;
  }
  *byte = editor->input[editor->taken++];
  return 1;
}

static void note_state(tern_editline *editor);
static bool is_bound(const char *sequence);

// Keys that come before what is there to be read, and are taken as they are.
static void put_back(tern_editline *editor, const char *keys, size_t length) {
  size_t rest = editor->filled - editor->taken;
  memmove(editor->input + length, editor->input + editor->taken, rest);
  memcpy(editor->input, keys, length);
  editor->taken = 0;
  editor->filled = length + rest;
  editor->passed = length;
}

// After ESC: a sequence that no key is bound to is taken out, where libedit would type its letters. What is bound comes again.
static void skip_unbound(tern_editline *editor) {
  char sequence[32] = "\x1b";
  size_t length = 1;
  while (length < sizeof sequence - 1) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    if (editor->taken == editor->filled && poll(&input, 1, 20) <= 0) break;
    if (read_byte(editor, sequence + length) != 1) break;
    char byte = sequence[length++];
    if (length == 2 && byte != '[') break;
    if (length > 2 && byte >= 0x40 && byte <= 0x7e) {
      sequence[length] = 0;
      if (!is_bound(sequence)) return;
      break;
    }
  }
  put_back(editor, sequence, length);
}

enum { BRACKET_MILLISECONDS = 250 };

// The cursor stands on an opening bracket: after a moment, or with the next key, it goes back to where it was, and a key that
// does nothing draws the line.
static void show_bracket(tern_editline *editor) {
  static const char nothing[] = "\x1b[101~";
  if (editor->back < 0) return;
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  if (editor->taken == editor->filled) poll(&input, 1, BRACKET_MILLISECONDS);
  const LineInfoW *info = lib.wline(editor->line);
  lib.cursor(editor->line, (int)(editor->back - (info->cursor - info->buffer)));
  editor->back = -1;
  put_back(editor, nothing, sizeof nothing - 1);
}

static int read_character(EditLine *line, wchar_t *character) {
  tern_editline *editor = owner(line);
  show_bracket(editor);
  note_state(editor);
  for (;;) {
    char byte;
    int status = read_byte(editor, &byte);
    if (editor->interrupted) {                      // the line ends as with Enter, so that what follows stands below all of it
      tern_interrupt(0);
      *character = L'\x1c';
      return 1;
    }
    if (status <= 0) return status;
    if (editor->passed > 0) {
      editor->passed--;
    } else if (byte == 0x1b) {
      skip_unbound(editor);
      continue;
    }
    size_t used = mbrtowc(character, &byte, 1, &editor->decoding);
    if (used == (size_t)-2) continue;
    if (used == (size_t)-1) {                       // no character of this locale: drop it
      memset(&editor->decoding, 0, sizeof editor->decoding);
      continue;
    }
    if (used == 0) *character = 0;
    return 1;
  }
}

// What is pasted, up to the mark of its end: for free().
static char *read_paste(tern_editline *editor) {
  static const char mark[] = "\x1b[201~";
  size_t length = 0, room = 4096;
  char *text = malloc(room);
  while (text) {
    if (editor->taken == editor->filled) {
      struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
      ssize_t count = poll(&input, 1, 1000) > 0 ? read(STDIN_FILENO, editor->input, 4096) : 0;
      if (count <= 0) break;
      editor->taken = 0;
      editor->filled = (size_t)count;
    }
    if (length + 8 > room) {
      char *larger = realloc(text, room *= 2);
      if (!larger) break;
      text = larger;
    }
    char byte = editor->input[editor->taken++];
    text[length++] = byte == '\r' ? '\n' : byte ? byte : ' ';
    if (byte == '~' && length >= 6 && memcmp(text + length - 6, mark, 6) == 0) {
      length -= 6;
      break;
    }
  }
  if (text) text[length] = 0;
  return text;
}

// ---- the text

static char *narrow(const wchar_t *text, size_t length) {
  char *bytes = malloc(length * 4 + 8), *end = bytes;
  if (!bytes) return NULL;
  mbstate_t state = {0};
  for (size_t i = 0; i < length; i++) {
    size_t used = wcrtomb(end, text[i], &state);
    if (used != (size_t)-1) end += used;
  }
  *end = 0;
  return bytes;
}

static wchar_t *widen(const char *text) {
  size_t length = strlen(text), count = 0;
  wchar_t *wide = malloc((length + 1) * sizeof *wide);
  if (!wide) return NULL;
  mbstate_t state = {0};
  for (size_t at = 0; at < length;) {
    size_t used = mbrtowc(wide + count, text + at, length - at, &state);
    if (used == (size_t)-1 || used == (size_t)-2 || used == 0) {
      memset(&state, 0, sizeof state);
      wide[count] = L'?';
      used = 1;
    }
    at += used;
    count++;
  }
  wide[count] = 0;
  return wide;
}

static void move_to(EditLine *line, long cursor) {
  const LineInfoW *info = lib.wline(line);
  lib.cursor(line, (int)(cursor - (info->cursor - info->buffer)));
}

static void replace(EditLine *line, const wchar_t *text, long cursor) {
  const LineInfoW *info = lib.wline(line);
  long length = info->lastchar - info->buffer;
  move_to(line, length);
  if (length > 0) lib.deletestr(line, (int)length);
  if (*text) lib.winsertstr(line, text);
  move_to(line, cursor);
}

// ---- undo: the text as it was before each key, letters in a row together

static void forget_states(tern_editline *editor) {
  while (editor->state_count > 0) free(editor->states[--editor->state_count].text);
}

static void note_state(tern_editline *editor) {
  const LineInfoW *info = lib.wline(editor->line);
  size_t length = (size_t)(info->lastchar - info->buffer), cursor = (size_t)(info->cursor - info->buffer);
  struct state *states = editor->states, *top = editor->state_count ? &states[editor->state_count - 1] : NULL;
  if (top && top->length == length && wmemcmp(top->text, info->buffer, length) == 0) {
    top->cursor = cursor;
    return;
  }
  if (length > 1 << 16) return;
  wchar_t *text = malloc((length + 1) * sizeof *text);
  if (!text) return;
  wmemcpy(text, info->buffer, length);
  text[length] = 0;
  bool typed = top && length == top->length + 1 && cursor == top->cursor + 1;
  int most = sizeof editor->states / sizeof *states;
  if (typed && top->typed && text[cursor - 1] != L' ') {
    free(states[--editor->state_count].text);
  } else if (editor->state_count == most) {
    free(states[0].text);
    memmove(states, states + 1, (size_t)(most - 1) * sizeof *states);
    editor->state_count--;
  }
  states[editor->state_count++] = (struct state){text, length, cursor, typed};
}

static unsigned char undo(EditLine *line, int character) {
  (void)character;
  tern_editline *editor = owner(line);
  if (editor->state_count < 2) return CC_ERROR;
  free(editor->states[--editor->state_count].text);
  struct state *state = &editor->states[editor->state_count - 1];
  replace(line, state->text, (long)state->cursor);
  return CC_REFRESH;
}

// ---- keys

static unsigned char handle(EditLine *line, tern_key key, const char *given) {
  tern_editline *editor = owner(line);
  if (!editor->handler) return CC_ERROR;
  const LineInfoW *info = lib.wline(line);
  char *before = narrow(info->buffer, (size_t)(info->cursor - info->buffer));
  char *after = narrow(info->cursor, (size_t)(info->lastchar - info->cursor));
  tern_reply reply = {TERN_NOTHING, NULL, 0};
  if (before && after) reply = editor->handler(editor->context, key, before, after, given);
  free(before);
  free(after);
  wchar_t *text = reply.text ? widen(reply.text) : NULL;
  free(reply.text);
  unsigned char done = CC_ERROR;
  switch (reply.effect) {
  case TERN_NOTHING: break;
  case TERN_INSERT: if (text && *text) { lib.winsertstr(line, text); done = CC_REFRESH; } break;
  case TERN_REPLACE: if (text) { replace(line, text, reply.cursor); done = CC_REFRESH; } break;
  case TERN_SHOWN: done = CC_REDISPLAY; break;
  case TERN_SUBMIT:
    if (text) replace(line, text, 0);
    move_to(line, 1 << 30);
    lib.push(line, "\x1b[100~");
    done = CC_REFRESH;
    break;
  }
  free(text);
  return done;
}

#define KEY(name, key) static unsigned char name(EditLine *line, int character) { (void)character; return handle(line, key, ""); }
KEY(key_enter, TERN_KEY_ENTER)
KEY(key_newline, TERN_KEY_NEWLINE)
KEY(key_up, TERN_KEY_UP)
KEY(key_down, TERN_KEY_DOWN)
KEY(key_home, TERN_KEY_HOME)
KEY(key_end, TERN_KEY_END)
KEY(key_back, TERN_KEY_BACK)
KEY(key_tab, TERN_KEY_TAB)
KEY(key_editor, TERN_KEY_EDITOR)
KEY(key_kill_end, TERN_KEY_KILL_END)
KEY(key_kill_start, TERN_KEY_KILL_START)
KEY(key_kill_word, TERN_KEY_KILL_WORD)
KEY(key_kill_next, TERN_KEY_KILL_NEXT)
KEY(key_yank, TERN_KEY_YANK)
KEY(key_left, TERN_KEY_LEFT)
KEY(key_right, TERN_KEY_RIGHT)
KEY(key_delete, TERN_KEY_DELETE)

// The bracket that the one before the cursor closes: its place, or -1. Brackets in strings count, too; it is a hint.
static long opener(EditLine *line) {
  const LineInfoW *info = lib.wline(line);
  long depth = 0;
  for (long at = info->cursor - info->buffer - 1; at >= 0; at--) {
    wchar_t character = info->buffer[at];
    if (character == L')' || character == L']' || character == L'}') depth++;
    if (character == L'(' || character == L'[' || character == L'{') depth--;
    if (depth == 0) return at;
  }
  return -1;
}

// Stands on the opening bracket for a moment, or until the next key.
static unsigned char key_close(EditLine *line, int character) {
  char given[2] = {(char)character, 0};
  unsigned char done = handle(line, TERN_KEY_CLOSE, given);
  tern_editline *editor = owner(line);
  long place = done == CC_REFRESH && editor->taken == editor->filled ? opener(line) : -1;
  if (place < 0) return done;
  const LineInfoW *info = lib.wline(line);
  editor->back = info->cursor - info->buffer;
  move_to(line, place);
  return done;
}
static unsigned char still(EditLine *line, int character) {
  (void)line;
  (void)character;
  return CC_REFRESH;
}
static unsigned char key_paste(EditLine *line, int character) {
  (void)character;
  char *pasted = read_paste(owner(line));
  unsigned char done = pasted ? handle(line, TERN_KEY_PASTE, pasted) : CC_ERROR;
  free(pasted);
  return done;
}
static unsigned char leave(EditLine *line, int character) {
  (void)character;
  lib.push(line, "\x1b[100~");
  return CC_REFRESH;
}

enum { MOST_KEYS = 5 };
static const struct { const char *name; unsigned char (*function)(EditLine *, int); const char *keys[MOST_KEYS]; } own[] = {
  {"tern-enter", key_enter, {"\r", "\n"}}, {"tern-newline", key_newline, {"\x1b\r", "\x1b\n"}},
  {"tern-up", key_up, {"\x1b[A", "\x1bOA", "^P"}}, {"tern-down", key_down, {"\x1b[B", "\x1bOB", "^N"}},
  {"tern-home", key_home, {"^A", "\x1b[H", "\x1b[1~", "\x1bOH"}}, {"tern-end", key_end, {"^E", "\x1b[F", "\x1b[4~", "\x1bOF"}},
  {"tern-back", key_back, {"^H", "^?"}}, {"tern-tab", key_tab, {"\t"}}, {"tern-close", key_close, {"}", ")", "]"}},
  {"tern-paste", key_paste, {"\x1b[200~"}}, {"tern-editor", key_editor, {"^X^E"}}, {"tern-undo", undo, {"^_", "^X^U"}},
  {"tern-leave", leave, {"^\\"}}, {"tern-still", still, {"\x1b[101~"}},
  {"tern-kill-end", key_kill_end, {"^K"}}, {"tern-kill-start", key_kill_start, {"^U"}}, {"tern-kill-word", key_kill_word, {"^W", "\x1b\x7f"}},
  {"tern-kill-next", key_kill_next, {"\x1b""d"}}, {"tern-yank", key_yank, {"^Y"}},
  {"tern-left", key_left, {"\x1b[D", "\x1bOD", "^B"}}, {"tern-right", key_right, {"\x1b[C", "\x1bOC", "^F"}}, {"tern-delete", key_delete, {"\x1b[3~"}},
};
static const char *const theirs[][2] = {
  {"\x1b[100~", "ed-newline"}, {"^R", "em-inc-search-prev"},
  {"\x1b[1;5C", "em-next-word"}, {"\x1b[1;5D", "ed-prev-word"}, {"\x1b[1;3C", "em-next-word"}, {"\x1b[1;3D", "ed-prev-word"},
};

static void bind_keys(EditLine *line) {
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
    lib.set(line, EL_ADDFN, own[i].name, own[i].name, own[i].function);
    for (int k = 0; k < MOST_KEYS && own[i].keys[k]; k++) lib.set(line, EL_BIND, own[i].keys[k], own[i].name, NULL);
  }
  for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) lib.set(line, EL_BIND, theirs[i][0], theirs[i][1], NULL);
}

static bool is_bound(const char *sequence) {
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    for (int k = 0; k < MOST_KEYS && own[i].keys[k]; k++) if (strcmp(own[i].keys[k], sequence) == 0) return true;
  for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) if (strcmp(theirs[i][0], sequence) == 0) return true;
  return false;
}

tern_editline *tern_editline_open(const char *program) {
  if (!setlocale(LC_CTYPE, "") || MB_CUR_MAX == 1) setlocale(LC_CTYPE, "C.UTF-8");
  if (!load()) return NULL;
  tern_editline *editor = calloc(1, sizeof *editor);
  if (!editor) return NULL;
  editor->prompt = "";
  editor->line = lib.init(program, stdin, stdout, stderr);
  editor->history = lib.history_init();
  if (!editor->line || !editor->history) {
    tern_editline_close(editor);
    return NULL;
  }
  HistEvent event;
  lib.history(editor->history, &event, H_SETSIZE, 5000);
  lib.history(editor->history, &event, H_SETUNIQUE, 1);
  lib.set(editor->line, EL_CLIENTDATA, editor);
  lib.set(editor->line, EL_EDITOR, "emacs");
  lib.set(editor->line, EL_SIGNAL, 0);              // libedit would signal the whole process group
  lib.set(editor->line, EL_HIST, lib.history, editor->history);
  lib.set(editor->line, EL_PROMPT_ESC, prompt, '\1');
  lib.wset(editor->line, EL_GETCFN, read_character);
  bind_keys(editor->line);
  return editor;
}

void tern_editline_close(tern_editline *editor) {
  if (!editor) return;
  if (editor->history) lib.history_end(editor->history);
  if (editor->line) lib.end(editor->line);
  forget_states(editor);
  free(editor);
}

void tern_editline_handle(tern_editline *editor, tern_key_handler handler, void *context) {
  editor->handler = handler;
  editor->context = context;
}

void tern_editline_remember(tern_editline *editor, const char *text) {
  HistEvent event;
  lib.history(editor->history, &event, H_ENTER, text);
}

// Terminals mark the ends of what is pasted while they are asked to.
static void ask_for_marks(bool wanted) {
  const char *code = wanted ? "\x1b[?2004h" : "\x1b[?2004l";
  if (write(STDOUT_FILENO, code, 8) < 0) return;
}

tern_line_status tern_editline_read(tern_editline *editor, const char *prompt, const char **text) {
  editor->prompt = prompt;
  editor->interrupted = false;
  editor->back = -1;
  memset(&editor->decoding, 0, sizeof editor->decoding);
  forget_states(editor);
  notice_size(editor);
  ask_for_marks(true);
  int count = 0;
  *text = lib.gets(editor->line, &count);
  ask_for_marks(false);
  if (editor->interrupted) return TERN_LINE_INTERRUPTED;
  return *text && count > 0 ? TERN_LINE_READ : TERN_LINE_END;
}

int tern_columns_of(unsigned scalar) { return wcwidth((wchar_t)scalar); }

bool tern_input_waits(int milliseconds) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&input, 1, milliseconds) > 0;
}

void tern_input_clear(void) { clearerr(stdin); }
