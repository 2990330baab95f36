import { canonicalQuantity } from './quantity.ts'
import { integerOf, Misfit, shown, textOf } from './values.ts'
import type { Writer } from './writer.ts'

/** Writes a value. */
export type Encode = (to: Writer, value: unknown) => void

/** Go's zero time, that of a field which was never set. */
const zeroTime = -62_135_596_800
const time = /^(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** Types that JSON spells in a way of their own. */
export const special: ReadonlyMap<string, Encode> = new Map<string, Encode>([
  ['Quantity', quantity],
  ['Time', timestamp],
  ['IntOrString', intOrString],
  ['FieldsV1', (to, value) => text(to, 1, JSON.stringify(value))],
])

function quantity(to: Writer, value: unknown): void {
  if (value === undefined || value === null) return text(to, 1, '0')
  const spelt = typeof value === 'number' ? String(value) : textOf(value)
  const canonical = canonicalQuantity(spelt)
  if (canonical === undefined) throw new Misfit(`${shown(value)}, and must be a quantity such as 500m or 2Gi`)
  text(to, 1, canonical)
}

function timestamp(to: Writer, value: unknown): void {
  if (value === undefined || value === null) return
  const seconds = secondsOf(value instanceof Date ? value.toISOString() : textOf(value))
  if (seconds === undefined) throw new Misfit(`${shown(value)}, and must be a time such as 2026-01-31T12:00:00Z`)
  if (seconds === zeroTime) return
  integer(to, 2, 0)
  integer(to, 1, seconds)
}

function secondsOf(spelt: string): number | undefined {
  const [, year, month, day] = time.exec(spelt) ?? []
  const milliseconds = day === undefined ? NaN : Date.parse(spelt.replace(',', '.'))
  // 31 February is a day in March to JavaScript, and none to Go.
  const overflows =
    Number(day) > 28 && new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day)
  return Number.isNaN(milliseconds) || overflows ? undefined : Math.floor(milliseconds / 1000)
}

function intOrString(to: Writer, value: unknown): void {
  const spelt = typeof value === 'string'
  text(to, 3, spelt ? value : '')
  integer(to, 2, spelt ? 0 : integerOf(value))
  integer(to, 1, spelt ? 1 : 0)
}

export function text(to: Writer, number: number, value: string): void {
  const before = to.length
  to.text(value)
  to.varint(to.length - before)
  to.varint(number * 8 + 2)
}

export function integer(to: Writer, number: number, value: number): void {
  to.varint(value)
  to.varint(number * 8)
}
