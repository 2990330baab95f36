import { MortiseError, reasonOf } from '../errors.ts'

/** A C function. */
export type Callable = (...args: unknown[]) => unknown

/** A library that is loaded. */
export interface Handle {
  func(name: string, result: string, parameters: readonly string[]): Callable
  /** The address of a variable. */
  symbol(name: string): bigint
  /** Gives it back to the system. Calling a function of it afterwards ends the process. */
  unload(): void
}

/** The package that calls C functions. */
export interface Ffi {
  load(path: string): Handle
  address(memory: ArrayBufferView): bigint
  /** Makes a JavaScript function callable from C, as `uint32_t (uint32_t)`, until it is unregistered. */
  register(call: (argument: number) => number): bigint
  unregister(pointer: bigint): void
  /** Writes a pointer to an address. */
  write(address: bigint, pointer: bigint): void
}

let loading: Promise<Ffi> | undefined

/** Loads `koffi`, which only those need to have installed who run native libraries. */
export function loadFfi(): Promise<Ffi> {
  loading ??= importKoffi()
  // Who installs it while the process runs gets it.
  loading.catch(() => (loading = undefined))
  return loading
}

async function importKoffi(): Promise<Ffi> {
  try {
    const { default: koffi } = await import('koffi')
    const hostFunction = koffi.pointer(koffi.proto('uint32_t', ['uint32_t']))
    return Object.freeze({
      load: koffi.load,
      address: koffi.address,
      register: (call: (argument: number) => number) => koffi.register(call, hostFunction),
      unregister: koffi.unregister,
      write: (address: bigint, pointer: bigint) => koffi.encode(address, 'void *', pointer),
    })
  } catch (cause) {
    throw new MortiseError(
      'NATIVE_UNAVAILABLE',
      `Cannot run native libraries: the package 'koffi' does not load: ${reasonOf(cause)}. Run 'npm install koffi'`,
      { cause },
    )
  }
}
