// Made by 'mortise bindings <contract module> --lang assemblyscript'. Edit the contract, not this file.

import { Nothing, Result, Some } from 'tenon/contract'
import {
  drop as __drop,
  mark as __mark,
  numbers as __numbers,
  release as __release,
  room as __room,
  text as __text
} from 'tenon/contract/_abi'
export { Nothing, Result, Some }

export class Tuple2<T0, T1> {
  constructor(
    public item0: T0,
    public item1: T1,
  ) {}
}

export class Tuple3<T0, T1, T2> {
  constructor(
    public item0: T0,
    public item1: T1,
    public item2: T2,
  ) {}
}

export class Numbers {
  constructor(
    public a: u8 = 0,
    public b: i8 = 0,
    public c: u16 = 0,
    public d: i16 = 0,
    public e: u32 = 0,
    public f: i32 = 0,
    public g: u64 = 0,
    public h: i64 = 0,
    public i: f32 = 0,
    public j: f64 = 0,
  ) {}
}

export class Lists {
  constructor(
    public a: Uint8Array = new Uint8Array(0),
    public b: Int8Array = new Int8Array(0),
    public c: Uint16Array = new Uint16Array(0),
    public d: Int16Array = new Int16Array(0),
    public e: Uint32Array = new Uint32Array(0),
    public f: Int32Array = new Int32Array(0),
    public g: Uint64Array = new Uint64Array(0),
    public h: Int64Array = new Int64Array(0),
    public i: Float32Array = new Float32Array(0),
    public j: Float64Array = new Float64Array(0),
    public k: Array<bool> = [],
    public l: Array<i32> = [],
    public m: Array<string> = [],
    public n: Array<Numbers> = [],
    public o: Array<Array<string>> = [],
  ) {}
}

export enum Color {
  red,
  lightGreen,
  delete,
}

export class Access {
  constructor(
    public canRead: bool = false,
    public canWrite: bool = false,
    public isOwner: bool = false,
    public type: bool = false,
  ) {}
}

export class Wide {
  constructor(
    public bit0: bool = false,
    public bit1: bool = false,
    public bit2: bool = false,
    public bit3: bool = false,
    public bit4: bool = false,
    public bit5: bool = false,
    public bit6: bool = false,
    public bit7: bool = false,
    public bit8: bool = false,
    public bit9: bool = false,
    public bit10: bool = false,
    public bit11: bool = false,
    public bit12: bool = false,
    public bit13: bool = false,
    public bit14: bool = false,
    public bit15: bool = false,
    public bit16: bool = false,
    public bit17: bool = false,
    public bit18: bool = false,
    public bit19: bool = false,
    public bit20: bool = false,
    public bit21: bool = false,
    public bit22: bool = false,
    public bit23: bool = false,
    public bit24: bool = false,
    public bit25: bool = false,
    public bit26: bool = false,
    public bit27: bool = false,
    public bit28: bool = false,
    public bit29: bool = false,
    public bit30: bool = false,
    public bit31: bool = false,
  ) {}
}

export enum ShapeCase {
  nothing,
  circle,
  label,
  size,
  new_,
  manyPoints,
}

export class Shape {
  private _circle: f32 = 0
  private _label: string | null = null
  private _size: Tuple2<u64, f64> | null = null
  private _new_: Numbers | null = null
  private _manyPoints: Array<Tuple2<i16, i16>> | null = null
  private constructor(readonly tag: ShapeCase) {}

  static nothing(): Shape {
    return new Shape(ShapeCase.nothing)
  }

  static circle(value: f32): Shape {
    const made = new Shape(ShapeCase.circle)
    made._circle = value
    return made
  }

  static label(value: string): Shape {
    const made = new Shape(ShapeCase.label)
    made._label = value
    return made
  }

  static size(value: Tuple2<u64, f64>): Shape {
    const made = new Shape(ShapeCase.size)
    made._size = value
    return made
  }

  static new_(value: Numbers): Shape {
    const made = new Shape(ShapeCase.new_)
    made._new_ = value
    return made
  }

  static manyPoints(value: Array<Tuple2<i16, i16>>): Shape {
    const made = new Shape(ShapeCase.manyPoints)
    made._manyPoints = value
    return made
  }

  /** What a 'circle' holds; of another case it has none, and the call ends. */
  get circle(): f32 {
    if (this.tag != ShapeCase.circle) throw new Error("this Shape is no 'circle'")
    return this._circle
  }

  /** What a 'label' holds; of another case it has none, and the call ends. */
  get label(): string {
    if (this.tag != ShapeCase.label) throw new Error("this Shape is no 'label'")
    return changetype<string>(this._label)
  }

