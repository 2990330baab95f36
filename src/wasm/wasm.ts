import type { Artifact } from '../artifact.ts'
import { defaults, parseLimits, parseSize, type Restore } from '../limits.ts'
import { LiveInstances, type Stay } from '../live-instances.ts'
import { checkKeys, checkOption, refuseOption } from '../options.ts'
import type { Code, Instance, LimitsOf, ParsedLimits, Runtime, Setting } from '../runtime.ts'
import { WasmInstance } from './instance.ts'
import { type Prepared, prepare } from './prepare.ts'
import { RewriteCache } from './rewrite-cache.ts'
import { parseSystem, type System } from './system.ts'
import type { Features } from './rewrite/rewrite.ts'
import type { WasmLimits } from './wasm-limits.ts'
import { watchdog } from './watchdog.ts'

/** Options of the `wasm` runtime: the limits of every guest, unless `plug` narrows them for one. */
export interface WasmOptions extends LimitsOf<'wasm'> {
  /** The clocks, the randomness and the sleep that guests see. Default: the real ones. */
  readonly system?: Partial<System>
  /**
   * A folder that keeps rewritten modules beyond the process, made when there is none; processes may share it. Who may write
   * to it may run code in the sandbox of every host that uses it, without the limits that are compiled in. Default: none.
   */
  readonly cache?: string
  /** Bytes that `cache` may hold; what was not used for longest goes first. Default 256 MiB. */
  readonly cacheSize?: number | string
  /**
   * How many instances may be live at once, over all plugins; `Infinity` for as many as V8 has addresses for, which is 16,342 a
   * process, or 8,171 that are restored on every lease. Beyond it those are let go that had no call for longest, of guests that
   * `restore` puts back between calls. Default 8,000.
   */
  readonly instances?: number
}

const limitNames = ['memory', 'deadline', 'fuel', 'output', 'sleep', 'restore', 'start', 'idle'] as const

/**
 * The runtime for WebAssembly modules: sandboxed, in process, on the caller's thread.
 *
 * Whatever a guest does, the caller gets one typed error, and the next call on the same plugin finds it as new.
 *
 * @param options - `memory` (default 16 MiB), `deadline` (100 ms a call), `fuel` (off), `output` (1 MiB a call), `sleep` (100 ms a call), `restore`
 *   (`when-full` for guests without a collector, `on-error` for all others), `start` (`plug`), `idle` (`Infinity`), `instances` (8,000),
 *   `system`, `cache` (none), `cacheSize` (256 MiB)
 * @returns a runtime for the list of a `Mortise`
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { wasm } from 'mortise/wasm'
 *
 * const host = new Mortise({ runtimes: [wasm({ memory: '4 MiB', system: { random: (bytes) => bytes.fill(7) } })] })
 * await host.close()
 * ```
 */
export function wasm(options: WasmOptions = {}): Runtime<'wasm'> {
  checkKeys(options, [...limitNames, 'system', 'cache', 'cacheSize', 'instances'], 'wasm()')
  const { system: given = {}, cache: folder, cacheSize, instances = 8_000, ...written } = options
  const own = parseLimits(written, limitNames, 'wasm()')
  const system = parseSystem(given)
  const cache = parseCache(folder, cacheSize)
  const whole = instances === Infinity || (Number.isSafeInteger(instances) && instances >= 1)
  checkOption('instances', instances, whole, 'a whole number from 1, or Infinity')
  const live = new LiveInstances(instances)
  return Object.freeze({
    kind: 'wasm',
    async prepare(artifact: Artifact, narrowed: LimitsOf<'wasm'>) {
      const limits = { ...defaults, ...own, ...parseLimits(narrowed, limitNames, "the limits of a plugin on 'wasm'") }
      const deadline = limits.deadline !== Infinity
      const features: Features = {
        memory: limits.memory,
        deadline,
        fuel: limits.fuel !== undefined,
        dirty: limits.restore === undefined ? 'commands' : limits.restore === 'every-lease',
      }
      const shared = prepare(artifact, features, cache)
      if (deadline) await watchdog().started()
      return new WasmCode(await shared, shared, limits, { system, live, idle: narrowed.idle })
    },
  })
}

/** The cache as its two options say. */
function parseCache(folder: unknown, size: unknown): RewriteCache | undefined {
  if (folder === undefined) {
    checkOption('cacheSize', size, size === undefined, "effect with 'cache' only")
    return undefined
  }
  if (typeof folder !== 'string' || folder === '') return refuseOption('cache', folder, 'the path of a folder')
  return new RewriteCache(folder, size === undefined ? undefined : parseSize('cacheSize', size, '256 MiB'))
}

interface Around {
  readonly system: System
  readonly live: LiveInstances
  /** What the plugin itself was given. */
  readonly idle: unknown
}

class WasmCode implements Code<'wasm'> {
  readonly #prepared: Prepared
  readonly #limits: Omit<WasmLimits, 'restore'> & Partial<WasmLimits>
  readonly #around: Around
  /** Keeps the shared module from being collected. */
  readonly shared: Promise<Prepared>

  constructor(
    prepared: Prepared,
    shared: Promise<Prepared>,
    limits: typeof defaults & ParsedLimits<'wasm'>,
    around: Around,
  ) {
    this.#prepared = prepared
    this.shared = shared
    this.#limits = limits
    this.#around = around
  }

  get digest(): string {
    return this.#prepared.digest
  }

  get surface(): Code<'wasm'>['surface'] {
    return this.#prepared.surface
  }

  instantiate(setting: Setting<'wasm'>): Promise<Instance<'wasm'>> {
    return Promise.resolve(this.instantiateSync(setting))
  }

  instantiateSync(setting: Setting<'wasm'>): Instance<'wasm'> {
    const limits = { ...this.#limits, restore: this.#restore(setting.stateless) }
    return new WasmInstance(this.#prepared, limits, this.#around.system, setting)
  }

  stay(stateless: boolean): Stay {
    const { live, idle: own } = this.#around
    const { start, idle } = this.#limits
    const temporary = this.#restore(stateless) !== 'on-error'
    if (!temporary && own !== undefined && idle !== Infinity)
      refuseOption('idle', own, "Infinity for a guest that keeps its state: 'restore' is 'on-error'")
    return { start, idle, temporary, live }
  }

  #restore(stateless: boolean): Restore {
    return this.#limits.restore ?? (this.#prepared.leaks || stateless ? 'when-full' : 'on-error')
  }
}

export { requireSurface, type Ports, type Wanted } from './link.ts'
export { wasmFunction, type WasmFunction } from './function.ts'
export type { System }
