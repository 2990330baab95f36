import {
  ask,
  turn,
  rate,
  tick,
  Color,
  Access,
  Lists,
  Numbers,
  Options,
  Result,
  Results,
  Shape,
  Some,
  Tuple2,
  Tuple3,
  Wide,
} from './every-type-bindings'
export function echoNumbers(value: Numbers): Numbers {
  return value
}
export function echoLists(value: Lists): Lists {
  return value
}
export function echoColor(value: Color): Color {
  return value
}
export function echoAccess(value: Access): Access {
  return value
}
export function echoWide(value: Wide): Wide {
  return value
}
export function echoShape(value: Shape): Shape {
  return value
}
export function echoOptions(value: Options): Options {
  return value
}
export function echoResults(value: Results): Results {
  return value
}
export function echoTuple(value: Tuple3<u8, Tuple2<string, bool>, f64>): Tuple3<u8, Tuple2<string, bool>, f64> {
  return value
}
export function echoChar(value: i32): i32 {
  return value
}
export function echoBool(value: bool): bool {
  return value
}
export function echoText(value: string): string {
  return value
}
export function echoOption(value: Some<u64> | null): Some<u64> | null {
  return value
}
export function echoResult(value: Result<f32, u64>): Result<f32, u64> {
  return value
}
export function swap(left: string, right: string[]): Tuple2<string[], string> {
  return new Tuple2(right, left)
}
export function add(a: i64, b: f64): f64 {
  return rate(<f32>a) + b
}
let counter: u32 = 0
export function count(): void {
  counter++
  tick(Color.delete, 0x1f600, true)
}
export function counted(): u32 {
  return counter
}
export function viaHost(shape: Shape, options: Options, access: Access): Shape {
  return turn(shape, options, access)
}
export function viaHostFlat(text: string, shape: Shape | null): Result<string, string> {
  return ask(text, shape)
}
export const version: string = '1.0'
export function limits(): Numbers {
  return new Numbers(1, -1)
}
export const level: u8 = 7