  /** What a 'size' holds; of another case it has none, and the call ends. */
  get size(): Tuple2<u64, f64> {
    if (this.tag != ShapeCase.size) throw new Error("this Shape is no 'size'")
    return changetype<Tuple2<u64, f64>>(this._size)
  }

  /** What a 'new' holds; of another case it has none, and the call ends. */
  get new_(): Numbers {
    if (this.tag != ShapeCase.new_) throw new Error("this Shape is no 'new'")
    return changetype<Numbers>(this._new_)
  }

  /** What a 'many-points' holds; of another case it has none, and the call ends. */
  get manyPoints(): Array<Tuple2<i16, i16>> {
    if (this.tag != ShapeCase.manyPoints) throw new Error("this Shape is no 'many-points'")
    return changetype<Array<Tuple2<i16, i16>>>(this._manyPoints)
  }
}

export class Options {
  constructor(
    public a: string | null = null,
    public b: Some<u32> | null = null,
    public c: Some<Some<bool> | null> | null = null,
    public d: Some<Color> | null = null,
    public e: Access | null = null,
    public f: Numbers | null = null,
    public g: Uint8Array | null = null,
    public h: Some<Some<string | null> | null> | null = null,
    public i: Shape | null = null,
    public j: Some<i32> | null = null,
  ) {}
}

export class Results {
  constructor(
    public a: Result<u32, string> = Result.ok<u32, string>(0),
    public b: Result<Nothing, string> = Result.ok<Nothing, string>(false),
    public c: Result<Uint8Array, Nothing> = Result.ok<Uint8Array, Nothing>(new Uint8Array(0)),
    public d: Result<Nothing, Nothing> = Result.ok<Nothing, Nothing>(false),
    public e: Result<Shape | null, Color> = Result.ok<Shape | null, Color>(null),
  ) {}
}

// @ts-ignore: decorator
@external('$root', 'turn') declare function __host_turn(f0: i32, f1: i32): void
export function turn(shape: Shape, options: Options, access: Access): Shape {
  const _mark = __mark()
  const _params = __room(1, 256, 8)
  __write_Shape(_params, shape)
  __write_Options(_params + 56, options)
  store<u8>(_params, <u8>__bits_Access(access), 248)
  const _area = __room(1, 56, 8)
  __host_turn(<i32>_params, <i32>_area)
  const _result: Shape = __read_Shape(_area)
  __release(_mark)
  return _result
}

// @ts-ignore: decorator
@external('$root', 'ask') declare function __host_ask(
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
  f13: f64,
  f14: i32
): void
export function ask(text: string, shape: Shape | null): Result<string, string> {
  const _mark = __mark()
  const _v0 = shape
  let _f1: i32 = 0
  let _f2: i32 = 0
  let _f3: i64 = 0
  let _f4: i64 = 0
  let _f5: i32 = 0
  let _f6: i32 = 0
  let _f7: i32 = 0
  let _f8: i32 = 0
  let _f9: i64 = 0
  let _f10: i64 = 0
  let _f11: f32 = 0
  let _f12: f64 = 0
  if (_v0 !== null) {
    const _v13 = _v0
    const _v14 = _v13
    let _f15: i32 = 0
    let _f16: i64 = 0
    let _f17: i64 = 0
    let _f18: i32 = 0
    let _f19: i32 = 0
    let _f20: i32 = 0
    let _f21: i32 = 0
    let _f22: i64 = 0
    let _f23: i64 = 0
    let _f24: f32 = 0
    let _f25: f64 = 0
    switch (_v14.tag) {
      case ShapeCase.nothing: {
        _f15 = 0
        break
      }
      case ShapeCase.circle: {
        const _v27 = _v14.circle
        _f15 = 1
        _f16 = <i64>reinterpret<u32>(<f32>_v27)
        break
      }
      case ShapeCase.label: {
        const _v28 = _v14.label
        _f15 = 2
        _f16 = <i64><i32>changetype<usize>(_v28)
        _f17 = <i64>_v28.length
        break
      }
      case ShapeCase.size: {
        const _v29 = _v14.size
        _f15 = 3
        _f16 = <i64>_v29.item0
        _f17 = reinterpret<i64>(<f64>_v29.item1)
        break
      }
      case ShapeCase.new_: {
        const _v30 = _v14.new_
        _f15 = 4
        _f16 = <i64><i32>_v30.a
        _f17 = <i64><i32>_v30.b
        _f18 = <i32>_v30.c
        _f19 = <i32>_v30.d
        _f20 = <i32>_v30.e
        _f21 = <i32>_v30.f
        _f22 = <i64>_v30.g
        _f23 = <i64>_v30.h
        _f24 = <f32>_v30.i
        _f25 = <f64>_v30.j
        break
      }
      case ShapeCase.manyPoints: {
        const _v31 = _v14.manyPoints
        _f15 = 5
        _f16 = <i64><i32>__write_list_tuple2_s16_s16(_v31)
        _f17 = <i64>_v31.length
        break
      }
    }
    _f1 = 1
    _f2 = _f15
    _f3 = _f16
    _f4 = _f17
    _f5 = _f18
    _f6 = _f19
    _f7 = _f20
    _f8 = _f21
    _f9 = _f22
    _f10 = _f23
    _f11 = _f24
    _f12 = _f25
  } else {
    _f1 = 0
  }
  const _area = __room(1, 12, 4)
  __host_ask(
    <i32>changetype<usize>(text),
    text.length,
    _f1,
    _f2,
    _f3,
    _f4,
    _f5,
    _f6,
    _f7,
    _f8,
    _f9,
    _f10,
    _f11,
    _f12,
    <i32>_area
  )
  const _result: Result<string, string> = __read_result_string_string(_area)
  __release(_mark)
  return _result
}

