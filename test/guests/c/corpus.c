/* Guests that compute, for test/wasm/corpus.test.ts. What each returns depends on its arguments and its state. */
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name)))

static uint32_t seed = 1;
static int calls;

static uint32_t next(void) {
  seed = seed * 1664525u + 1013904223u;
  return seed >> 8;
}

static uint64_t mix(uint64_t hash, uint64_t value) {
  hash ^= value;
  return (hash << 13 | hash >> 51) * 0x9e3779b97f4a7c15ull;
}

static int compare(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return x < y ? -1 : x > y;
}

EXPORT(sort) uint64_t sort(int count) {
  calls++;
  int *numbers = malloc(sizeof(int) * count);
  for (int i = 0; i < count; i++) numbers[i] = next() % 10007;
  qsort(numbers, count, sizeof(int), compare);
  uint64_t hash = 7;
  for (int i = 0; i < count; i++) hash = mix(hash, numbers[i]);
  int wanted = numbers[count / 2];
  int *found = bsearch(&wanted, numbers, count, sizeof(int), compare);
  hash = mix(hash, found != NULL && *found == wanted);
  free(numbers);
  return hash;
}

/* Blocks of all sizes come and go; what is in them has to stay as it was written. */
EXPORT(churn) uint64_t churn(int rounds) {
  enum { SLOTS = 64 };
  static unsigned char *blocks[SLOTS];
  static uint32_t sizes[SLOTS];
  uint64_t hash = 1;
  calls++;
  for (int round = 0; round < rounds; round++) {
    int slot = next() % SLOTS;
    uint32_t size = 1 + next() % 3000;
    if (blocks[slot] && next() % 3 == 0) {
      blocks[slot] = realloc(blocks[slot], size);
      if (size > sizes[slot]) memset(blocks[slot] + sizes[slot], slot, size - sizes[slot]);
    } else {
      if (blocks[slot]) {
        for (uint32_t i = 0; i < sizes[slot]; i += 97) hash = mix(hash, blocks[slot][i]);
        free(blocks[slot]);
      }
      blocks[slot] = malloc(size);
      if (!blocks[slot]) return 0;
      memset(blocks[slot], slot, size);
    }
    sizes[slot] = size;
  }
  for (int slot = 0; slot < SLOTS; slot++)
    if (blocks[slot] && blocks[slot][sizes[slot] - 1] != slot) return 1;
  return hash;
}

static int format(char *out, size_t size, const char *how, ...) {
  va_list arguments;
  va_start(arguments, how);
  int length = vsnprintf(out, size, how, arguments);
  va_end(arguments);
  return length;
}

EXPORT(text) uint64_t text(int count) {
  char line[400] = "";
  uint64_t hash = 1;
  calls++;
  for (int i = 0; i < count; i++) {
    format(line, sizeof line, "%d,%x,%.9g,%s,%c", i, i * 77, i / 7.0, i % 2 ? "odd" : "even", 'a' + i % 26);
    for (char *part = strtok(line, ","); part; part = strtok(NULL, ","))
      for (size_t at = 0; at < strlen(part); at++) hash = mix(hash, (unsigned char)part[at]);
  }
  return hash;
}

EXPORT(floats) double floats(double x) {
  char said[64];
  calls++;
  format(said, sizeof said, "%.17g", x);
  double sum = strtod(said, NULL) == x;
  for (int i = 1; i < 20; i++) sum += sin(x / i) * exp(-i) + pow(fabs(x), 1.0 / i);
  return sum;
}

EXPORT(kernel) float kernel(int rounds) {
  static float a[256], b[256], c[256];
  calls++;
  for (int i = 0; i < 256; i++) a[i] = next() % 100, b[i] = next() % 100;
  for (int round = 0; round < rounds; round++)
    for (int i = 0; i < 256; i++) c[i] = a[i] * b[i] + c[i] * 0.5f;
  float most = 0;
  for (int i = 0; i < 256; i++) most = c[i] > most ? c[i] : most;
  return most;
}

