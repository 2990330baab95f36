// Made by 'mortise bindings <contract module> --lang assemblyscript'. Edit the contract, not this file.

import {
  echoNumbers as own_echoNumbers,
  echoLists as own_echoLists,
  echoColor as own_echoColor,
  echoAccess as own_echoAccess,
  echoWide as own_echoWide,
  echoShape as own_echoShape,
  echoOptions as own_echoOptions,
  echoResults as own_echoResults,
  echoTuple as own_echoTuple,
  echoChar as own_echoChar,
  echoBool as own_echoBool,
  echoText as own_echoText,
  echoOption as own_echoOption,
  echoResult as own_echoResult,
  swap as own_swap,
  add as own_add,
  count as own_count,
  counted as own_counted,
  viaHost as own_viaHost,
  viaHostFlat as own_viaHostFlat,
  version as own_version,
  limits as own_limits,
  level as own_level
} from './index'
import {
  __bits_Access,
  __bits_Wide,
  __read_Access,
  __read_Lists,
  __read_Options,
  __read_Results,
  __read_Shape,
  __read_Wide,
  __read_list_string,
  __take_Shape,
  __take_option_Shape,
  __take_option_u64,
  __take_result_f32_u64,
  __write_Lists,
  __write_Numbers,
  __write_Options,
  __write_Results,
  __write_Shape,
  __write_option_u64,
  __write_result_f32_u64,
  __write_result_string_string,
  __write_tuple2_list_string_string,
  __write_tuple3_u8_tuple2_string_bool_f64,
  Tuple2,
  Tuple3,
  Numbers,
  Lists,
  Color,
  Access,
  Wide,
  Shape,
  Options,
  Results
} from './every-type-bindings'
import { Result, Some } from 'tenon/contract'
import { begin as __begin, drop as __drop, room as __room, text as __text } from 'tenon/contract/_abi'
export { cabi_realloc } from 'tenon/contract/_abi'

export function hook_echoNumbers(
  f0: i32,
  f1: i32,
  f2: i32,
  f3: i32,
  f4: i32,
  f5: i32,
  f6: i64,
  f7: i64,
  f8: f32,
  f9: f64
): i32 {
  __begin()
  const _a0 = new Numbers(<u8>f0, <i8>f1, <u16>f2, <i16>f3, <u32>f4, <i32>f5, <u64>f6, <i64>f7, <f32>f8, <f64>f9)
  const _result: Numbers = own_echoNumbers(_a0)
  const _area = __room(1, 48, 8)
  __write_Numbers(_area, _result)
  return <i32>_area
}

export function hook_echoLists(f0: i32): i32 {
  __begin()
  const _p = <usize>f0
  const _a0 = __read_Lists(_p)
  __drop(_p)
  const _result: Lists = own_echoLists(_a0)
  const _area = __room(1, 120, 4)
  __write_Lists(_area, _result)
  return <i32>_area
}

export function hook_echoColor(f0: i32): i32 {
  __begin()
  const _a0 = <Color>f0
  const _result: Color = own_echoColor(_a0)
  return <i32>_result
}

export function hook_echoAccess(f0: i32): i32 {
  __begin()
  const _a0 = __read_Access(f0)
  const _result: Access = own_echoAccess(_a0)
  return <i32>__bits_Access(_result)
}

export function hook_echoWide(f0: i32): i32 {
  __begin()
  const _a0 = __read_Wide(f0)
  const _result: Wide = own_echoWide(_a0)
  return <i32>__bits_Wide(_result)
}

export function hook_echoShape(
  f0: i32,
  f1: i64,
  f2: i64,
  f3: i32,
  f4: i32,
  f5: i32,
  f6: i32,
  f7: i64,
  f8: i64,
  f9: f32,
  f10: f64
): i32 {
  __begin()
  const _a0 = __take_Shape(f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10)
  const _result: Shape = own_echoShape(_a0)
  const _area = __room(1, 56, 8)
  __write_Shape(_area, _result)
  return <i32>_area
}

export function hook_echoOptions(f0: i32): i32 {
  __begin()
  const _p = <usize>f0
  const _a0 = __read_Options(_p)
  __drop(_p)
  const _result: Options = own_echoOptions(_a0)
  const _area = __room(1, 192, 8)
  __write_Options(_area, _result)
  return <i32>_area
}

export function hook_echoResults(f0: i32): i32 {
  __begin()
  const _p = <usize>f0
  const _a0 = __read_Results(_p)
  __drop(_p)
  const _result: Results = own_echoResults(_a0)
  const _area = __room(1, 112, 8)
  __write_Results(_area, _result)
  return <i32>_area
}