// @ts-ignore: decorator
@external('$root', 'tick') declare function __host_tick(f0: i32, f1: i32, f2: i32): void
export function tick(color: Color, at: i32, on: bool): void {
  const _mark = __mark()
  __host_tick(<i32>color, <i32>at, <i32>on)
  __release(_mark)
}

// @ts-ignore: decorator
@external('$root', 'rate') declare function __host_rate(f0: f32): f32
export function rate(by: f32): f32 {
  const _mark = __mark()
  const _given = __host_rate(<f32>by)
  const _result: f32 = <f32>_given
  __release(_mark)
  return _result
}

// How values lie in memory: for what 'mortise build' compiles with a guest.

export function __bits_Access(v: Access): u32 {
  return ((v.canRead ? 0x1 : 0) | (v.canWrite ? 0x2 : 0) | (v.isOwner ? 0x4 : 0) | (v.type ? 0x8 : 0))
}

export function __bits_Wide(v: Wide): u32 {
  return (
    (v.bit0 ? 0x1 : 0) |
    (v.bit1 ? 0x2 : 0) |
    (v.bit2 ? 0x4 : 0) |
    (v.bit3 ? 0x8 : 0) |
    (v.bit4 ? 0x10 : 0) |
    (v.bit5 ? 0x20 : 0) |
    (v.bit6 ? 0x40 : 0) |
    (v.bit7 ? 0x80 : 0) |
    (v.bit8 ? 0x100 : 0) |
    (v.bit9 ? 0x200 : 0) |
    (v.bit10 ? 0x400 : 0) |
    (v.bit11 ? 0x800 : 0) |
    (v.bit12 ? 0x1000 : 0) |
    (v.bit13 ? 0x2000 : 0) |
    (v.bit14 ? 0x4000 : 0) |
    (v.bit15 ? 0x8000 : 0) |
    (v.bit16 ? 0x10000 : 0) |
    (v.bit17 ? 0x20000 : 0) |
    (v.bit18 ? 0x40000 : 0) |
    (v.bit19 ? 0x80000 : 0) |
    (v.bit20 ? 0x100000 : 0) |
    (v.bit21 ? 0x200000 : 0) |
    (v.bit22 ? 0x400000 : 0) |
    (v.bit23 ? 0x800000 : 0) |
    (v.bit24 ? 0x1000000 : 0) |
    (v.bit25 ? 0x2000000 : 0) |
    (v.bit26 ? 0x4000000 : 0) |
    (v.bit27 ? 0x8000000 : 0) |
    (v.bit28 ? 0x10000000 : 0) |
    (v.bit29 ? 0x20000000 : 0) |
    (v.bit30 ? 0x40000000 : 0) |
    (v.bit31 ? 0x80000000 : 0)
  )
}

export function __read_Access(bits: u32): Access {
  return new Access((bits & 0x1) != 0, (bits & 0x2) != 0, (bits & 0x4) != 0, (bits & 0x8) != 0)
}

