import { Mortise } from 'mortise'
import { type Contract, defineContract } from 'mortise/contract'
import { requireSurface, wasm, wasmFunction } from 'mortise/wasm'
import type { Binding } from '../../src/contract.ts'
import { rewriteValid } from '../../src/wasm/rewrite/valid.ts'
import { largeModule } from '../../test/support/large-module.ts'
import { distinct } from '../engine/guests.ts'
import { wrong } from '../engine/work.ts'
import type { Bench } from '../harness/suite.ts'

interface Noop {
  readonly noop: () => void
}

const contract: Contract<Noop, { readonly wasm: Binding<Noop, 'wasm', 'sync'> }> = defineContract<Noop>()({
  name: 'noop',
  pure: false,
  hooks: { noop: 0 },
  bindings: {
    wasm: {
      mode: 'sync',
      check: requireSurface({ exports: { noop: 'func () -> ()' } }),
      imports: () => ({}),
      bind({ unit: { exports }, guard }) {
        const noop = wasmFunction(exports, 'noop')
        return { noop: guard('noop', () => noop()) }
      },
    },
  },
})

/** Bytes of the modules that are plugged. */
export const sizes = { small: 1e6, large: 1e7 } as const

/** The longest time for which the event loop did nothing else while a module was plugged that the process had never seen. */
export async function lagBench(size: number): Promise<Bench> {
  const host = new Mortise({ runtimes: [wasm()] })
  return watched(size, async (bytes) => {
    const plugin = await host.plug('large', bytes, contract)
    plugin.hooks.noop()
    await plugin.unplug()
  })
}

/** The same for a host that validates and rewrites on the event loop, and compiles as Node does. */
export function lagInPlace(size: number): Bench {
  const features = { memory: 16 * 2 ** 20, deadline: true, fuel: false, dirty: false }
  return watched(size, async (bytes) => {
    const made = rewriteValid(bytes, features)
    await WebAssembly.compile(made?.bytes ?? wrong(made))
  })
}

function watched(size: number, plug: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>): Bench {
  const original = largeModule(size)
  let bytes = original
  let longest = 0
  return {
    most: 1,
    before() {
      bytes = distinct(original)
    },
    async run() {
      let watching = true
      let last = performance.now()
      longest = 0
      const look = (): void => {
        const now = performance.now()
        longest = Math.max(longest, now - last)
        last = now
        if (watching) setImmediate(look)
      }
      look()
      await plug(bytes)
      watching = false
      look()
    },
    clock: () => longest,
  }
}