EXPORT(matrix) int32_t matrix(int n) {
  static int32_t a[32][32], b[32][32], c[32][32];
  calls++;
  for (int i = 0; i < 32; i++)
    for (int j = 0; j < 32; j++) a[i][j] = i * n + j, b[i][j] = i - j * n, c[i][j] = 0;
  for (int i = 0; i < 32; i++)
    for (int j = 0; j < 32; j++)
      for (int k = 0; k < 32; k++) c[i][j] += a[i][k] * b[k][j];
  return c[n % 32][(n * 7) % 32];
}

static int queensFrom(int n, int row, uint32_t columns, uint32_t left, uint32_t right) {
  if (row == n) return 1;
  int found = 0;
  for (int column = 0; column < n; column++) {
    uint32_t bit = 1u << column;
    if (columns & bit || left & 1u << (row + column) || right & 1u << (row - column + n)) continue;
    found += queensFrom(n, row + 1, columns | bit, left | 1u << (row + column), right | 1u << (row - column + n));
  }
  return found;
}
EXPORT(queens) int queens(int n) {
  calls++;
  return queensFrom(n, 0, 0, 0, 0);
}

EXPORT(fib) int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

static int64_t add(int64_t a, int64_t b) { return a + b; }
static int64_t multiply(int64_t a, int64_t b) { return a * b; }
static int64_t divide64(int64_t a, int64_t b) { return b ? a / b : a; }
static int64_t wide(int64_t a, int64_t b) { return (int64_t)(((__int128)a * b) >> 64); }
static int64_t (*const table[])(int64_t, int64_t) = {add, multiply, divide64, wide};

EXPORT(interpret) int64_t interpret(int count) {
  int64_t value = 1;
  calls++;
  for (int i = 0; i < count; i++) {
    switch (next() % 9) {
    case 0: value += 3; break;
    case 1: value ^= (uint64_t)value >> 11; break;
    case 2: value = (int64_t)__builtin_bswap64((uint64_t)value); break;
    case 3: value -= __builtin_popcountll((uint64_t)value); break;
    case 4: value = ~value; break;
    default: value = table[next() % 4](value, (int64_t)next() - 100);
    }
  }
  return value;
}

struct pair { int64_t a; double b; };
static struct pair swap(struct pair p) { return (struct pair){(int64_t)p.b, (double)p.a}; }
EXPORT(structs) double structs(int count) {
  struct pair p = {count, 0.5};
  calls++;
  for (int i = 0; i < count; i++) p = swap((struct pair){p.a + 1, p.b + i});
  return p.a + p.b;
}

EXPORT(bulk) uint64_t bulk(int length) {
  static unsigned char bytes[9000];
  calls++;
  for (int i = 0; i < 9000; i++) bytes[i] = i * 7 + length;
  memmove(bytes + 100, bytes, length);
  memcpy(bytes + 8500, bytes, 400);
  memmove(bytes, bytes + 33, length);
  memset(bytes + 50, 9, length / 4);
  uint64_t hash = 3;
  for (int i = 0; i < 9000; i++) hash = mix(hash, bytes[i]);
  return hash;
}

/* Keeps blocks until there is no memory any more; somebody might look at each. */
static char *volatile last;
EXPORT(keep) int keep(int count) {
  int kept = 0;
  calls++;
  for (int i = 0; i < count; i++) {
    char *block = malloc(60000);
    if (!block) break;
    memset(block, i, 60000);
    last = block;
    kept++;
  }
  return kept;
}

EXPORT(divide) int divide(int a, int b) { calls++; return a / b; }
EXPORT(outside) int outside(int at) { calls++; return *(volatile int *)at; }
EXPORT(jump) int jump(int to) { calls++; return ((int (*)(int))to)(to); }
EXPORT(stop) void stop(void) { calls++; __builtin_trap(); }
EXPORT(callsSoFar) int callsSoFar(void) { return calls; }