export function __read_Lists(p: usize): Lists {
  return new Lists(
    __numbers<Uint8Array>(load<usize>(p), load<i32>(p, 4)),
    __numbers<Int8Array>(load<usize>(p, 8), load<i32>(p, 12)),
    __numbers<Uint16Array>(load<usize>(p, 16), load<i32>(p, 20)),
    __numbers<Int16Array>(load<usize>(p, 24), load<i32>(p, 28)),
    __numbers<Uint32Array>(load<usize>(p, 32), load<i32>(p, 36)),
    __numbers<Int32Array>(load<usize>(p, 40), load<i32>(p, 44)),
    __numbers<Uint64Array>(load<usize>(p, 48), load<i32>(p, 52)),
    __numbers<Int64Array>(load<usize>(p, 56), load<i32>(p, 60)),
    __numbers<Float32Array>(load<usize>(p, 64), load<i32>(p, 68)),
    __numbers<Float64Array>(load<usize>(p, 72), load<i32>(p, 76)),
    __read_list_bool(load<usize>(p, 80), load<i32>(p, 84)),
    __read_list_char(load<usize>(p, 88), load<i32>(p, 92)),
    __read_list_string(load<usize>(p, 96), load<i32>(p, 100)),
    __read_list_Numbers(load<usize>(p, 104), load<i32>(p, 108)),
    __read_list_list_string(load<usize>(p, 112), load<i32>(p, 116))
  )
}

export function __read_Numbers(p: usize): Numbers {
  return new Numbers(
    load<u8>(p),
    load<i8>(p, 1),
    load<u16>(p, 2),
    load<i16>(p, 4),
    load<u32>(p, 8),
    load<i32>(p, 12),
    load<u64>(p, 16),
    load<i64>(p, 24),
    load<f32>(p, 32),
    load<f64>(p, 40)
  )
}

export function __read_Options(p: usize): Options {
  return new Options(
    __read_option_string(p),
    __read_option_u32(p + 12),
    __read_option_option_bool(p + 20),
    __read_option_Color(p + 23),
    __read_option_Access(p + 25),
    __read_option_Numbers(p + 32),
    __read_option_list_u8(p + 88),
    __read_option_option_option_string(p + 100),
    __read_option_Shape(p + 120),
    __read_option_char(p + 184)
  )
}

export function __read_Results(p: usize): Results {
  return new Results(
    __read_result_u32_string(p),
    __read_result_none_string(p + 12),
    __read_result_list_u8_none(p + 24),
    __read_result_none_none(p + 36),
    __read_result_option_Shape_Color(p + 40)
  )
}

export function __read_Shape(p: usize): Shape {
  switch (load<u8>(p)) {
    case 0: return Shape.nothing()
    case 1: return Shape.circle(load<f32>(p, 8))
    case 2: return Shape.label(__text(load<usize>(p, 8), load<i32>(p, 12)))
    case 3: return Shape.size(__read_tuple2_u64_f64(p + 8))
    case 4: return Shape.new_(__read_Numbers(p + 8))
    default: return Shape.manyPoints(__read_list_tuple2_s16_s16(load<usize>(p, 8), load<i32>(p, 12)))
  }
}

export function __read_Wide(bits: u32): Wide {
  return new Wide(
    (bits & 0x1) != 0,
    (bits & 0x2) != 0,
    (bits & 0x4) != 0,
    (bits & 0x8) != 0,
    (bits & 0x10) != 0,
    (bits & 0x20) != 0,
    (bits & 0x40) != 0,
    (bits & 0x80) != 0,
    (bits & 0x100) != 0,
    (bits & 0x200) != 0,
    (bits & 0x400) != 0,
    (bits & 0x800) != 0,
    (bits & 0x1000) != 0,
    (bits & 0x2000) != 0,
    (bits & 0x4000) != 0,
    (bits & 0x8000) != 0,
    (bits & 0x10000) != 0,
    (bits & 0x20000) != 0,
    (bits & 0x40000) != 0,
    (bits & 0x80000) != 0,
    (bits & 0x100000) != 0,
    (bits & 0x200000) != 0,
    (bits & 0x400000) != 0,
    (bits & 0x800000) != 0,
    (bits & 0x1000000) != 0,
    (bits & 0x2000000) != 0,
    (bits & 0x4000000) != 0,
    (bits & 0x8000000) != 0,
    (bits & 0x10000000) != 0,
    (bits & 0x20000000) != 0,
    (bits & 0x40000000) != 0,
    (bits & 0x80000000) != 0
  )
}

export function __read_list_Numbers(p: usize, length: i32): Array<Numbers> {
  const list = new Array<Numbers>(length)
  for (let i = 0, at = p; i < length; i++, at += 48) list[i] = __read_Numbers(at)
  __drop(p)
  return list
}

