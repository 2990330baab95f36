import { type Contract, defineContract } from 'mortise/contract'
import type { Binding } from '../../src/contract.ts'

/** The hooks of an ES module that adds, at once and later. */
export interface Adder {
  add(a: number, b: number): number
}

const check: Binding<Adder, 'esm', 'sync'>['check'] = ({ exports }) =>
  exports.some(({ name, type }) => name === 'add' && type === 'function') ? [] : ["export 'add' is missing"]

function exported(exports: Readonly<Record<string, unknown>>): (...args: readonly unknown[]) => unknown {
  const { add } = exports
  if (typeof add !== 'function') throw new TypeError('the module was bound before it was checked')
  return (...args) => {
    const result: unknown = Reflect.apply(add, undefined, args)
    return result
  }
}

/** Its calls return at once. */
export const adder: Contract<Adder, { readonly esm: Binding<Adder, 'esm', 'sync'> }> = defineContract<Adder>()({
  name: 'adder',
  pure: false,
  hooks: { add: 2 },
  bindings: {
    esm: {
      mode: 'sync',
      check,
      imports: () => ({}),
      bind({ unit, guard }) {
        const add = exported(unit.exports)
        return { add: guard('add', (a: number, b: number) => Number(add(a, b))) }
      },
    },
  },
})

/** Its calls return a promise. */
export const slowAdder: Contract<Adder, { readonly esm: Binding<Adder, 'esm', 'async'> }> = defineContract<Adder>()({
  name: 'slow-adder',
  pure: false,
  hooks: { add: 2 },
  bindings: {
    esm: {
      mode: 'async',
      check,
      imports: () => ({}),
      bind({ unit, guard }) {
        const add = exported(unit.exports)
        return { add: guard.async('add', async (a: number, b: number) => Number(await add(a, b))) }
      },
    },
  },
})
