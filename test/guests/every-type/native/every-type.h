// Made by 'mortise bindings <contract module> --lang c'. Edit the contract, not this file.

#ifndef EVERY_TYPE_H
#define EVERY_TYPE_H

#include <stdbool.h>
#include "mortise.h"

/* For MORTISE_PLUGIN: which contract the library was built for. */
#define EVERY_TYPE_CONTRACT "{\"contract\":\"every-type\",\"types\":{\"numbers\":{\"record\":{\"a\":\"u8\",\"b\":\"s8\",\"c\":\"u16\",\"d\":\"s16\",\"e\":\"u32\",\"f\":\"s32\",\"g\":\"u64\",\"h\":\"s64\",\"i\":\"f32\",\"j\":\"f64\"}},\"lists\":{\"record\":{\"a\":\"list<u8>\",\"b\":\"list<s8>\",\"c\":\"list<u16>\",\"d\":\"list<s16>\",\"e\":\"list<u32>\",\"f\":\"list<s32>\",\"g\":\"list<u64>\",\"h\":\"list<s64>\",\"i\":\"list<f32>\",\"j\":\"list<f64>\",\"k\":\"list<bool>\",\"l\":\"list<char>\",\"m\":\"list<string>\",\"n\":\"list<numbers>\",\"o\":\"list<list<string>>\"}},\"color\":{\"enum\":[\"red\",\"light-green\",\"delete\"]},\"access\":{\"flags\":[\"can-read\",\"can-write\",\"is-owner\",\"type\"]},\"wide\":{\"flags\":[\"bit0\",\"bit1\",\"bit2\",\"bit3\",\"bit4\",\"bit5\",\"bit6\",\"bit7\",\"bit8\",\"bit9\",\"bit10\",\"bit11\",\"bit12\",\"bit13\",\"bit14\",\"bit15\",\"bit16\",\"bit17\",\"bit18\",\"bit19\",\"bit20\",\"bit21\",\"bit22\",\"bit23\",\"bit24\",\"bit25\",\"bit26\",\"bit27\",\"bit28\",\"bit29\",\"bit30\",\"bit31\"]},\"shape\":{\"variant\":{\"nothing\":null,\"circle\":\"f32\",\"label\":\"string\",\"size\":\"tuple<u64, f64>\",\"new\":\"numbers\",\"many-points\":\"list<tuple<s16, s16>>\"}},\"options\":{\"record\":{\"a\":\"option<string>\",\"b\":\"option<u32>\",\"c\":\"option<option<bool>>\",\"d\":\"option<color>\",\"e\":\"option<access>\",\"f\":\"option<numbers>\",\"g\":\"option<list<u8>>\",\"h\":\"option<option<option<string>>>\",\"i\":\"option<shape>\",\"j\":\"option<char>\"}},\"results\":{\"record\":{\"a\":\"result<u32, string>\",\"b\":\"result<_, string>\",\"c\":\"result<list<u8>>\",\"d\":\"result\",\"e\":\"result<option<shape>, color>\"}}},\"hooks\":{\"echo-numbers\":{\"params\":{\"value\":\"numbers\"},\"result\":\"numbers\"},\"echo-lists\":{\"params\":{\"value\":\"lists\"},\"result\":\"lists\"},\"echo-color\":{\"params\":{\"value\":\"color\"},\"result\":\"color\"},\"echo-access\":{\"params\":{\"value\":\"access\"},\"result\":\"access\"},\"echo-wide\":{\"params\":{\"value\":\"wide\"},\"result\":\"wide\"},\"echo-shape\":{\"params\":{\"value\":\"shape\"},\"result\":\"shape\"},\"echo-options\":{\"params\":{\"value\":\"options\"},\"result\":\"options\"},\"echo-results\":{\"params\":{\"value\":\"results\"},\"result\":\"results\"},\"echo-tuple\":{\"params\":{\"value\":\"tuple<u8, tuple<string, bool>, f64>\"},\"result\":\"tuple<u8, tuple<string, bool>, f64>\"},\"echo-char\":{\"params\":{\"value\":\"char\"},\"result\":\"char\"},\"echo-bool\":{\"params\":{\"value\":\"bool\"},\"result\":\"bool\"},\"echo-text\":{\"params\":{\"value\":\"string\"},\"result\":\"string\"},\"echo-option\":{\"params\":{\"value\":\"option<u64>\"},\"result\":\"option<u64>\"},\"echo-result\":{\"params\":{\"value\":\"result<f32, u64>\"},\"result\":\"result<f32, u64>\"},\"swap\":{\"params\":{\"left\":\"string\",\"right\":\"list<string>\"},\"result\":\"tuple<list<string>, string>\"},\"add\":{\"params\":{\"a\":\"s64\",\"b\":\"f64\"},\"result\":\"f64\"},\"count\":{\"params\":{},\"result\":null},\"counted\":{\"params\":{},\"result\":\"u32\"},\"via-host\":{\"params\":{\"shape\":\"shape\",\"options\":\"options\",\"access\":\"access\"},\"result\":\"shape\"},\"via-host-flat\":{\"params\":{\"text\":\"string\",\"shape\":\"option<shape>\"},\"result\":\"result<string, string>\"}},\"host-functions\":{\"turn\":{\"params\":{\"shape\":\"shape\",\"options\":\"options\",\"access\":\"access\"},\"result\":\"shape\"},\"ask\":{\"params\":{\"text\":\"string\",\"shape\":\"option<shape>\"},\"result\":\"result<string, string>\"},\"tick\":{\"params\":{\"color\":\"color\",\"at\":\"char\",\"on\":\"bool\"},\"result\":null},\"rate\":{\"params\":{\"by\":\"f32\"},\"result\":\"f32\"}},\"values\":{\"version\":\"string\",\"limits\":\"numbers\",\"level\":\"u8\"}}"

