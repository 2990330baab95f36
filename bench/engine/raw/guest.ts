import { Buffer } from 'node:buffer'

type Export = (...args: number[]) => number
const isExport = (value: unknown): value is Export => typeof value === 'function'

/** What a program holds that drives a module by hand. */
export interface RawGuest {
  readonly memory: WebAssembly.Memory
  /** Views on all of the memory; whoever lets it grow makes new ones. */
  readonly buffer: Buffer<ArrayBuffer>
  readonly view: DataView
  call(name: string): Export
}

/** Instantiates a module; a guest that aborts gets an error without a message. */
export function instantiate(module: WebAssembly.Module): RawGuest {
  const imports = {
    env: {
      abort(): never {
        throw new Error('the guest aborted')
      },
    },
  }
  const { exports } = new WebAssembly.Instance(module, imports)
  const { memory } = exports
  if (!(memory instanceof WebAssembly.Memory)) throw new TypeError('the guest exports no memory')
  return {
    memory,
    buffer: Buffer.from(memory.buffer),
    view: new DataView(memory.buffer),
    call(name) {
      const found = exports[name]
      if (!isExport(found)) throw new TypeError(`the guest exports no function '${name}'`)
      return found
    },
  }
}
