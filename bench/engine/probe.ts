import { type Contract, defineContract } from 'mortise/contract'
import { requireSurface, wasmFunction } from 'mortise/wasm'
import type { Binding } from '../../src/contract.ts'

/** The hooks of the guest `probe.wat`. */
export interface Probe {
  readonly noop: () => void
  readonly add: (a: number, b: number) => number
  /** A text that crosses the border as UTF-16. */
  readonly echo16: (text: string) => string
  /** A text that crosses the border as UTF-8. */
  readonly echo8: (text: string) => string
  readonly bump: () => number
  readonly crash: () => number
  readonly touch: (pages: number) => number
}

/** A contract as a user would write it. */
export const probe: Contract<Probe, { readonly wasm: Binding<Probe, 'wasm', 'sync'> }> = defineContract<Probe>()({
  name: 'probe',
  pure: false,
  hooks: { noop: 0, add: 2, echo16: 1, echo8: 1, bump: 0, crash: 0, touch: 1 },
  bindings: {
    wasm: {
      mode: 'sync',
      check: requireSurface({
        exports: {
          noop: 'func () -> ()',
          add: 'func (i32, i32) -> (i32)',
          input: 'func () -> (i32)',
          echo: 'func (i32, i32) -> (i32)',
          bump: 'func () -> (i32)',
          crash: 'func () -> (i32)',
          touch: 'func (i32) -> (i32)',
        },
      }),
      imports: () => ({}),
      bind({ unit: { exports, memory }, guard }) {
        const noop = wasmFunction(exports, 'noop')
        const add = wasmFunction(exports, 'add')
        const echo = wasmFunction(exports, 'echo')
        const bump = wasmFunction(exports, 'bump')
        const crash = wasmFunction(exports, 'crash')
        const touch = wasmFunction(exports, 'touch')
        const input = wasmFunction(exports, 'input')()
        return {
          noop: guard('noop', () => noop()),
          add: guard('add', (a: number, b: number) => add(a, b)),
          echo16: guard('echo16', (text: string) => {
            memory.writeUtf16(input, text)
            return memory.readString(echo(input, text.length * 2))
          }),
          echo8: guard('echo8', (text: string) => {
            const pointer = echo(input, memory.writeUtf8(input, 1024, text))
            return memory.readUtf8(pointer, memory.view().getUint32(pointer - 4, true))
          }),
          bump: guard('bump', () => bump()),
          crash: guard('crash', () => crash()),
          touch: guard('touch', (pages: number) => touch(pages)),
        }
      },
    },
  },
})
