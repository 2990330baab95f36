import { readModule } from '../../src/wasm/binary/module.ts'
import { hidden } from '../../src/wasm/rewrite/names.ts'
import { type Features, rewrite } from '../../src/wasm/rewrite/rewrite.ts'
import { wrong } from '../engine/work.ts'
import type { Bench } from '../harness/suite.ts'
import { type Kernel, kernels } from './guests.ts'

/** What is compiled into the guest. */
export type Passes = Partial<Omit<Features, 'memory'>>

type Export = (...args: number[]) => number
const isExport = (value: unknown): value is Export => typeof value === 'function'

/** As many pages as the rewritten module may have. */
const memory = 16 * 2 ** 20

/** One kernel, rewritten, against the same kernel as it was compiled, in turns. */
export function kernelBench({ name, work, checksum }: Kernel, passes: Passes): Bench {
  const raw = find(new WebAssembly.Instance(new WebAssembly.Module(kernels()), { env }), name)
  const instance = instantiate(passes)
  const limited = find(instance, name)
  const expected = checksum ?? raw(work)
  const loop = (kernel: Export) => (count: number) => {
    for (let n = 0; n < count; n++) {
      const result = kernel(work)
      if (result !== expected) wrong(result)
    }
  }
  return {
    run: loop(limited),
    floor: loop(raw),
    before() {
      fill(instance)
    },
  }
}

/** Gives the kernel as much fuel as it can want. */
function fill({ exports }: WebAssembly.Instance): void {
  const fuel = exports[hidden.fuel]
  if (fuel instanceof WebAssembly.Global) fuel.value = 10n ** 15n
}

const env = {
  abort(): never {
    throw new Error('the guest aborted')
  },
}

/** As the runtime does it, but for what only its errors and its restores need. */
function instantiate(passes: Passes): WebAssembly.Instance {
  const info = readModule(kernels())
  const { bytes, maxPages } = rewrite(info, { memory, deadline: false, fuel: false, dirty: false, ...passes })
  const words = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
  new Int32Array(words.buffer)[0] = 1
  const first = new WebAssembly.Memory({ initial: info.memories[0]?.min ?? 0, maximum: maxPages[0] ?? 0 })
  const host = { [hidden.memory(0)]: first, [hidden.words]: words }
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env, [hidden.module]: host })
  // The start function burns fuel as well.
  fill(instance)
  for (const name of [hidden.start, hidden.save]) if (name in instance.exports) find(instance, name)()
  return instance
}

function find({ exports }: WebAssembly.Instance, name: string): Export {
  const found = exports[name]
  if (!isExport(found)) throw new TypeError(`the kernels export no function '${name}'`)
  return found
}
