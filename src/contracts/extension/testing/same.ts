import { type FieldValue, isQName } from '../fields.ts'

/**
 * A value as a test may have written it, in the form of the one that it is compared with: an integer of 64 bits is a bigint there, a
 * float of 32 bits is rounded, and bytes are a plain `Uint8Array`.
 */
export function alike(written: unknown, other: unknown): unknown {
  if (typeof written === 'number') {
    if (typeof other === 'bigint' && Number.isSafeInteger(written)) return BigInt(written)
    return typeof other === 'number' && Object.is(other, Math.fround(written)) ? other : written
  }
  if (written instanceof Uint8Array) return Uint8Array.from(written)
  if (Array.isArray(written)) {
    const items: readonly unknown[] = written
    return items.map((item, index) => alike(item, Array.isArray(other) ? other[index] : undefined))
  }
  if (typeof written !== 'object' || written === null) return written
  const others: Readonly<Record<string, unknown>> = typeof other === 'object' ? { ...other } : {}
  return Object.fromEntries(Object.entries(written).map(([name, value]) => [name, alike(value, others[name])]))
}

/** Whether a field that a test gave holds what a guest asks for. */
export function same(given: FieldValue | undefined, asked: FieldValue): boolean {
  if (given === undefined || given === null || asked === null) return given === asked
  if (given instanceof Uint8Array || asked instanceof Uint8Array)
    return given instanceof Uint8Array && asked instanceof Uint8Array && Buffer.compare(given, asked) === 0
  if (isQName(given) || isQName(asked))
    return isQName(given) && isQName(asked) && given.pkg === asked.pkg && given.entity === asked.entity
  return alike(given, asked) === asked || (typeof given === 'bigint' && alike(asked, given) === given)
}
