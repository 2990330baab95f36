import { Mortise, type Plugin } from 'mortise'
import { type Contract, defineContract } from 'mortise/contract'
import { requireSurface, wasm, wasmFunction, type WasmOptions } from 'mortise/wasm'
import type { Binding } from '../../src/contract.ts'
import { type Size, state } from './guests.ts'

/** The hooks of the guest `state.wat`. */
export interface State {
  readonly noop: () => void
  readonly bump: () => number
  readonly touch: (pages: number, stride: number) => number
  readonly fill: (size: number, pages: number) => number
  readonly crash: () => number
  readonly spin: () => number
  readonly exhaust: (more: number) => number
}

/** When the last `fill` went into the guest, and came out of it: the restore comes after that. */
export const inside = { from: 0, to: 0 }

const contract: Contract<State, { readonly wasm: Binding<State, 'wasm', 'sync'> }> = defineContract<State>()({
  name: 'state',
  pure: false,
  hooks: { noop: 0, bump: 0, touch: 2, fill: 2, crash: 0, spin: 0, exhaust: 1 },
  bindings: {
    wasm: {
      mode: 'sync',
      check: requireSurface({
        exports: {
          noop: 'func () -> ()',
          bump: 'func () -> (i32)',
          touch: 'func (i32, i32) -> (i32)',
          fill: 'func (i32, i32) -> (i32)',
          crash: 'func () -> (i32)',
          spin: 'func () -> (i32)',
          exhaust: 'func (i32) -> (i32)',
        },
      }),
      imports: () => ({}),
      bind({ unit: { exports }, guard }) {
        const noop = wasmFunction(exports, 'noop')
        const bump = wasmFunction(exports, 'bump')
        const touch = wasmFunction(exports, 'touch')
        const fill = wasmFunction(exports, 'fill')
        const crash = wasmFunction(exports, 'crash')
        const spin = wasmFunction(exports, 'spin')
        const exhaust = wasmFunction(exports, 'exhaust')
        return {
          noop: guard('noop', () => noop()),
          bump: guard('bump', () => bump()),
          touch: guard('touch', (pages: number, stride: number) => touch(pages, stride)),
          fill: guard('fill', (size: number, pages: number) => {
            inside.from = performance.now()
            const result = fill(size, pages)
            inside.to = performance.now()
            return result
          }),
          crash: guard('crash', () => crash()),
          spin: guard('spin', () => spin()),
          exhaust: guard('exhaust', (more: number) => exhaust(more)),
        }
      },
    },
  },
})

/** A host with one plugin, as it stays for the life of the process. */
export function plugState(size: Size, options: WasmOptions): Promise<Plugin<State>> {
  return new Mortise({ runtimes: [wasm({ memory: '128 MiB', ...options })] }).plug('state', state(size), contract)
}
