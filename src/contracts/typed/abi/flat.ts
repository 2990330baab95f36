import type { Flat } from './layout.ts'

/** An expression for a value of a case, which is passed in the place of values of all cases: "Flat Lifting", for variants. */
export function fromJoined(value: string, joined: Flat, own: Flat): string {
  if (joined === own) return value
  if (joined === 'i32') return `b.intAsF32(${value})`
  if (own === 'f64') return `b.longAsF64(${value})`
  return own === 'i32' ? `b.longAsInt(${value})` : `b.intAsF32(b.longAsInt(${value}))`
}

/** The way back: "Flat Lowering", for variants. */
export function toJoined(value: string, own: Flat, joined: Flat): string {
  if (joined === own) return value
  if (joined === 'i32') return `b.f32AsInt(${value})`
  if (own === 'f64') return `b.f64AsLong(${value})`
  return own === 'i32' ? `BigInt(${value} >>> 0)` : `BigInt(b.f32AsInt(${value}))`
}

export const zeroOf = (flat: Flat): string => (flat === 'i64' ? '0n' : '0')
