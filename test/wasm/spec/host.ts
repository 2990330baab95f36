import { MortiseError } from 'mortise'

const references = new Map<string, object>()

/** The object that a script means by a number. */
export function reference(value: string): object | null {
  if (value === 'null') return null
  const known = references.get(value) ?? Object.freeze({ host: value })
  references.set(value, known)
  return known
}

/** Calls what a module exports. */
export function invoke(exported: unknown, ...args: readonly unknown[]): unknown {
  if (typeof exported !== 'function') throw new TypeError('it is no function')
  return Reflect.apply(exported, undefined, args)
}

/** The bits of what JavaScript was given. */
export function show(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'number') return String(value >>> 0)
  if (typeof value === 'bigint') return String(BigInt.asUintN(64, value))
  for (const [host, known] of references) if (known === value) return `host ${host}`
  return typeof value
}

/** Which error an assertion asks for. */
export function wantedError(type: string): ((thrown: unknown) => boolean) | undefined {
  const overflow = (thrown: unknown): boolean => thrown instanceof RangeError
  const trap = (thrown: unknown): boolean => thrown instanceof WebAssembly.RuntimeError
  const link = (thrown: unknown): boolean => thrown instanceof WebAssembly.LinkError || thrown instanceof TypeError
  if (type === 'assert_trap') return trap
  if (type === 'assert_exhaustion') return overflow
  if (type === 'assert_exception') return (thrown) => thrown instanceof WebAssembly.Exception
  if (type === 'assert_unlinkable') return link
  if (type === 'assert_uninstantiable') return (thrown) => trap(thrown) || link(thrown) || overflow(thrown)
  if (type !== 'assert_invalid' && type !== 'assert_malformed') return undefined
  return (thrown) => thrown instanceof WebAssembly.CompileError || MortiseError.is(thrown, 'MODULE_INVALID')
}

/** What the suite imports everywhere. */
export function spectest(): Readonly<Record<string, unknown>> {
  const print = (): void => {}
  const prints = ['', '_i32', '_i64', '_f32', '_f64', '_i32_f32', '_f64_f64'].map(
    (kind) => [`print${kind}`, print] as const,
  )
  const globals = [
    ['i32', 666],
    ['i64', 666n],
    ['f32', 666.6],
    ['f64', 666.6],
  ] as const
  const named = globals.map(
    ([value, initial]) => [`global_${value}`, new WebAssembly.Global({ value }, initial)] as const,
  )
  return {
    ...Object.fromEntries<unknown>([...prints, ...named]),
    table: new WebAssembly.Table({ element: 'anyfunc', initial: 10, maximum: 20 }),
    memory: new WebAssembly.Memory({ initial: 1, maximum: 2 }),
  }
}
