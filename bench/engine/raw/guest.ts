import { Buffer } from 'node:buffer'

type Export = (...args: number[]) => number
const isExport = (value: unknown): value is Export => typeof value === 'function'

/** What a program holds that drives a module by hand. */
export interface RawGuest {
  readonly memory: WebAssembly.Memory
  readonly call: (name: string) => Export
}

/** Views on all of the memory, until it grows. */
export interface Views {
  readonly buffer: Buffer<ArrayBuffer>
  readonly view: DataView
}

export function views({ buffer }: WebAssembly.Memory): Views {
  return { buffer: Buffer.from(buffer), view: new DataView(buffer) }
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
    call(name) {
      const found = exports[name]
      if (!isExport(found)) throw new TypeError(`the guest exports no function '${name}'`)
      return found
    },
  }
}