export function __read_list_bool(p: usize, length: i32): Array<bool> {
  const list = new Array<bool>(length)
  for (let i = 0, at = p; i < length; i++, at += 1) list[i] = load<u8>(at) != 0
  __drop(p)
  return list
}

export function __read_list_char(p: usize, length: i32): Array<i32> {
  const list = new Array<i32>(length)
  for (let i = 0, at = p; i < length; i++, at += 4) list[i] = load<i32>(at)
  __drop(p)
  return list
}

export function __read_list_list_string(p: usize, length: i32): Array<Array<string>> {
  const list = new Array<Array<string>>(length)
  for (let i = 0, at = p; i < length; i++, at += 8) list[i] = __read_list_string(load<usize>(at), load<i32>(at, 4))
  __drop(p)
  return list
}

export function __read_list_string(p: usize, length: i32): Array<string> {
  const list = new Array<string>(length)
  for (let i = 0, at = p; i < length; i++, at += 8) list[i] = __text(load<usize>(at), load<i32>(at, 4))
  __drop(p)
  return list
}

export function __read_list_tuple2_s16_s16(p: usize, length: i32): Array<Tuple2<i16, i16>> {
  const list = new Array<Tuple2<i16, i16>>(length)
  for (let i = 0, at = p; i < length; i++, at += 4) list[i] = __read_tuple2_s16_s16(at)
  __drop(p)
  return list
}

export function __read_option_Access(p: usize): Access | null {
  if (load<u8>(p) == 0) return null
  return __read_Access(load<u8>(p, 1))
}

export function __read_option_Color(p: usize): Some<Color> | null {
  if (load<u8>(p) == 0) return null
  return new Some<Color>(<Color>load<u8>(p, 1))
}

export function __read_option_Numbers(p: usize): Numbers | null {
  if (load<u8>(p) == 0) return null
  return __read_Numbers(p + 8)
}

export function __read_option_Shape(p: usize): Shape | null {
  if (load<u8>(p) == 0) return null
  return __read_Shape(p + 8)
}

export function __read_option_bool(p: usize): Some<bool> | null {
  if (load<u8>(p) == 0) return null
  return new Some<bool>(load<u8>(p, 1) != 0)
}

export function __read_option_char(p: usize): Some<i32> | null {
  if (load<u8>(p) == 0) return null
  return new Some<i32>(load<i32>(p, 4))
}

export function __read_option_list_u8(p: usize): Uint8Array | null {
  if (load<u8>(p) == 0) return null
  return __numbers<Uint8Array>(load<usize>(p, 4), load<i32>(p, 8))
}

export function __read_option_option_bool(p: usize): Some<Some<bool> | null> | null {
  if (load<u8>(p) == 0) return null
  return new Some<Some<bool> | null>(__read_option_bool(p + 1))
}

export function __read_option_option_option_string(p: usize): Some<Some<string | null> | null> | null {
  if (load<u8>(p) == 0) return null
  return new Some<Some<string | null> | null>(__read_option_option_string(p + 4))
}

export function __read_option_option_string(p: usize): Some<string | null> | null {
  if (load<u8>(p) == 0) return null
  return new Some<string | null>(__read_option_string(p + 4))
}

export function __read_option_string(p: usize): string | null {
  if (load<u8>(p) == 0) return null
  return __text(load<usize>(p, 4), load<i32>(p, 8))
}

export function __read_option_u32(p: usize): Some<u32> | null {
  if (load<u8>(p) == 0) return null
  return new Some<u32>(load<u32>(p, 4))
}

export function __read_result_list_u8_none(p: usize): Result<Uint8Array, Nothing> {
  if (load<u8>(p) == 0) return Result.ok<Uint8Array, Nothing>(__numbers<Uint8Array>(load<usize>(p, 4), load<i32>(p, 8)))
  return Result.error<Uint8Array, Nothing>(false)
}

export function __read_result_none_none(p: usize): Result<Nothing, Nothing> {
  if (load<u8>(p) == 0) return Result.ok<Nothing, Nothing>(false)
  return Result.error<Nothing, Nothing>(false)
}

export function __read_result_none_string(p: usize): Result<Nothing, string> {
  if (load<u8>(p) == 0) return Result.ok<Nothing, string>(false)
  return Result.error<Nothing, string>(__text(load<usize>(p, 4), load<i32>(p, 8)))
}

export function __read_result_option_Shape_Color(p: usize): Result<Shape | null, Color> {
  if (load<u8>(p) == 0) return Result.ok<Shape | null, Color>(__read_option_Shape(p + 8))
  return Result.error<Shape | null, Color>(<Color>load<u8>(p, 8))
}

