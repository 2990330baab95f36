import { MortiseError, reasonOf } from '../errors.ts'

/** Compiles a module, off the event loop. `MODULE_INVALID` with V8's reason when it is none. */
export async function compile(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes)
  } catch (cause) {
    const why = reasonOf(cause).replace(/^WebAssembly\.compile\(\): /, '')
    throw new MortiseError('MODULE_INVALID', `Cannot compile the module: ${why}`, { cause })
  }
}
