#include "mortise.h"
#include <stdlib.h>

/* Tests write other numbers over this one, to get libraries that differ. */
MORTISE_C MORTISE_EXPORTED volatile const uint32_t revision[2];
volatile const uint32_t revision[2] = {0x6d6f7274, 1};

MORTISE_PLUGIN("users 1")
MORTISE_HOST(lookup);

static uint32_t calls;
static int opened;

static uint32_t number(uint32_t value) {
  uint32_t *result = (uint32_t *)mortise_alloc(sizeof *result, sizeof *result);
  if (result == NULL) return 0;
  *result = value;
  return mortise_offset(result);
}

MORTISE_OPEN {
  opened = 1;
#ifdef FAILS_TO_OPEN
  return mortise_fail("there is no database");
#else
  return MORTISE_DONE;
#endif
}

MORTISE_CLOSE { opened = 0; }

MORTISE_HOOK(revision) { return number(opened ? revision[1] : 0); }

MORTISE_HOOK(count) { return number(++calls); }

/* A text, so many times in a row. */
struct repeat {
  mortise_list text;
  uint32_t times;
};
MORTISE_HOOK(repeat_text) {
  struct repeat call = *MORTISE_ARGUMENTS_AS(struct repeat);
  mortise_list *result = (mortise_list *)mortise_alloc(sizeof *result, 4);
  char *text = result == NULL ? NULL : (char *)mortise_alloc((size_t)call.text.length * call.times, 1);
  if (text == NULL) return 0;
  for (uint32_t time = 0; time < call.times; time++)
    memcpy(text + (size_t)time * call.text.length, mortise_at(call.text.offset), call.text.length);
  result->offset = mortise_offset(text);
  result->length = call.text.length * call.times;
  return mortise_offset(result);
}

/* Fails with the text that it is given. */
MORTISE_HOOK(fail) {
  const mortise_list *text = MORTISE_ARGUMENTS_AS(mortise_list);
  if (text->length == 0) return 0;
  return mortise_fail_text((const char *)mortise_at(text->offset), text->length);
}

/* Asks the host. */
MORTISE_HOOK(ask) {
  uint32_t answer = mortise_host_lookup(MORTISE_ARGUMENTS);
  return answer == 0 ? mortise_fail("the host did not answer") : answer;
}

MORTISE_C MORTISE_EXPORTED int32_t add(int32_t a, int32_t b);
int32_t add(int32_t a, int32_t b) { return a + b; }
MORTISE_C MORTISE_EXPORTED double scale(double a, float b, int64_t c);
double scale(double a, float b, int64_t c) { return a * b * (double)c; }
MORTISE_C MORTISE_EXPORTED int64_t widen(uint32_t a);
int64_t widen(uint32_t a) { return (int64_t)a * 4; }
MORTISE_C MORTISE_EXPORTED const char *greeting(const char *name);
const char *greeting(const char *name) { return name[0] == 0 ? NULL : name; }
MORTISE_C MORTISE_EXPORTED uint32_t sum(const uint8_t *bytes, uint32_t length);
uint32_t sum(const uint8_t *bytes, uint32_t length) {
  uint32_t total = 0;
  for (uint32_t index = 0; index < length; index++) total += bytes[index];
  return total;
}