export function __read_result_string_string(p: usize): Result<string, string> {
  if (load<u8>(p) == 0) return Result.ok<string, string>(__text(load<usize>(p, 4), load<i32>(p, 8)))
  return Result.error<string, string>(__text(load<usize>(p, 4), load<i32>(p, 8)))
}

export function __read_result_u32_string(p: usize): Result<u32, string> {
  if (load<u8>(p) == 0) return Result.ok<u32, string>(load<u32>(p, 4))
  return Result.error<u32, string>(__text(load<usize>(p, 4), load<i32>(p, 8)))
}

export function __read_tuple2_s16_s16(p: usize): Tuple2<i16, i16> {
  return new Tuple2<i16, i16>(load<i16>(p), load<i16>(p, 2))
}

export function __read_tuple2_u64_f64(p: usize): Tuple2<u64, f64> {
  return new Tuple2<u64, f64>(load<u64>(p), load<f64>(p, 8))
}

export function __take_Shape(f0: i32, f1: i64, f2: i64, f3: i32, f4: i32, f5: i32, f6: i32, f7: i64, f8: i64, f9: f32, f10: f64): Shape {
  switch (f0) {
    case 0: return Shape.nothing()
    case 1: return Shape.circle(<f32>reinterpret<f32>(<i32>f1))
    case 2: return Shape.label(__text(<usize><i32>f1, <i32>f2))
    case 3: return Shape.size(new Tuple2<u64, f64>(<u64>f1, <f64>reinterpret<f64>(f2)))
    case 4: return Shape.new_(new Numbers(<u8><i32>f1, <i8><i32>f2, <u16>f3, <i16>f4, <u32>f5, <i32>f6, <u64>f7, <i64>f8, <f32>f9, <f64>f10))
    default: return Shape.manyPoints(__read_list_tuple2_s16_s16(<usize><i32>f1, <i32>f2))
  }
}

export function __take_option_Shape(
  f0: i32,
  f1: i32,
  f2: i64,
  f3: i64,
  f4: i32,
  f5: i32,
  f6: i32,
  f7: i32,
  f8: i64,
  f9: i64,
  f10: f32,
  f11: f64
): Shape | null {
  if (f0 == 0) return null
  return __take_Shape(f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11)
}

export function __take_option_u64(f0: i32, f1: i64): Some<u64> | null {
  if (f0 == 0) return null
  return new Some<u64>(<u64>f1)
}

export function __take_result_f32_u64(f0: i32, f1: i64): Result<f32, u64> {
  if (f0 == 0) return Result.ok<f32, u64>(<f32>reinterpret<f32>(<i32>f1))
  return Result.error<f32, u64>(<u64>f1)
}

export function __write_Lists(p: usize, v: Lists): void {
  store<usize>(p, v.a.dataStart)
  store<i32>(p, v.a.length, 4)
  store<usize>(p, v.b.dataStart, 8)
  store<i32>(p, v.b.length, 12)
  store<usize>(p, v.c.dataStart, 16)
  store<i32>(p, v.c.length, 20)
  store<usize>(p, v.d.dataStart, 24)
  store<i32>(p, v.d.length, 28)
  store<usize>(p, v.e.dataStart, 32)
  store<i32>(p, v.e.length, 36)
  store<usize>(p, v.f.dataStart, 40)
  store<i32>(p, v.f.length, 44)
  store<usize>(p, v.g.dataStart, 48)
  store<i32>(p, v.g.length, 52)
  store<usize>(p, v.h.dataStart, 56)
  store<i32>(p, v.h.length, 60)
  store<usize>(p, v.i.dataStart, 64)
  store<i32>(p, v.i.length, 68)
  store<usize>(p, v.j.dataStart, 72)
  store<i32>(p, v.j.length, 76)
  store<usize>(p, __write_list_bool(v.k), 80)
  store<i32>(p, v.k.length, 84)
  store<usize>(p, __write_list_char(v.l), 88)
  store<i32>(p, v.l.length, 92)
  store<usize>(p, __write_list_string(v.m), 96)
  store<i32>(p, v.m.length, 100)
  store<usize>(p, __write_list_Numbers(v.n), 104)
  store<i32>(p, v.n.length, 108)
  store<usize>(p, __write_list_list_string(v.o), 112)
  store<i32>(p, v.o.length, 116)
}