typedef struct {
  uint8_t a;
  int8_t b;
  uint16_t c;
  int16_t d;
  uint32_t e;
  int32_t f;
  uint64_t g;
  int64_t h;
  float i;
  double j;
} every_type_numbers;

typedef struct {
  mortise_list a; /* a list of u8 */
  mortise_list b; /* a list of s8 */
  mortise_list c; /* a list of u16 */
  mortise_list d; /* a list of s16 */
  mortise_list e; /* a list of u32 */
  mortise_list f; /* a list of s32 */
  mortise_list g; /* a list of u64 */
  mortise_list h; /* a list of s64 */
  mortise_list i; /* a list of f32 */
  mortise_list j; /* a list of f64 */
  mortise_list k; /* a list of bool */
  mortise_list l; /* a list of char */
  mortise_list m; /* a list of string */
  mortise_list n; /* a list of numbers */
  mortise_list o; /* a list of lists */
} every_type_lists;

typedef uint8_t every_type_color;
#define EVERY_TYPE_COLOR_RED 0
#define EVERY_TYPE_COLOR_LIGHT_GREEN 1
#define EVERY_TYPE_COLOR_DELETE 2

typedef uint8_t every_type_access;
#define EVERY_TYPE_ACCESS_CAN_READ 0x1u
#define EVERY_TYPE_ACCESS_CAN_WRITE 0x2u
#define EVERY_TYPE_ACCESS_IS_OWNER 0x4u
#define EVERY_TYPE_ACCESS_TYPE 0x8u

typedef uint32_t every_type_wide;
#define EVERY_TYPE_WIDE_BIT0 0x1u
#define EVERY_TYPE_WIDE_BIT1 0x2u
#define EVERY_TYPE_WIDE_BIT2 0x4u
#define EVERY_TYPE_WIDE_BIT3 0x8u
#define EVERY_TYPE_WIDE_BIT4 0x10u
#define EVERY_TYPE_WIDE_BIT5 0x20u
#define EVERY_TYPE_WIDE_BIT6 0x40u
#define EVERY_TYPE_WIDE_BIT7 0x80u
#define EVERY_TYPE_WIDE_BIT8 0x100u
#define EVERY_TYPE_WIDE_BIT9 0x200u
#define EVERY_TYPE_WIDE_BIT10 0x400u
#define EVERY_TYPE_WIDE_BIT11 0x800u
#define EVERY_TYPE_WIDE_BIT12 0x1000u
#define EVERY_TYPE_WIDE_BIT13 0x2000u
#define EVERY_TYPE_WIDE_BIT14 0x4000u
#define EVERY_TYPE_WIDE_BIT15 0x8000u
#define EVERY_TYPE_WIDE_BIT16 0x10000u
#define EVERY_TYPE_WIDE_BIT17 0x20000u
#define EVERY_TYPE_WIDE_BIT18 0x40000u
#define EVERY_TYPE_WIDE_BIT19 0x80000u
#define EVERY_TYPE_WIDE_BIT20 0x100000u
#define EVERY_TYPE_WIDE_BIT21 0x200000u
#define EVERY_TYPE_WIDE_BIT22 0x400000u
#define EVERY_TYPE_WIDE_BIT23 0x800000u
#define EVERY_TYPE_WIDE_BIT24 0x1000000u
#define EVERY_TYPE_WIDE_BIT25 0x2000000u
#define EVERY_TYPE_WIDE_BIT26 0x4000000u
#define EVERY_TYPE_WIDE_BIT27 0x8000000u
#define EVERY_TYPE_WIDE_BIT28 0x10000000u
#define EVERY_TYPE_WIDE_BIT29 0x20000000u
#define EVERY_TYPE_WIDE_BIT30 0x40000000u
#define EVERY_TYPE_WIDE_BIT31 0x80000000u

