import { MortiseError } from './errors.ts'

/**
 * Checks that options are an object with known keys. Callers without a type checker write what they like.
 *
 * @param where - what is being configured, for the error's sentence
 * @throws MortiseError `OPTION_INVALID`, `OPTION_UNKNOWN`
 */
export function checkKeys(given: unknown, names: readonly string[], where: string): asserts given is object {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new MortiseError('OPTION_INVALID', `Cannot configure ${where} with ${show(given)}: it takes an object`)
  }
  for (const key of Object.keys(given)) {
    if (names.includes(key)) continue
    throw new MortiseError(
      'OPTION_UNKNOWN',
      `Cannot configure ${where}: there is no option '${key}'. The options are ${names.join(', ')}`,
    )
  }
}

/** Checks that an option has a value that it can have. */
export function checkOption(name: string, value: unknown, valid: boolean, wanted: string): void {
  if (!valid) refuseOption(name, value, wanted)
}

/** Refuses the value of an option. */
export function refuseOption(name: string, value: unknown, wanted: string): never {
  throw new MortiseError('OPTION_INVALID', `Cannot set '${name}' to ${show(value)}: it takes ${wanted}`)
}

/** A value as a sentence shows it: any value, and never much of it. */
function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 60)}'`
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? (value.length === 0 ? 'an empty array' : 'an array') : 'an object'
  }
  return String(value)
}
