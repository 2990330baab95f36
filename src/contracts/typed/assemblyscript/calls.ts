import { layoutOf, layoutOfAll, offsetsOf } from '../abi/layout.ts'
import { signatureOf } from '../abi/signature.ts'
import type { Definition, FunctionType } from '../definition.ts'
import { kebabCase } from '../names.ts'
import type { Type } from '../types.ts'
import { type Functions, indent, listed } from './functions.ts'
import { memberName } from './names.ts'
import { PassCode, type Passed } from './pass.ts'
import { ReadCode } from './read.ts'
import { spell } from './types.ts'
import { WriteCode } from './write.ts'

/** Writes the functions through which host and guest call each other. */
export class CallCode {
  readonly #read: ReadCode
  readonly #write: WriteCode

  constructor(functions: Functions, definition: Definition) {
    this.#read = new ReadCode(functions)
    this.#write = new WriteCode(functions, definition)
  }

  /** A function that guests call: it passes its parameters to the host, and reads what comes back. */
  hostFunction(name: string, type: FunctionType): string {
    const { params, result } = type
    const { params: core, results, paramsInMemory, resultInMemory } = signatureOf(type, 'host function')
    const values = Object.entries(params).map(([key, one]): [Type, string] => [one, memberName(key)])
    const passed = paramsInMemory ? this.#inMemory(values) : new PassCode(this.#write).passAll(values)
    const call = `${listed(`__host_${name}(`, [...passed.flat, ...(resultInMemory ? ['<i32>_area'] : [])], ')')}\n`
    const given = (one: Type): string =>
      resultInMemory ? this.#read.memory(one, '_area') : this.#read.flat(one, ['_given'])
    const body = [
      'const _mark = __mark()\n',
      passed.before,
      result !== null && resultInMemory ? `const _area = ${roomFor(result)}\n` : '',
      results.length > 0 ? `const _given = ${call}` : call,
      result === null ? '' : `const _result: ${spell(result)} = ${given(result)}\n`,
      '__release(_mark)\n',
      result === null ? '' : 'return _result\n',
    ]
    return `// @ts-ignore: decorator
@external('$root', '${kebabCase(name)}') ${flatHead(`declare function __host_${name}`, core, results)}
export function ${memberName(name)}${headOf(type)} {
${indent(body.join(''))}}
`
  }

  /**
   * A function that the host calls: it makes values of what it is passed, calls the guest, and passes back what that returns.
   *
   * @param own - what is evaluated with the values behind it: the guest's function
   */
  hook(name: string, type: FunctionType, own: (args: string) => string): string {
    const { result } = type
    const types = Object.values(type.params)
    const { params: core, results, paramsInMemory, resultInMemory } = signatureOf(type, 'hook')
    const names = types.map((_, place) => `_a${place}`)
    const given = paramsInMemory
      ? this.#read.memoryAll(types, '_p')
      : this.#read.flatAll(
          types,
          core.map((_, place) => `f${place}`),
        )
    const taken = names.map((one, place) => `const ${one} = ${given[place] ?? ''}\n`)
    const call = own(names.join(', '))
    const body = [
      '__begin()\n',
      paramsInMemory ? 'const _p = <usize>f0\n' : '',
      ...taken,
      paramsInMemory ? '__drop(_p)\n' : '',
      result === null ? `${call}\n` : `const _result: ${spell(result)} = ${call}\n`,
      result === null ? '' : this.#returned(result, resultInMemory),
    ]
    return `${flatHead(`export function hook_${name}`, core, results)} {\n${indent(body.join(''))}}\n`
  }

  #returned(result: Type, inMemory: boolean): string {
    if (inMemory)
      return `const _area = ${roomFor(result)}\n${this.#write.memory(result, '_area', 0, '_result')}return <i32>_area\n`
    const { before, flat } = new PassCode(this.#write).pass(result, '_result')
    return `${before}return ${flat[0] ?? ''}\n`
  }

  #inMemory(values: readonly (readonly [Type, string])[]): Passed {
    const types = values.map(([type]) => type)
    const { size, align } = layoutOfAll(types)
    const offsets = offsetsOf(types)
    const stores = values.map(([type, value], place) => this.#write.memory(type, '_params', offsets[place] ?? 0, value))
    return { before: `const _params = __room(1, ${size}, ${align})\n${stores.join('')}`, flat: ['<i32>_params'] }
  }
}

/** The parameters and the result of a function as guests write them: `(id: UserId): User | null`. */
export function headOf({ params, result }: FunctionType): string {
  const given = Object.entries(params).map(([name, type]) => `${memberName(name)}: ${spell(type)}`)
  return `(${given.join(', ')}): ${result === null ? 'void' : spell(result)}`
}

function flatHead(name: string, core: readonly string[], [result = 'void']: readonly string[]): string {
  return listed(
    `${name}(`,
    core.map((kind, place) => `f${place}: ${kind}`),
    `): ${result}`,
  )
}

function roomFor(type: Type): string {
  const { size, align } = layoutOf(type)
  return `__room(1, ${size}, ${align})`
}