typedef struct {
  uint64_t item0;
  double item1;
} every_type_tuple2__u64__f64;

typedef struct {
  int16_t item0;
  int16_t item1;
} every_type_tuple2__s16__s16;

#define EVERY_TYPE_SHAPE_NOTHING 0
#define EVERY_TYPE_SHAPE_CIRCLE 1
#define EVERY_TYPE_SHAPE_LABEL 2
#define EVERY_TYPE_SHAPE_SIZE 3
#define EVERY_TYPE_SHAPE_NEW 4
#define EVERY_TYPE_SHAPE_MANY_POINTS 5
typedef struct {
  uint8_t tag;
  union {
    float circle;
    mortise_list label;
    every_type_tuple2__u64__f64 size;
    every_type_numbers new_;
    mortise_list many_points; /* a list of tuple2__s16__s16 */
  } as;
} every_type_shape;

typedef struct {
  bool is_some;
  mortise_list some;
} every_type_option__string;

typedef struct {
  bool is_some;
  uint32_t some;
} every_type_option__u32;

typedef struct {
  bool is_some;
  bool some;
} every_type_option__bool;

typedef struct {
  bool is_some;
  every_type_option__bool some;
} every_type_option__option__bool;

typedef struct {
  bool is_some;
  every_type_color some;
} every_type_option__color;

typedef struct {
  bool is_some;
  every_type_access some;
} every_type_option__access;

typedef struct {
  bool is_some;
  every_type_numbers some;
} every_type_option__numbers;

typedef struct {
  bool is_some;
  mortise_list some; /* a list of u8 */
} every_type_option__list__u8;

typedef struct {
  bool is_some;
  every_type_option__string some;
} every_type_option__option__string;

typedef struct {
  bool is_some;
  every_type_option__option__string some;
} every_type_option__option__option__string;

typedef struct {
  bool is_some;
  every_type_shape some;
} every_type_option__shape;

typedef struct {
  bool is_some;
  uint32_t some; /* a code point */
} every_type_option__char;

typedef struct {
  every_type_option__string a;
  every_type_option__u32 b;
  every_type_option__option__bool c;
  every_type_option__color d;
  every_type_option__access e;
  every_type_option__numbers f;
  every_type_option__list__u8 g;
  every_type_option__option__option__string h;
  every_type_option__shape i;
  every_type_option__char j;
} every_type_options;

typedef struct {
  bool is_error;
  union {
    uint32_t ok;
    mortise_list error;
  } as;
} every_type_result__u32__string;

typedef struct {
  bool is_error;
  union {
    mortise_list error;
  } as;
} every_type_result__none__string;

typedef struct {
  bool is_error;
  union {
    mortise_list ok; /* a list of u8 */
  } as;
} every_type_result__list__u8__none;

typedef struct {
  bool is_error;
} every_type_result__none__none;

typedef struct {
  bool is_error;
  union {
    every_type_option__shape ok;
    every_type_color error;
  } as;
} every_type_result__option__shape__color;

typedef struct {
  every_type_result__u32__string a;
  every_type_result__none__string b;
  every_type_result__list__u8__none c;
  every_type_result__none__none d;
  every_type_result__option__shape__color e;
} every_type_results;

typedef struct {
  mortise_list item0;
  bool item1;
} every_type_tuple2__string__bool;

typedef struct {
  uint8_t item0;
  every_type_tuple2__string__bool item1;
  double item2;
} every_type_tuple3__u8__tuple2__string__bool__f64;

typedef struct {
  bool is_some;
  uint64_t some;
} every_type_option__u64;

typedef struct {
  bool is_error;
  union {
    float ok;
    uint64_t error;
  } as;
} every_type_result__f32__u64;

typedef struct {
  mortise_list item0; /* a list of string */
  mortise_list item1;
} every_type_tuple2__list__string__string;

typedef struct {
  bool is_error;
  union {
    mortise_list ok;
    mortise_list error;
  } as;
} every_type_result__string__string;

/* MORTISE_HOOK(echo_numbers): the hook 'echo-numbers' returns numbers, a every_type_numbers. */
typedef struct {
  every_type_numbers value;
} every_type_echo_numbers__params;

