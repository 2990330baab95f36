import type { HandOver, Instance, Surface } from '../runtime.ts'
import { wasmFunction } from './function.ts'

/** The types of the functions by which a module hands its state over; a function of another type is another function. */
const types = {
  dispose: 'func () -> (i32)',
  accept: 'func (i32, i32) -> ()',
  cabi_realloc: 'func (i32, i32, i32, i32) -> (i32)',
}

/**
 * The functions of a module by which its state outlives its version, by the canonical ABI: `dispose: func() -> list<u8>` and
 * `accept: func(state: list<u8>)`.
 */
export function handOver({ unit, guard }: Instance<'wasm'>, { exports: ports }: Surface): HandOver {
  const { exports, memory } = unit
  const has = (name: keyof typeof types): boolean =>
    ports.some((port) => port.name === name && port.type === types[name])
  return {
    dispose: has('dispose')
      ? guard('dispose', () => {
          const area = wasmFunction(exports, 'dispose')()
          const pair = memory.readBytes(area, 8)
          const { buffer } = pair
          const [at, length] = [new DataView(buffer).getUint32(0, true), new DataView(buffer).getUint32(4, true)]
          const state = memory.readBytes(at, length)
          if (typeof exports['cabi_post_dispose'] === 'function') wasmFunction(exports, 'cabi_post_dispose')(area)
          return state
        })
      : undefined,
    accept:
      has('accept') && has('cabi_realloc')
        ? guard('accept', (state: Uint8Array) => {
            const at = state.length === 0 ? 1 : wasmFunction(exports, 'cabi_realloc')(0, 0, 1, state.length)
            memory.writeBytes(at, state)
            wasmFunction(exports, 'accept')(at, state.length)
          })
        : undefined,
  }
}