export function __write_Numbers(p: usize, v: Numbers): void {
  store<u8>(p, v.a)
  store<i8>(p, v.b, 1)
  store<u16>(p, v.c, 2)
  store<i16>(p, v.d, 4)
  store<u32>(p, v.e, 8)
  store<i32>(p, v.f, 12)
  store<u64>(p, v.g, 16)
  store<i64>(p, v.h, 24)
  store<f32>(p, v.i, 32)
  store<f64>(p, v.j, 40)
}

export function __write_Options(p: usize, v: Options): void {
  __write_option_string(p, v.a)
  __write_option_u32(p + 12, v.b)
  __write_option_option_bool(p + 20, v.c)
  __write_option_Color(p + 23, v.d)
  __write_option_Access(p + 25, v.e)
  __write_option_Numbers(p + 32, v.f)
  __write_option_list_u8(p + 88, v.g)
  __write_option_option_option_string(p + 100, v.h)
  __write_option_Shape(p + 120, v.i)
  __write_option_char(p + 184, v.j)
}

export function __write_Results(p: usize, v: Results): void {
  __write_result_u32_string(p, v.a)
  __write_result_none_string(p + 12, v.b)
  __write_result_list_u8_none(p + 24, v.c)
  __write_result_none_none(p + 36, v.d)
  __write_result_option_Shape_Color(p + 40, v.e)
}

export function __write_Shape(p: usize, v: Shape): void {
  switch (v.tag) {
    case ShapeCase.nothing: {
      store<u8>(p, 0)
      break
    }
    case ShapeCase.circle: {
      store<u8>(p, 1)
      const held = v.circle
      store<f32>(p, held, 8)
      break
    }
    case ShapeCase.label: {
      store<u8>(p, 2)
      const held = v.label
      store<usize>(p, changetype<usize>(held), 8)
      store<i32>(p, held.length, 12)
      break
    }
    case ShapeCase.size: {
      store<u8>(p, 3)
      const held = v.size
      __write_tuple2_u64_f64(p + 8, held)
      break
    }
    case ShapeCase.new_: {
      store<u8>(p, 4)
      const held = v.new_
      __write_Numbers(p + 8, held)
      break
    }
    case ShapeCase.manyPoints: {
      store<u8>(p, 5)
      const held = v.manyPoints
      store<usize>(p, __write_list_tuple2_s16_s16(held), 8)
      store<i32>(p, held.length, 12)
      break
    }
  }
}

export function __write_list_Numbers(v: Array<Numbers>): usize {
  const length = v.length
  const p = __room(length, 48, 8)
  for (let i = 0, at = p; i < length; i++, at += 48) {
    const e = v[i]
    __write_Numbers(at, e)
  }
  return p
}

export function __write_list_bool(v: Array<bool>): usize {
  const length = v.length
  const p = __room(length, 1, 1)
  for (let i = 0, at = p; i < length; i++, at += 1) {
    const e = v[i]
    store<u8>(at, <u8>e)
  }
  return p
}

export function __write_list_char(v: Array<i32>): usize {
  const length = v.length
  const p = __room(length, 4, 4)
  for (let i = 0, at = p; i < length; i++, at += 4) {
    const e = v[i]
    store<i32>(at, e)
  }
  return p
}

export function __write_list_list_string(v: Array<Array<string>>): usize {
  const length = v.length
  const p = __room(length, 8, 4)
  for (let i = 0, at = p; i < length; i++, at += 8) {
    const e = v[i]
    store<usize>(at, __write_list_string(e))
    store<i32>(at, e.length, 4)
  }
  return p
}

export function __write_list_string(v: Array<string>): usize {
  const length = v.length
  const p = __room(length, 8, 4)
  for (let i = 0, at = p; i < length; i++, at += 8) {
    const e = v[i]
    store<usize>(at, changetype<usize>(e))
    store<i32>(at, e.length, 4)
  }
  return p
}

export function __write_list_tuple2_s16_s16(v: Array<Tuple2<i16, i16>>): usize {
  const length = v.length
  const p = __room(length, 4, 2)
  for (let i = 0, at = p; i < length; i++, at += 4) {
    const e = v[i]
    __write_tuple2_s16_s16(at, e)
  }
  return p
}

