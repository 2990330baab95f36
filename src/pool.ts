import type { Binding } from './contract.ts'
import { MortiseError } from './errors.ts'
import type { Code, Instance, Kind, Mode, Setting } from './runtime.ts'

/** How many calls of one plugin may overlap on instances that cannot be entered twice. */
const mostInstances = 64

/** A hook of any contract: who took the types away knows them, and who calls it through the contract's type has them again. */
export type Hook = (...args: unknown[]) => unknown

/** An instance with its hooks, in the order of the contract. */
export interface Slot {
  readonly instance: Pick<Instance<Kind>, 'ready' | 'stale' | 'calls' | 'close' | 'within'>
  readonly hooks: readonly Hook[]
}

/** The instances of one version. Nearly always one: another is made when a call overlaps, or when the first went stale. */
export class Pool<H, K extends Kind> {
  readonly #code: Code<K>
  readonly #binding: Binding<H, K, Mode>
  readonly #names: readonly string[]
  readonly #setting: Setting<K>
  /** What the first instance said when it was made, frozen. */
  values: unknown
  #slots: Slot[] = []
  /** Calls of the instances that were let go. */
  #before = 0
  #running = 0
  #drained: (() => void) | undefined

  private constructor(code: Code<K>, binding: Binding<H, K, Mode>, names: readonly string[], setting: Setting<K>) {
    this.#code = code
    this.#binding = binding
    this.#names = names
    this.#setting = setting
  }

  /** Opens a pool with its first instance, so that what cannot be initialised never goes live. */
  static async open<H, K extends Kind>(
    code: Code<K>,
    binding: Binding<H, K, Mode>,
    names: readonly string[],
    setting: Setting<K>,
  ): Promise<Pool<H, K>> {
    const pool = new Pool(code, binding, names, setting)
    const instance = await code.instantiate(setting)
    try {
      pool.#add(instance)
      pool.values = frozen((await binding.values?.(instance)) ?? {})
    } catch (error) {
      await instance.close()
      throw error
    }
    return pool
  }

  /** A slot whose instance is ready; the caller enters it at once. */
  take(): Slot {
    const stale = this.#slots.filter(({ instance }) => instance.stale)
    this.#before += sumCalls(stale)
    this.#slots = this.#slots.filter((slot) => !stale.includes(slot))
    const idle = this.#slots.find(({ instance }) => instance.ready)
    if (idle !== undefined) return idle
    const { plugin } = this.#setting
    if (this.#slots.length >= mostInstances) {
      throw new MortiseError(
        'PLUGIN_BUSY',
        `Cannot call plugin '${plugin}': ${mostInstances} calls of it are under way, each made from inside the one before`,
        { plugin },
      )
    }
    const instance = this.#code.instantiateSync?.(this.#setting)
    if (instance === undefined)
      throw new MortiseError('PLUGIN_BUSY', `Cannot call plugin '${plugin}': its instance was closed`, { plugin })
    return this.#add(instance)
  }

  /** How many calls its instances have had. */
  calls(): number {
    return this.#before + sumCalls(this.#slots)
  }

  /** Closes the instances once the last call under way has ended. Only asynchronous ones can be under way. */
  async close(): Promise<void> {
    if (this.#running > 0) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#drained = resolve
      await promise
    }
    await Promise.all(this.#slots.map(async ({ instance }) => instance.close()))
  }

  #add(instance: Instance<K>): Slot {
    const bound = this.#binding.bind(instance)
    const hooks = this.#names.map((name) => {
      const hook: unknown = Reflect.get(bound, name)
      if (!isHook(hook)) throw new TypeError(`The binding made no hook '${name}'`)
      return this.#binding.mode === 'sync' ? hook : this.#counted(hook)
    })
    const slot: Slot = { instance, hooks }
    this.#slots.push(slot)
    return slot
  }

  /** An asynchronous hook that is known to be under way until it settles. */
  #counted(hook: Hook): Hook {
    return async (...args) => {
      this.#running++
      try {
        return await hook(...args)
      } finally {
        if (--this.#running === 0) this.#drained?.()
      }
    }
  }
}

const isHook = (value: unknown): value is Hook => typeof value === 'function'

const sumCalls = (slots: readonly Slot[]): number => slots.reduce((sum, { instance }) => sum + instance.calls, 0)

/** Freezes a value and all that it holds. The elements of typed arrays stay as they are: nothing can freeze them. */
function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}
