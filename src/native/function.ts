import type { NativeFunction, NativeResult, NativeType } from '../units.ts'
import type { Callable, Handle } from './ffi.ts'

const parameterTypes: Readonly<Record<NativeType, string>> = {
  i32: 'int32_t',
  u32: 'uint32_t',
  i64: 'int64_t',
  f32: 'float',
  f64: 'double',
  bytes: 'void *',
  text: 'const char *',
}
const resultTypes: Readonly<Record<NativeResult, string>> = {
  void: 'void',
  i32: 'int32_t',
  u32: 'uint32_t',
  i64: 'int64_t',
  f32: 'float',
  f64: 'double',
  text: 'const char *',
}

/** A C function that can be taken back: a call of it afterwards throws what `gone` throws, where C would crash. */
export interface Revocable<F> {
  readonly call: F
  revoke(gone: () => never): void
}

/** Finds a function, whose real types nobody can check. */
export function findFunction<const P extends readonly NativeType[], R extends NativeResult>(
  handle: Handle,
  name: string,
  parameters: P,
  result: R,
): Revocable<NativeFunction<P, R>>
export function findFunction(
  handle: Handle,
  name: string,
  parameters: readonly NativeType[],
  result: NativeResult,
): Revocable<Callable> {
  for (const type of parameters) check(parameterTypes, type)
  check(resultTypes, result)
  const types = parameters.map((type) => parameterTypes[type])
  const found = handle.func(name, resultTypes[result], types)
  let live = converting(found, parameters, result)
  const revoke = (gone: () => never): void => void (live = gone)
  // Written out for the usual numbers of parameters, as in `bracketed`, which says why.
  switch (parameters.length) {
    case 0:
      return { revoke, call: () => live() }
    case 1:
      return { revoke, call: (a) => live(a) }
    case 2:
      return { revoke, call: (a, b) => live(a, b) }
    default:
      return { revoke, call: (...args) => live(...args) }
  }
}

/** What needs more than the number that it is: 64 bits are always a BigInt, texts and bytes are what they should be. */
function converting(call: Callable, parameters: readonly NativeType[], result: NativeResult): Callable {
  const checked = parameters.some((type) => type === 'bytes' || type === 'text')
  const checking: Callable = checked
    ? (...args) => call(...args.map((arg, index) => argument(parameters[index], arg)))
    : call
  if (result === 'i64') return (...args) => BigInt(String(checking(...args)))
  return result === 'text' ? (...args) => checking(...args) ?? undefined : checking
}

function argument(type: NativeType | undefined, value: unknown): unknown {
  if (type === 'bytes' && !(value instanceof Uint8Array))
    throw new TypeError('An argument of type bytes is a Uint8Array')
  if (type === 'text' && (typeof value !== 'string' || value.includes('\0')))
    throw new TypeError('An argument of type text is a string without U+0000, which ends a text in C')
  return value
}

function check(types: object, type: string): void {
  if (!Object.hasOwn(types, type))
    throw new TypeError(`There is no type '${type}' for C functions: take one of ${Object.keys(types).join(', ')}`)
}
