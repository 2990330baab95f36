import type { Binding } from '../../contract.ts'
import { reasonOf } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'
import type { Instance } from '../../runtime.ts'
import { compileFits, exportsOf } from './abi/compile.ts'
import { misfit } from './abi/misfit.ts'
import type { Definition, FunctionType } from './definition.ts'
import { checkedHooks } from './hooks.ts'
import { type JsonCodec, jsonCodec } from './json.ts'
import { moduleRefused } from './refusal.ts'
import type { Type } from './types.ts'

/**
 * A typed contract on programs: `{"hook":"getUser","value":{"id":…}}` goes in as one line and the result comes out as one, each
 * value as {@link jsonCodec} spells it. A JavaScript module is called as `getUser(params, context)` with what JSON says.
 */
export function typedOnProcess(
  definition: Definition,
): Binding<unknown, 'process', 'async'> & { readonly values: (instance: Instance<'process'>) => Promise<unknown> } {
  const functions = new Map(exportsOf(definition).map(([name, type]) => [name, new JsonFunction(name, type)]))

  /** Calls a function of the program. */
  const caller = ({ unit, guard }: Instance<'process'>, name: string): ((params: unknown) => Promise<unknown>) => {
    const json = functions.get(name)
    if (json === undefined) throw new TypeError(`The contract has no '${name}'`)
    return guard(name, async (params: unknown) => json.read(await unit.exchange(json.write(params))))
  }

  return {
    mode: 'async',
    check: () => [],
    imports: () => ({}),
    bind(instance) {
      refuseMissing(definition, instance.unit.exports)
      return checkedHooks(
        definition,
        (name) => caller(instance, name),
        (refusal) => Promise.reject(refusal),
      )
    },
    async values(instance) {
      const values: [string, unknown][] = []
      for (const name of Object.keys(definition.values)) values.push([name, await caller(instance, name)(undefined)])
      return Object.fromEntries(values)
    },
  }
}

/** One function of a program, as lines. */
class JsonFunction {
  readonly #name: string
  readonly #params: JsonCodec
  readonly #result: Type | null
  readonly #codec: JsonCodec
  readonly #fits: (value: unknown) => boolean

  constructor(name: string, { params, result }: FunctionType) {
    this.#name = name
    this.#params = jsonCodec({ kind: 'record', name: 'parameters', fields: params })
    this.#result = result
    this.#codec = jsonCodec(result ?? { kind: 'bool' })
    this.#fits = result === null ? () => true : compileFits({ result }).result
  }

  write(params: unknown): string {
    return JSON.stringify({ hook: this.#name, value: params === undefined ? {} : this.#params.to(params) })
  }

  read(text: string): unknown {
    let json: unknown
    try {
      json = JSON.parse(text)
    } catch (cause) {
      throw new GuestFault('GUEST_RESULT', `it answered with what is not JSON: ${reasonOf(cause)}`)
    }
    if (this.#result === null) return undefined
    const value = this.#codec.from(json)
    if (this.#fits(value)) return value
    throw new GuestFault('GUEST_RESULT', misfit(this.#result, value, 'result') ?? 'its result is of another type')
  }
}

/** A module says what it exports; a program in another language does not, and what it lacks shows at the call. */
function refuseMissing(definition: Definition, exports: Readonly<Record<string, string>> | undefined): void {
  if (exports === undefined) return
  const problems = exportsOf(definition)
    .filter(([name]) => exports[name] !== 'function')
    .map(([name]) => {
      const type = Object.hasOwn(exports, name) ? exports[name] : undefined
      return type === undefined
        ? `export '${name}' is missing: it must be a function`
        : `export '${name}' is ${type}, and must be a function`
    })
  if (problems.length > 0) throw moduleRefused(definition.name, problems)
}
