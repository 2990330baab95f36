import assert from 'node:assert/strict'
import fc from 'fast-check'
import wabt from 'wabt'

type Functions = Readonly<Record<string, (...args: never[]) => unknown>>

/** Calls a host function with arguments that no type vouches for, as wasm does. */
export function call(functions: Functions, name: string, args: readonly unknown[]): unknown {
  const found = functions[name]
  assert.ok(found, `${name} exists`)
  return Reflect.apply(found, undefined, args)
}

/** The parameter types of a signature such as `(i32, i64) -> (i32)`. */
export function parameters(type: string): string[] {
  return lists(type)[0]
}

function lists(type: string): [string[], string[]] {
  const match = /^\(([^()]*)\) -> \(([^()]*)\)$/.exec(type)
  assert.ok(match, `a signature: ${type}`)
  const list = (text = ''): string[] => (text === '' ? [] : text.split(', '))
  return [list(match[1]), list(match[2])]
}

/**
 * Builds a module that imports every function with its type and exports each again, and links it.
 *
 * @returns a way to call an export by its name
 */
export async function linkEverything(
  module: string,
  types: Readonly<Record<string, string>>,
  functions: Functions,
): Promise<(name: string, args: readonly unknown[]) => unknown> {
  const lines = Object.entries(types).map(([name, type], index) => {
    const [params, results] = lists(type)
    const signature = `(param ${params.join(' ')}) (result ${results.join(' ')})`
    const locals = params.map((_, local) => `local.get ${local}`).join(' ')
    return {
      imported: `(import "${module}" "${name}" (func $f${index} ${signature}))`,
      exported: `(func (export "${name}") ${signature} ${locals} call $f${index})`,
    }
  })
  const text = `(module ${lines.map((line) => line.imported).join('\n')} ${lines.map((line) => line.exported).join('\n')})`
  const parsed = (await wabt()).parseWat('imports.wat', text)
  parsed.validate()
  const binary = new WebAssembly.Module(new Uint8Array(parsed.toBinary({}).buffer))
  const instance = new WebAssembly.Instance(binary, {
    [module]: Object.fromEntries(
      Object.keys(types).map((name) => [name, (...args: unknown[]) => call(functions, name, args)]),
    ),
  })
  return (name, args) => {
    const exported = instance.exports[name]
    assert.ok(typeof exported === 'function')
    const result: unknown = Reflect.apply(exported, undefined, [...args])
    return result
  }
}

interface Attempt {
  run(args: readonly unknown[]): unknown
  check(result: unknown): void
  after(): void
}

/**
 * A memory's content in which much of what is read as a pointer or a length is one: numbers below `limit`, and some of any
 * size. Made once per seed modulo 16, since a property fills its memory for every run.
 */
export function plausible(seed: number, size: number, limit: number): Uint8Array {
  const key = `${seed & 15} ${size} ${limit}`
  const known = contents.get(key)
  if (known !== undefined) return known
  const numbers = new Uint32Array(size / 4)
  let state = (seed & 15) + 1
  for (let index = 0; index < numbers.length; index++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d) + 1
    numbers[index] = state % 7 === 0 ? state : (state >>> 0) % limit
  }
  const content = new Uint8Array(numbers.buffer)
  contents.set(key, content)
  return content
}

const contents = new Map<string, Uint8Array>()

/** Calls a function with arguments of its types that lie inside, at and far outside a memory of 64 KiB. */
export function refusesToThrowOnItsOwn(options: {
  readonly type: string
  readonly make: (seed: number) => Attempt
  readonly expected: (thrown: unknown) => boolean
}): void {
  const args = fc.tuple(...parameters(options.type).map((type) => values(type)))
  fc.assert(
    fc.property(args, fc.integer(), (given, seed) => {
      const attempt = options.make(seed)
      try {
        attempt.check(attempt.run(given))
      } catch (thrown) {
        if (!options.expected(thrown)) throw thrown
      }
      attempt.after()
    }),
    { numRuns: 300 },
  )
}

function values(type: string): fc.Arbitrary<unknown> {
  if (type === 'i64')
    return fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom(0n, 1n, -1n))
  if (type === 'f64' || type === 'f32') return fc.double()
  return fc.oneof(
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 0, max: 65_536 }),
    fc.integer({ min: 65_500, max: 65_540 }),
    fc.integer(),
    fc.constantFrom(-1, -4, -8, -2_147_483_648, 2_147_483_647),
  )
}
