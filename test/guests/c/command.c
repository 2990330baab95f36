#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char input[1 << 20];
static int runs = 0;

/* The text of a field, as far as it has no escapes; the text after its quote ends with the next one. */
static const char *field(const char *name, char *room, size_t size) {
  char quoted[32];
  snprintf(quoted, sizeof quoted, "\"%s\":\"", name);
  const char *start = strstr(input, quoted);
  if (start == NULL) return NULL;
  start += strlen(quoted);
  size_t length = strcspn(start, "\"");
  if (length >= size) length = size - 1;
  memcpy(room, start, length);
  room[length] = 0;
  return room;
}

static const char *variable(const char *name) {
  const char *value = getenv(name);
  return value ? value : "-";
}

int main(void) {
  char name[64], what[64];
  size_t length = fread(input, 1, sizeof input - 1, stdin);
  input[length] = 0;
  runs++;
  if (field("do", what, sizeof what) == NULL) strcpy(what, "greet");
  if (strcmp(what, "echo") == 0) {
    fwrite(input, 1, length, stdout);
    return 0;
  }
  if (strcmp(what, "exit") == 0) exit(3);
  if (strcmp(what, "panic") == 0) __builtin_trap();
  if (strcmp(what, "loop") == 0)
    for (volatile int turn = 0;; turn++) {
    }
  if (strcmp(what, "flood") == 0)
    for (;;) puts("more");
  if (strcmp(what, "silent") == 0) return 0;
  if (strcmp(what, "noise") == 0) fputs("to stderr\n", stderr);
  if (strcmp(what, "fill") == 0) memset(malloc(4 << 20), 1, 4 << 20);
  if (strcmp(what, "hog") == 0)
    for (;;) {
      volatile char *more = malloc(1 << 20);
      if (more == NULL) abort();
      more[0] = 1;
    }
  printf("\n {\"greetings\":\"Hello, %s\",\"id\":\"%s\",\"setting\":\"%s\",\"runs\":%d}\n", field("name", name, sizeof name),
         variable("__OW_ACTIVATION_ID"), variable("SETTING"), runs);
  if (strcmp(what, "done") == 0) exit(0);
  return 0;
}
