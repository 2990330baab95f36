#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long nanoseconds(clockid_t clock) {
  struct timespec time;
  return clock_gettime(clock, &time) == 0 ? time.tv_sec * 1000000000LL + time.tv_nsec : -1;
}

static void report(void) {
  int count = 0;
  for (char **entry = environ; entry && *entry; entry++) count++;
  const char *greeting = getenv("GREETING");
  printf("env: %d %s\n", count, greeting ? greeting : "-");

  long long start = nanoseconds(CLOCK_MONOTONIC);
  struct timespec pause = {0, 5000000};
  nanosleep(&pause, 0);
  printf("sleep: %s\n", nanoseconds(CLOCK_MONOTONIC) - start >= 5000000 ? "ok" : "too short");
  printf("time: %s\n", nanoseconds(CLOCK_REALTIME) > 1700000000LL * 1000000000 ? "ok" : "wrong");

  unsigned char a[16], b[16];
  int failed = getentropy(a, sizeof a) != 0 || getentropy(b, sizeof b) != 0;
  printf("random: %s\n", !failed && memcmp(a, b, sizeof a) != 0 ? "ok" : "wrong");

  char buffer[8];
  printf("stdin: %zu\n", fread(buffer, 1, sizeof buffer, stdin));
  FILE *file = fopen("/etc/passwd", "r");
  printf("file: %s\n", file == NULL && errno != 0 ? "refused" : "opened");
  fprintf(stderr, "to stderr\n");
}

__attribute__((export_name("probe"))) int probe(int mode) {
  switch (mode) {
  case 0:
    report();
    return 0;
  case 1:
    assert(!"it broke");
    return 1;
  case 2:
    exit(7);
  case 3:
    sleep(3600);
    return 3;
  case 4:
    exit(0);
  case 5:
    for (;;) puts("and on and on");
  default:
    return mode;
  }
}

#ifdef COMMAND
int main(void) {
  static const char *const modes[] = {"report", "panic", "exit", "sleep", "done", "flood"};
  const char *wanted = getenv("MODE");
  for (int mode = 0; wanted && mode < 6; mode++) {
    if (strcmp(wanted, modes[mode]) == 0) return probe(mode);
  }
  return 0;
}
#endif