export function hook_echoTuple(f0: i32, f1: i32, f2: i32, f3: i32, f4: f64): i32 {
  __begin()
  const _a0 = new Tuple3<u8, Tuple2<string, bool>, f64>(
    <u8>f0,
    new Tuple2<string, bool>(__text(<usize>f1, f2), f3 != 0),
    <f64>f4
  )
  const _result: Tuple3<u8, Tuple2<string, bool>, f64> = own_echoTuple(_a0)
  const _area = __room(1, 24, 8)
  __write_tuple3_u8_tuple2_string_bool_f64(_area, _result)
  return <i32>_area
}

export function hook_echoChar(f0: i32): i32 {
  __begin()
  const _a0 = <i32>f0
  const _result: i32 = own_echoChar(_a0)
  return <i32>_result
}

export function hook_echoBool(f0: i32): i32 {
  __begin()
  const _a0 = f0 != 0
  const _result: bool = own_echoBool(_a0)
  return <i32>_result
}

export function hook_echoText(f0: i32, f1: i32): i32 {
  __begin()
  const _a0 = __text(<usize>f0, f1)
  const _result: string = own_echoText(_a0)
  const _area = __room(1, 8, 4)
  store<usize>(_area, changetype<usize>(_result))
  store<i32>(_area, _result.length, 4)
  return <i32>_area
}

export function hook_echoOption(f0: i32, f1: i64): i32 {
  __begin()
  const _a0 = __take_option_u64(f0, f1)
  const _result: Some<u64> | null = own_echoOption(_a0)
  const _area = __room(1, 16, 8)
  __write_option_u64(_area, _result)
  return <i32>_area
}

export function hook_echoResult(f0: i32, f1: i64): i32 {
  __begin()
  const _a0 = __take_result_f32_u64(f0, f1)
  const _result: Result<f32, u64> = own_echoResult(_a0)
  const _area = __room(1, 16, 8)
  __write_result_f32_u64(_area, _result)
  return <i32>_area
}

export function hook_swap(f0: i32, f1: i32, f2: i32, f3: i32): i32 {
  __begin()
  const _a0 = __text(<usize>f0, f1)
  const _a1 = __read_list_string(<usize>f2, f3)
  const _result: Tuple2<Array<string>, string> = own_swap(_a0, _a1)
  const _area = __room(1, 16, 4)
  __write_tuple2_list_string_string(_area, _result)
  return <i32>_area
}

export function hook_add(f0: i64, f1: f64): f64 {
  __begin()
  const _a0 = <i64>f0
  const _a1 = <f64>f1
  const _result: f64 = own_add(_a0, _a1)
  return <f64>_result
}

export function hook_count(): void {
  __begin()
  own_count()
}

export function hook_counted(): i32 {
  __begin()
  const _result: u32 = own_counted()
  return <i32>_result
}

export function hook_viaHost(f0: i32): i32 {
  __begin()
  const _p = <usize>f0
  const _a0 = __read_Shape(_p)
  const _a1 = __read_Options(_p + 56)
  const _a2 = __read_Access(load<u8>(_p, 248))
  __drop(_p)
  const _result: Shape = own_viaHost(_a0, _a1, _a2)
  const _area = __room(1, 56, 8)
  __write_Shape(_area, _result)
  return <i32>_area
}

export function hook_viaHostFlat(
  f0: i32,
  f1: i32,
  f2: i32,
  f3: i32,
  f4: i64,
  f5: i64,
  f6: i32,
  f7: i32,
  f8: i32,
  f9: i32,
  f10: i64,
  f11: i64,
  f12: f32,
  f13: f64
): i32 {
  __begin()
  const _a0 = __text(<usize>f0, f1)
  const _a1 = __take_option_Shape(f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12, f13)
  const _result: Result<string, string> = own_viaHostFlat(_a0, _a1)
  const _area = __room(1, 12, 4)
  __write_result_string_string(_area, _result)
  return <i32>_area
}

export function hook_version(): i32 {
  __begin()
  const _result: string = own_version
  const _area = __room(1, 8, 4)
  store<usize>(_area, changetype<usize>(_result))
  store<i32>(_area, _result.length, 4)
  return <i32>_area
}

export function hook_limits(): i32 {
  __begin()
  const _result: Numbers = own_limits
  const _area = __room(1, 48, 8)
  __write_Numbers(_area, _result)
  return <i32>_area
}

export function hook_level(): i32 {
  __begin()
  const _result: u8 = own_level
  return <i32>_result
}
