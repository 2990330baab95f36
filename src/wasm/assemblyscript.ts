import { Buffer } from 'node:buffer'
import type { Diagnostic } from '../errors.ts'
import { GuestFault } from '../fault.ts'

/** What one instance lends to the functions that AssemblyScript programs import under `env`. */
export interface AssemblyScriptHost {
  /** The guest's memory now: views are taken anew after growth. */
  bytes(): Uint8Array
  /** The same memory for reading and writing numbers. */
  view(): DataView
  /** Takes a line for the guest's log. What it throws (an output limit) ends the guest. */
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void
  /** Nanoseconds since 1970. */
  now(): bigint
  /** Nanoseconds since a point that never moves. */
  monotonic(): bigint
  /** Fills `bytes` with randomness. */
  random(bytes: Uint8Array): void
  /** Ends the guest that gave up: throws a value of the host's own. */
  abort(diagnostic: Diagnostic): never
  /** Ends the guest with an exit code: throws a value of the host's own. */
  exit(code: number): never
}

/** The module under which AssemblyScript guests import these functions. */
export const assemblyscriptModule = 'env'

const one = '(f64) -> (f64)'
const two = '(f64, f64) -> (f64)'
const text = '(i32) -> ()'

/**
 * The signature of every function that the standard library of AssemblyScript 0.28 may import.
 *
 * Left out is what cannot be had from here: the constants of `JSMath` (imported globals; plain `Math` has its own),
 * `crypto.getRandomValues` (the host would have to allocate in the guest; `Math.random()` is seeded from the host's
 * randomness), `process.argv` (the compiler itself rejects it) and the document of a browser. A guest with one of them is
 * refused by name.
 */
export const assemblyscriptTypes: Readonly<Record<string, string>> = {
  abort: '(i32, i32, i32, i32) -> ()',
  trace: '(i32, i32, f64, f64, f64, f64, f64) -> ()',
  seed: '() -> (f64)',
  'console.assert': '(i32, i32) -> ()',
  'console.log': text,
  'console.debug': text,
  'console.info': text,
  'console.warn': text,
  'console.error': text,
  'console.time': text,
  'console.timeLog': text,
  'console.timeEnd': text,
  'Date.now': '() -> (f64)',
  'performance.now': '() -> (f64)',
  'process.exit': text,
  ...signatures(
    'abs acos acosh asin asinh atan atanh cbrt ceil clz32 cos cosh exp expm1 floor log log10 log1p log2',
    one,
  ),
  ...signatures('round sign sin sinh sqrt tan tanh trunc', one),
  ...signatures('atan2 hypot imul max min pow', two),
  'Math.fround': '(f64) -> (f32)',
  'Math.random': '() -> (f64)',
}

/** The engine's own mathematics, for guests that prefer `JSMath` to AssemblyScript's software implementation. */
const mathematics = mathFunctions()

/** How much of an abort's message or file is kept, in bytes: an error as large as the guest's memory helps nobody. */
const maxDiagnostic = 8192

/** How many timers a guest may run, and how much of their names counts: they live in the host's memory. */
const maxTimers = 64
const maxLabel = 256

/**
 * The functions of {@link assemblyscriptTypes} for one instance.
 *
 * A string is a pointer to UTF-16 with its length in bytes in the 32 bits before it, and 0 is `null`. A pointer or length
 * outside the guest's memory is a `GUEST_POINTER` error; `abort` reports what it could read instead, since the guest is lost
 * anyway and its position is worth more.
 *
 * @param host - what the instance lends
 */
export function assemblyscript(host: AssemblyScriptHost): Readonly<Record<string, (...args: never[]) => unknown>> {
  const say =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: number): void =>
      host.log(level, string(message))

  /** As JavaScript's consoles print a `null`; of a string at most `limit` bytes. */
  const string = (pointer: number, limit?: number): string => {
    if (pointer === 0) return 'null'
    const value = readString(host, pointer, limit)
    if (value !== undefined) return value
    throw new GuestFault('GUEST_POINTER', `the string at ${pointer >>> 0} or its length are not in its memory`)
  }
  const diagnostic = (pointer: number): string | undefined =>
    pointer === 0 ? undefined : readString(host, pointer, maxDiagnostic)

  const timers = new Map<string, bigint>()
  const elapsed = (pointer: number): string => {
    const label = string(pointer, maxLabel)
    const start = timers.get(label)
    return start === undefined ? `${label}: no such timer` : `${label}: ${Number(host.monotonic() - start) / 1e6}ms`
  }

  const random = (): number => {
    const bytes = new Uint32Array(2)
    host.random(new Uint8Array(bytes.buffer))
    // 53 random bits, as many as a float between 0 and 1 holds.
    return ((bytes[0] ?? 0) * 2 ** 21 + ((bytes[1] ?? 0) >>> 11)) / 2 ** 53
  }

  return {
    ...mathematics,
    'Math.random': random,
    seed: random,
    abort(message: number, file: number, line: number, column: number): never {
      const name = diagnostic(file)
      return host.abort({
        message: diagnostic(message) ?? 'abort',
        ...(name === undefined ? {} : { file: name }),
        ...(line === 0 ? {} : { line: line >>> 0 }),
        ...(column === 0 ? {} : { column: column >>> 0 }),
      })
    },
    trace(message: number, count: number, ...values: number[]): void {
      host.log('debug', [string(message), ...values.slice(0, Math.max(0, count))].join(' '))
    },
    'console.assert'(condition: number, message: number): void {
      if (condition === 0) host.log('error', `Assertion failed: ${string(message)}`)
    },
    'console.log': say('info'),
    'console.debug': say('debug'),
    'console.info': say('info'),
    'console.warn': say('warn'),
    'console.error': say('error'),
    'console.time'(pointer: number): void {
      const label = string(pointer, maxLabel)
      const [oldest] = timers.keys()
      if (timers.size >= maxTimers && !timers.has(label) && oldest !== undefined) timers.delete(oldest)
      timers.set(label, host.monotonic())
    },
    'console.timeLog': (label: number): void => host.log('info', elapsed(label)),
    'console.timeEnd'(label: number): void {
      host.log('info', elapsed(label))
      timers.delete(string(label, maxLabel))
    },
    'Date.now': (): number => Number(host.now() / 1_000_000n),
    'performance.now': (): number => Number(host.monotonic()) / 1e6,
    'process.exit': (code: number): never => host.exit(code),
  }
}

function signatures(names: string, signature: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [`Math.${name}`, signature]))
}

function mathFunctions(): Record<string, (...args: never[]) => unknown> {
  const functions: [string, (...args: never[]) => unknown][] = []
  for (const name of Object.keys(assemblyscriptTypes)) {
    const value: unknown = name.startsWith('Math.') ? Reflect.get(Math, name.slice(5)) : undefined
    // Themselves and not wrapped: V8 compiles calls to some of them into the guest.
    if (isFunction(value)) functions.push([name, value])
  }
  return Object.fromEntries(functions)
}

function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === 'function'
}

/** @returns `undefined` for a pointer or length outside the guest's memory */
function readString(host: AssemblyScriptHost, pointer: number, limit = Number.MAX_SAFE_INTEGER): string | undefined {
  const start = pointer >>> 0
  const bytes = host.bytes()
  if (start < 4 || start > bytes.length) return undefined
  const length = host.view().getUint32(start - 4, true)
  if (start + length > bytes.length) return undefined
  // Not TextDecoder: it replaces the lone surrogates that strings on both sides may have.
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(length, limit)).toString('utf16le')
}