/* MORTISE_HOOK(echo_lists): the hook 'echo-lists' returns lists, a every_type_lists. */
typedef struct {
  every_type_lists value;
} every_type_echo_lists__params;

/* MORTISE_HOOK(echo_color): the hook 'echo-color' returns color, a every_type_color. */
typedef struct {
  every_type_color value;
} every_type_echo_color__params;

/* MORTISE_HOOK(echo_access): the hook 'echo-access' returns access, a every_type_access. */
typedef struct {
  every_type_access value;
} every_type_echo_access__params;

/* MORTISE_HOOK(echo_wide): the hook 'echo-wide' returns wide, a every_type_wide. */
typedef struct {
  every_type_wide value;
} every_type_echo_wide__params;

/* MORTISE_HOOK(echo_shape): the hook 'echo-shape' returns shape, a every_type_shape. */
typedef struct {
  every_type_shape value;
} every_type_echo_shape__params;

/* MORTISE_HOOK(echo_options): the hook 'echo-options' returns options, a every_type_options. */
typedef struct {
  every_type_options value;
} every_type_echo_options__params;

/* MORTISE_HOOK(echo_results): the hook 'echo-results' returns results, a every_type_results. */
typedef struct {
  every_type_results value;
} every_type_echo_results__params;

/* MORTISE_HOOK(echo_tuple): the hook 'echo-tuple' returns tuple3__u8__tuple2__string__bool__f64, a every_type_tuple3__u8__tuple2__string__bool__f64. */
typedef struct {
  every_type_tuple3__u8__tuple2__string__bool__f64 value;
} every_type_echo_tuple__params;

/* MORTISE_HOOK(echo_char): the hook 'echo-char' returns a code point, a uint32_t. */
typedef struct {
  uint32_t value; /* a code point */
} every_type_echo_char__params;

/* MORTISE_HOOK(echo_bool): the hook 'echo-bool' returns bool, a bool. */
typedef struct {
  bool value;
} every_type_echo_bool__params;

/* MORTISE_HOOK(echo_text): the hook 'echo-text' returns string, a mortise_list. */
typedef struct {
  mortise_list value;
} every_type_echo_text__params;

/* MORTISE_HOOK(echo_option): the hook 'echo-option' returns option__u64, a every_type_option__u64. */
typedef struct {
  every_type_option__u64 value;
} every_type_echo_option__params;

/* MORTISE_HOOK(echo_result): the hook 'echo-result' returns result__f32__u64, a every_type_result__f32__u64. */
typedef struct {
  every_type_result__f32__u64 value;
} every_type_echo_result__params;

/* MORTISE_HOOK(swap): the hook 'swap' returns tuple2__list__string__string, a every_type_tuple2__list__string__string. */
typedef struct {
  mortise_list left;
  mortise_list right; /* a list of string */
} every_type_swap__params;

/* MORTISE_HOOK(add): the hook 'add' returns f64, a double. */
typedef struct {
  int64_t a;
  double b;
} every_type_add__params;

/* MORTISE_HOOK(count): the hook 'count' returns nothing. */

/* MORTISE_HOOK(counted): the hook 'counted' returns u32, a uint32_t. */

/* MORTISE_HOOK(via_host): the hook 'via-host' returns shape, a every_type_shape. */
typedef struct {
  every_type_shape shape;
  every_type_options options;
  every_type_access access;
} every_type_via_host__params;

/* MORTISE_HOOK(via_host_flat): the hook 'via-host-flat' returns result__string__string, a every_type_result__string__string. */
typedef struct {
  mortise_list text;
  every_type_option__shape shape;
} every_type_via_host_flat__params;

/* MORTISE_HOOK(version): the value 'version' returns string, a mortise_list. */

/* MORTISE_HOOK(limits): the value 'limits' returns numbers, a every_type_numbers. */

/* MORTISE_HOOK(level): the value 'level' returns u8, a uint8_t. */

/* MORTISE_HOST(turn): the host function 'turn' returns shape, a every_type_shape. */
typedef struct {
  every_type_shape shape;
  every_type_options options;
  every_type_access access;
} every_type_turn__params;

/* MORTISE_HOST(ask): the host function 'ask' returns result__string__string, a every_type_result__string__string. */
typedef struct {
  mortise_list text;
  every_type_option__shape shape;
} every_type_ask__params;

/* MORTISE_HOST(tick): the host function 'tick' returns nothing. */
typedef struct {
  every_type_color color;
  uint32_t at; /* a code point */
  bool on;
} every_type_tick__params;

/* MORTISE_HOST(rate): the host function 'rate' returns f32, a float. */
typedef struct {
  float by;
} every_type_rate__params;

#endif
