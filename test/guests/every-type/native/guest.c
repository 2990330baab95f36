// A native library of the contract with every type, on the generated header: hooks give back what they are given.
#include "every-type.h"

MORTISE_PLUGIN(EVERY_TYPE_CONTRACT)
MORTISE_HOST(turn);
MORTISE_HOST(ask);
MORTISE_HOST(tick);
MORTISE_HOST(rate);

#define ECHO(name, type) \
  MORTISE_HOOK(echo_##name) { \
    const every_type_echo_##name##__params *call = MORTISE_ARGUMENTS_AS(every_type_echo_##name##__params); \
    type *result = (type *)mortise_alloc(sizeof *result, 8); \
    if (result == NULL) return 0; \
    *result = call->value; \
    return mortise_offset(result); \
  }

ECHO(numbers, every_type_numbers)
ECHO(lists, every_type_lists)
ECHO(color, every_type_color)
ECHO(access, every_type_access)
ECHO(wide, every_type_wide)
ECHO(shape, every_type_shape)
ECHO(options, every_type_options)
ECHO(results, every_type_results)
ECHO(tuple, every_type_tuple3__u8__tuple2__string__bool__f64)
ECHO(char, uint32_t)
ECHO(bool, bool)
ECHO(text, mortise_list)
ECHO(option, every_type_option__u64)
ECHO(result, every_type_result__f32__u64)

MORTISE_HOOK(swap) {
  const every_type_swap__params *call = MORTISE_ARGUMENTS_AS(every_type_swap__params);
  every_type_tuple2__list__string__string *result =
      (every_type_tuple2__list__string__string *)mortise_alloc(sizeof *result, 8);
  if (result == NULL) return 0;
  result->item0 = call->right;
  result->item1 = call->left;
  return mortise_offset(result);
}

MORTISE_HOOK(add) {
  const every_type_add__params *call = MORTISE_ARGUMENTS_AS(every_type_add__params);
  double b = call->b;
  every_type_rate__params *rate = (every_type_rate__params *)mortise_alloc(sizeof *rate, 8);
  double *result = (double *)mortise_alloc(sizeof *result, 8);
  if (rate == NULL || result == NULL) return 0;
  rate->by = (float)call->a;
  uint32_t rated = mortise_host_rate(mortise_offset(rate));
  if (rated == 0) return 0;
  *result = *(const float *)mortise_at(rated) + b;
  return mortise_offset(result);
}

static uint32_t counter = 0;

MORTISE_HOOK(count) {
  counter++;
  every_type_tick__params *tick = (every_type_tick__params *)mortise_alloc(sizeof *tick, 8);
  if (tick == NULL) return 0;
  tick->color = EVERY_TYPE_COLOR_DELETE;
  tick->at = 0x1f600;
  tick->on = true;
  return mortise_host_tick(mortise_offset(tick)) == 0 ? 0 : MORTISE_DONE;
}

MORTISE_HOOK(counted) {
  uint32_t *result = (uint32_t *)mortise_alloc(sizeof *result, 4);
  if (result == NULL) return 0;
  *result = counter;
  return mortise_offset(result);
}

// What the host passes lies as the host function takes it, and what that returns as the hook returns it.
MORTISE_HOOK(via_host) { return mortise_host_turn(MORTISE_ARGUMENTS); }
MORTISE_HOOK(via_host_flat) { return mortise_host_ask(MORTISE_ARGUMENTS); }

MORTISE_HOOK(version) {
  mortise_list *result = (mortise_list *)mortise_alloc(sizeof *result, 4);
  if (result == NULL) return 0;
  *result = mortise_text("1.0", 3);
  return mortise_offset(result);
}

MORTISE_HOOK(limits) {
  every_type_numbers *result = (every_type_numbers *)mortise_alloc(sizeof *result, 8);
  if (result == NULL) return 0;
  memset(result, 0, sizeof *result);
  result->a = 1;
  result->b = -1;
  return mortise_offset(result);
}

MORTISE_HOOK(level) {
  uint8_t *result = (uint8_t *)mortise_alloc(sizeof *result, 1);
  if (result == NULL) return 0;
  *result = 7;
  return mortise_offset(result);
}
