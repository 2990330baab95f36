import { MortiseError } from '../errors.ts'
import type { AnyFunction } from '../runtime.ts'
import { hostSymbol } from './abi.ts'
import type { Ffi } from './ffi.ts'
import type { Image } from './image/image.ts'
import type { Library } from './library.ts'

type Given = Readonly<Record<string, Readonly<Record<string, AnyFunction>>>>

/** The host functions of one instance: C can call them, and what they throw does not go through C. */
export class HostFunctions {
  /** Whether the library is in a call, which is when it may call them. */
  running = false
  readonly #ffi: Ffi
  readonly #outside: (error: MortiseError) => void
  readonly #pointers: bigint[] = []
  #thrown: { readonly value: unknown } | undefined

  /** @param outside - is told of calls that come while the library is in none: from a thread of its own, or too late */
  constructor(ffi: Ffi, outside: (error: MortiseError) => void) {
    this.#ffi = ffi
    this.#outside = outside
  }

  get failed(): boolean {
    return this.#thrown !== undefined
  }

  /** Sets the library's variables that take them; what the contract gives and the library does not ask for is left out. */
  give(library: Library, { exports }: Image, given: Given): void {
    for (const [name, call] of Object.values(given).flatMap((functions) => Object.entries(functions))) {
      const symbol = hostSymbol(name)
      if (exports.get(symbol)?.type !== 'data') continue
      const pointer = this.#ffi.register(this.#catching(name, call))
      this.#pointers.push(pointer)
      this.#ffi.write(library.address(symbol), pointer)
    }
  }

  /** What the first one that threw did throw, once. */
  take(): { readonly value: unknown } | undefined {
    const thrown = this.#thrown
    this.#thrown = undefined
    return thrown
  }

  /** Takes them away from C. */
  release(): void {
    for (const pointer of this.#pointers.splice(0)) this.#ffi.unregister(pointer)
  }

  #catching(name: string, call: AnyFunction): (argument: number) => number {
    return (argument) => {
      if (!this.running) {
        this.#outside(
          new MortiseError(
            'HOST_FUNCTION_FAILED',
            `Cannot call the host function '${name}': no call of a hook is under way. Call it only inside of one`,
          ),
        )
        return 0
      }
      try {
        return Number(Reflect.apply(call, undefined, [argument]))
      } catch (value) {
        this.#thrown ??= { value }
        return 0
      }
    }
  }
}
