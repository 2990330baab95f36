// A guest of the contract with every type, on what wit-bindgen makes of every-type.wit: hooks give back what they are given.
#include "every_type.h"

#define ECHO(name, type)                                         \
  void exports_every_type_echo_##name(type *value, type *ret) { \
    *ret = *value;                                               \
  }

ECHO(numbers, every_type_numbers_t)
ECHO(lists, every_type_lists_t)
ECHO(shape, every_type_shape_t)
ECHO(options, every_type_options_t)
ECHO(results, every_type_results_t)
ECHO(tuple, every_type_tuple3_u8_tuple2_string_bool_f64_t)
ECHO(text, every_type_string_t)

every_type_color_t exports_every_type_echo_color(every_type_color_t value) { return value; }
every_type_access_t exports_every_type_echo_access(every_type_access_t value) { return value; }
every_type_wide_t exports_every_type_echo_wide(every_type_wide_t value) { return value; }
uint32_t exports_every_type_echo_char(uint32_t value) { return value; }
bool exports_every_type_echo_bool(bool value) { return value; }

bool exports_every_type_echo_option(uint64_t *maybe_value, uint64_t *ret) {
  if (maybe_value == NULL) return false;
  *ret = *maybe_value;
  return true;
}

bool exports_every_type_echo_result(every_type_result_f32_u64_t *value, float *ret, uint64_t *err) {
  if (value->is_err) *err = value->val.err;
  else *ret = value->val.ok;
  return !value->is_err;
}

void exports_every_type_swap(every_type_string_t *left, every_type_list_string_t *right,
                             every_type_tuple2_list_string_string_t *ret) {
  ret->f0 = *right;
  ret->f1 = *left;
}

double exports_every_type_add(int64_t a, double b) { return every_type_rate((float)a) + b; }

static uint32_t counter = 0;

void exports_every_type_count(void) {
  counter++;
  every_type_tick(EVERY_TYPE_COLOR_DELETE, 0x1f600, true);
}

uint32_t exports_every_type_counted(void) { return counter; }

void exports_every_type_via_host(every_type_shape_t *shape, every_type_options_t *options, every_type_access_t access,
                                 every_type_shape_t *ret) {
  every_type_turn(shape, options, access, ret);
  every_type_shape_free(shape);
  every_type_options_free(options);
}

bool exports_every_type_via_host_flat(every_type_string_t *text, every_type_shape_t *maybe_shape,
                                      every_type_string_t *ret, every_type_string_t *err) {
  bool ok = every_type_ask(text, maybe_shape, ret, err);
  every_type_string_free(text);
  if (maybe_shape != NULL) every_type_shape_free(maybe_shape);
  return ok;
}

void exports_every_type_version(every_type_string_t *ret) { every_type_string_dup(ret, "1.0"); }

void exports_every_type_limits(every_type_numbers_t *ret) { *ret = (every_type_numbers_t){.a = 1, .b = -1}; }

uint8_t exports_every_type_level(void) { return 7; }
