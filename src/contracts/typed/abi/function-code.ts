import type { FunctionType } from '../definition.ts'
import type { Type } from '../types.ts'
import { layoutOf, layoutOfAll } from './layout.ts'
import { FlatLiftCode, split } from './lift-flat.ts'
import { LiftCode } from './lift.ts'
import { FlatLowerCode, type FlatValues } from './lower-flat.ts'
import { LowerCode } from './lower.ts'
import { type Passing, type Signature, signatureOf } from './signature.ts'
import { literal, member, type Source } from './source.ts'
import { noting } from './text-code.ts'
import type { Encoding } from './text.ts'

/**
 * Compiles calls: of the guest by the host, and of the host by the guest. The code uses `m` (the views of the memory), `t` (its
 * lifter), `w` (its lowerer), `b` (bits of numbers) and what `text-code.ts` defines.
 */
export class FunctionCode {
  readonly #lift: LiftCode
  readonly #lower: LowerCode
  readonly #flatLift: FlatLiftCode
  readonly #flatLower: FlatLowerCode

  readonly #passing: Passing

  constructor(source: Source, encoding: Encoding, passing: Passing) {
    this.#passing = passing
    this.#lift = new LiftCode(source, encoding)
    this.#lower = new LowerCode(source)
    this.#flatLift = new FlatLiftCode(source, this.#lift, encoding)
    this.#flatLower = new FlatLowerCode(source, this.#lower)
  }

  /** A function that lowers `params`, calls `core`, lifts what that returns, and has it freed by `after`. */
  hook(type: FunctionType): string {
    const signature = signatureOf(type, 'hook', this.#passing)
    const { before, flat } = this.#passed(type, signature)
    const call = `core(${flat.join(', ')})`
    const body =
      type.result === null
        ? `${call}\nif (after !== undefined) after()`
        : `const r = ${call}\n${this.#returned(type.result, signature)}`
    return `function (${Object.keys(type.params).length === 0 ? '' : 'params'}) {\n${before}${body}\n}`
  }

  /** A function that lifts what the guest passes, calls `callHost`, and lowers what that returns. */
  hostFunction(name: string, { params, result }: FunctionType): string {
    const signature = signatureOf({ params, result }, 'host function', this.#passing)
    const given = signature.params.map((_, index) => `f${index}`)
    const types = Object.values(params)
    const { before, values } = signature.paramsInMemory ? this.#readParams(types) : this.#readFlat(types, given)
    const named = Object.keys(params).map((key, index) => `${literal(key)}: ${values[index]}`)
    return `function (${given.join(', ')}) {
m.refresh()
${before}const v = callHost(${literal(name)}${named.length === 0 ? '' : `, { ${named.join(', ')} }`})
${result === null ? '' : `m.refresh()\n${this.#giveBack(result, signature, given)}`}
}`
  }

  /** The parameters of a hook, as a core function takes them. */
  #passed({ params }: FunctionType, { paramsInMemory }: Signature): FlatValues {
    const names = Object.keys(params)
    const types = Object.values(params)
    const value = (position: number): string => member('params', names[position] ?? '')
    if (!paramsInMemory) return this.#flatLower.lowerAll(types, value)
    const { size, align } = layoutOfAll(types)
    const tuple: Type = { kind: 'tuple', items: types }
    const before = `const a = w.allocate(${size}, ${align}), values = [${types.map((_, position) => value(position)).join(', ')}]\n`
    return {
      before: `${before}${this.#lower.write(tuple, 'a', 'values')}`,
      flat: this.#passing === 'arena' ? [] : ['a'],
    }
  }

  /** What a hook returned, in `r`. */
  #returned(result: Type, { resultInMemory }: Signature): string {
    const { size, align } = layoutOf(result)
    const [see, read] = resultInMemory
      ? [this.#lift.see(result, 'p'), this.#lift.read(result, 'p')]
      : [this.#flatLift.see(result, ['r']), this.#flatLift.read(result, ['r'])]
    return [
      'm.refresh()',
      ...(resultInMemory ? [pointerTo('r', size, align)] : []),
      `${seen(see)}const result = ${read}`,
      'if (after !== undefined) after(r)',
      'return result',
    ].join('\n')
  }

  #readParams(types: readonly Type[]): { readonly before: string; readonly values: readonly string[] } {
    const tuple: Type = { kind: 'tuple', items: types }
    const { size, align } = layoutOf(tuple)
    const see = seen(this.#lift.see(tuple, 'p'))
    return {
      before: `${pointerTo('f0', size, align)}\n${see}const values = ${this.#lift.read(tuple, 'p')}\n`,
      values: types.map((_, index) => `values[${index}]`),
    }
  }

  #readFlat(
    types: readonly Type[],
    given: readonly string[],
  ): { readonly before: string; readonly values: readonly string[] } {
    return {
      before: seen(split(types, given, (type, own) => this.#flatLift.see(type, own)).join('')),
      values: split(types, given, (type, own) => this.#flatLift.read(type, own)),
    }
  }

  /** The result of a host function, in `v`. */
  #giveBack(result: Type, { resultInMemory }: Signature, given: readonly string[]): string {
    if (resultInMemory) {
      const { size, align } = layoutOf(result)
      if (this.#passing === 'arena')
        return `const q = w.allocate(${size}, ${align})\n${this.#lower.write(result, 'q', 'v')}return q`
      return `const q = w.area(${given.at(-1) ?? ''} >>> 0, ${size}, ${align})\n${this.#lower.write(result, 'q', 'v')}`
    }
    const { before, flat } = this.#flatLower.lower(result, 'v')
    return `${before}return ${flat[0] ?? ''}`
  }
}

/** Around the statements that see the strings and lists of a value, where it has some. */
const seen = (see: string): string => (see === '' ? '' : `begin()\n${noting(see)}end()\n`)

/** A variable for where a value lies that the guest handed over. */
function pointerTo(given: string, size: number, align: number): string {
  return `const p = ${given} >>> 0
if ((p & ${align - 1}) !== 0 || p + ${size} > m.u8.length) t.area(p, ${size}, ${align})`
}
