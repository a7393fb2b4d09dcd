#define _GNU_SOURCE
#include "tern_editline.h"

#include <dlfcn.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
  int (*insertstr)(EditLine *, const char *);
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
  tern_completer completer;
  void *context;
  mbstate_t decoding;
};

extern int tern_interrupt_raised(void);
extern void tern_interrupt(int raised);

static bool load(void) {
  void *handle = dlopen("libedit.so.2", RTLD_NOW | RTLD_LOCAL);
  if (!handle) handle = dlopen("libedit.so", RTLD_NOW | RTLD_LOCAL);
  if (!handle) return false;
  struct { const char *name; void *slot; } wanted[] = {
    {"el_init", &lib.init}, {"el_end", &lib.end}, {"el_set", &lib.set}, {"el_wset", &lib.wset}, {"el_get", &lib.get},
    {"el_gets", &lib.gets}, {"el_wline", &lib.wline}, {"el_insertstr", &lib.insertstr}, {"el_push", &lib.push},
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

// Waits for a character, or for Ctrl-C, which ends the line.
static int read_character(EditLine *line, wchar_t *character) {
  tern_editline *editor = owner(line);
  for (;;) {
    if (tern_interrupt_raised()) {
      editor->interrupted = true;
      return -1;
    }
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int ready = poll(&input, 1, 200);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    char byte;
    ssize_t count = ready < 0 ? -1 : read(STDIN_FILENO, &byte, 1);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return (int)count;
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

static unsigned char complete(EditLine *line, int character) {
  (void)character;
  tern_editline *editor = owner(line);
  if (!editor->completer) return CC_ERROR;
  const LineInfoW *info = lib.wline(line);
  size_t length = (size_t)(info->cursor - info->buffer);
  char *before = malloc(length * 4 + 8);
  if (!before) return CC_ERROR;
  char *end = before;
  mbstate_t state = {0};
  for (size_t i = 0; i < length; i++) {
    size_t used = wcrtomb(end, info->buffer[i], &state);
    if (used != (size_t)-1) end += used;
  }
  *end = 0;
  bool listed = false;
  char *insertion = editor->completer(editor->context, before, &listed);
  free(before);
  if (insertion && *insertion) lib.insertstr(line, insertion);
  bool changed = insertion && *insertion;
  free(insertion);
  return listed ? CC_REDISPLAY : changed ? CC_REFRESH : CC_ERROR;
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
  lib.set(editor->line, EL_ADDFN, "tern-complete", "complete a name", complete);
  lib.set(editor->line, EL_BIND, "\t", "tern-complete", NULL);
  lib.set(editor->line, EL_BIND, "^R", "em-inc-search-prev", NULL);
  lib.set(editor->line, EL_BIND, "\x1b[1~", "ed-move-to-beg", NULL);
  lib.set(editor->line, EL_BIND, "\x1b[4~", "ed-move-to-end", NULL);
  lib.set(editor->line, EL_BIND, "\x1b[3~", "ed-delete-next-char", NULL);
  lib.set(editor->line, EL_BIND, "\x1b[1;5C", "em-next-word", NULL);
  lib.set(editor->line, EL_BIND, "\x1b[1;5D", "ed-prev-word", NULL);
  return editor;
}

void tern_editline_close(tern_editline *editor) {
  if (!editor) return;
  if (editor->history) lib.history_end(editor->history);
  if (editor->line) lib.end(editor->line);
  free(editor);
}

void tern_editline_complete(tern_editline *editor, tern_completer completer, void *context) {
  editor->completer = completer;
  editor->context = context;
}

void tern_editline_remember(tern_editline *editor, const char *text) {
  HistEvent event;
  lib.history(editor->history, &event, H_ENTER, text);
}

tern_line_status tern_editline_read(tern_editline *editor, const char *prompt, const char *start, const char **line) {
  editor->prompt = prompt;
  editor->interrupted = false;
  memset(&editor->decoding, 0, sizeof editor->decoding);
  if (start && *start) lib.push(editor->line, start);
  int count = 0;
  *line = lib.gets(editor->line, &count);
  if (editor->interrupted) return TERN_LINE_INTERRUPTED;
  return *line && count > 0 ? TERN_LINE_READ : TERN_LINE_END;
}

bool tern_input_waits(int milliseconds) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&input, 1, milliseconds) > 0;
}

void tern_input_clear(void) { clearerr(stdin); }