export function __write_option_Access(p: usize, v: Access | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v
    store<u8>(p, <u8>__bits_Access(held), 1)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_option_Color(p: usize, v: Some<Color> | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v.value
    store<u8>(p, <u8>held, 1)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_option_Numbers(p: usize, v: Numbers | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v
    __write_Numbers(p + 8, held)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_option_Shape(p: usize, v: Shape | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v
    __write_Shape(p + 8, held)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_option_bool(p: usize, v: Some<bool> | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v.value
    store<u8>(p, <u8>held, 1)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_option_char(p: usize, v: Some<i32> | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v.value
    store<i32>(p, held, 4)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_option_list_u8(p: usize, v: Uint8Array | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v
    store<usize>(p, held.dataStart, 4)
    store<i32>(p, held.length, 8)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_option_option_bool(p: usize, v: Some<Some<bool> | null> | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v.value
    __write_option_bool(p + 1, held)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_option_option_option_string(p: usize, v: Some<Some<string | null> | null> | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v.value
    __write_option_option_string(p + 4, held)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_option_option_string(p: usize, v: Some<string | null> | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v.value
    __write_option_string(p + 4, held)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_option_string(p: usize, v: string | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v
    store<usize>(p, changetype<usize>(held), 4)
    store<i32>(p, held.length, 8)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_option_u32(p: usize, v: Some<u32> | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v.value
    store<u32>(p, held, 4)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_option_u64(p: usize, v: Some<u64> | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v.value
    store<u64>(p, held, 8)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_result_f32_u64(p: usize, v: Result<f32, u64>): void {
  if (v.isOk) {
    store<u8>(p, 0)
    const held = v.value
    store<f32>(p, held, 8)
  } else {
    store<u8>(p, 1)
    const held = v.error
    store<u64>(p, held, 8)
  }
}

export function __write_result_list_u8_none(p: usize, v: Result<Uint8Array, Nothing>): void {
  if (v.isOk) {
    store<u8>(p, 0)
    const held = v.value
    store<usize>(p, held.dataStart, 4)
    store<i32>(p, held.length, 8)
  } else {
    store<u8>(p, 1)
  }
}

export function __write_result_none_none(p: usize, v: Result<Nothing, Nothing>): void {
  if (v.isOk) {
    store<u8>(p, 0)
  } else {
    store<u8>(p, 1)
  }
}

export function __write_result_none_string(p: usize, v: Result<Nothing, string>): void {
  if (v.isOk) {
    store<u8>(p, 0)
  } else {
    store<u8>(p, 1)
    const held = v.error
    store<usize>(p, changetype<usize>(held), 4)
    store<i32>(p, held.length, 8)
  }
}

export function __write_result_option_Shape_Color(p: usize, v: Result<Shape | null, Color>): void {
  if (v.isOk) {
    store<u8>(p, 0)
    const held = v.value
    __write_option_Shape(p + 8, held)
  } else {
    store<u8>(p, 1)
    const held = v.error
    store<u8>(p, <u8>held, 8)
  }
}

export function __write_result_string_string(p: usize, v: Result<string, string>): void {
  if (v.isOk) {
    store<u8>(p, 0)
    const held = v.value
    store<usize>(p, changetype<usize>(held), 4)
    store<i32>(p, held.length, 8)
  } else {
    store<u8>(p, 1)
    const held = v.error
    store<usize>(p, changetype<usize>(held), 4)
    store<i32>(p, held.length, 8)
  }
}

export function __write_result_u32_string(p: usize, v: Result<u32, string>): void {
  if (v.isOk) {
    store<u8>(p, 0)
    const held = v.value
    store<u32>(p, held, 4)
  } else {
    store<u8>(p, 1)
    const held = v.error
    store<usize>(p, changetype<usize>(held), 4)
    store<i32>(p, held.length, 8)
  }
}

export function __write_tuple2_list_string_string(p: usize, v: Tuple2<Array<string>, string>): void {
  store<usize>(p, __write_list_string(v.item0))
  store<i32>(p, v.item0.length, 4)
  store<usize>(p, changetype<usize>(v.item1), 8)
  store<i32>(p, v.item1.length, 12)
}

export function __write_tuple2_s16_s16(p: usize, v: Tuple2<i16, i16>): void {
  store<i16>(p, v.item0)
  store<i16>(p, v.item1, 2)
}

export function __write_tuple2_string_bool(p: usize, v: Tuple2<string, bool>): void {
  store<usize>(p, changetype<usize>(v.item0))
  store<i32>(p, v.item0.length, 4)
  store<u8>(p, <u8>v.item1, 8)
}

export function __write_tuple2_u64_f64(p: usize, v: Tuple2<u64, f64>): void {
  store<u64>(p, v.item0)
  store<f64>(p, v.item1, 8)
}

export function __write_tuple3_u8_tuple2_string_bool_f64(p: usize, v: Tuple3<u8, Tuple2<string, bool>, f64>): void {
  store<u8>(p, v.item0)
  __write_tuple2_string_bool(p + 4, v.item1)
  store<f64>(p, v.item2, 16)
}
