import type { Source } from '../artifact.ts'
import type { PostedCode, ReadyCode } from '../code/code.ts'
import { parseDuration } from '../limits.ts'
import { checkKeys, checkOption } from '../options.ts'
import {
  type FunctionLimits,
  type FunctionsOptions,
  limitNames,
  type ParsedLimits,
  type ParsedOptions,
  parseFunctions,
  parseLimits,
} from './options.ts'
import { ownCode, PostedFolder } from './posted.ts'
import { type Accept, SharedCode, trialOf } from './release.ts'
import { LiveFunction, type ServedFunction } from './served-function.ts'
import { Versions } from './versions.ts'

/** Options of a function that lies in a file. */
export interface PlugFunctionOptions extends FunctionLimits {
  /** The runtime for JavaScript. Default: `esm` where it is allowed, else `process`. */
  readonly runtime?: 'esm' | 'process'
  /** What it may read by name, or finds in its environment. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Functions by name: each is code that is run by requests, in place of which other code can be deployed while it is called.
 *
 * WebAssembly runs on the event loop, for a slice of time; one that takes longer is restored and run again on a thread, where its
 * function then stays. So a guest that never ends keeps no other waiting. JavaScript that was posted and programs run in processes of
 * their own; JavaScript of the operator's own may run in this one.
 *
 * @example
 * ```ts
 * import { Functions } from 'mortise/functions'
 *
 * async function serve(bytes: Uint8Array): Promise<void> {
 *   await using functions = new Functions({ log: ({ activation, text }) => console.log(activation, text) })
 *   const hello = await functions.deploy('hello', { bytes, main: 'main', env: {} }, { deadline: '5 s' })
 *   console.log(await hello.run('{"value":{"name":"Mike"}}', '44794bd6aab74415b4e42a308d880e5b'))
 * }
 * ```
 */
export class Functions implements AsyncDisposable {
  readonly #options: ParsedOptions
  readonly #versions: Versions
  readonly #posted: PostedFolder
  readonly #functions = new Map<string, LiveFunction>()
  /** Those that finish what they have begun. */
  readonly #removing = new Set<LiveFunction>()
  /** The change of each function that is under way: they happen one after another. */
  readonly #changes = new Map<string, Promise<unknown>>()

  /**
   * @param options - `allow` (none), `code`, `log`, `keep` (0), `slice` (10 ms), `threads` (processors − 1, at least 4), `process`; and of every
   *   function `deadline` (60 s), `memory` (16 MiB), `output` (1 MiB), `concurrency` (200), `queue` (1,000)
   * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
   */
  constructor(options: FunctionsOptions = {}) {
    this.#options = parseFunctions(options)
    this.#versions = new Versions(this.#options)
    this.#posted = new PostedFolder(this.#options.allow)
  }

  /** All functions, by name. */
  get all(): ReadonlyMap<string, ServedFunction> {
    return this.#functions
  }

  get(name: string): ServedFunction | undefined {
    return this.#functions.get(name)
  }

  /**
   * Makes posted code live under a name, in place of what is there, which finishes its activations. What cannot be made live changes
   * nothing. Changes of one function happen one after another.
   *
   * @param name - 1 to 100 letters, digits, `.`, `_`, `-`, beginning with a letter or digit
   * @param code - as it was posted
   * @param limits - of this function; those that are left out are those of all
   * @param accept - looks at the version before it is live, and gives it a number. Default: it is the next one
   * @throws MortiseError `RUNTIME_NOT_ALLOWED`, `HOST_CLOSED`, whatever `plug` of a host throws, and what `code` and `accept` throw
   */
  deploy(name: string, code: PostedCode, limits: FunctionLimits = {}, accept?: Accept): Promise<ServedFunction> {
    const { code: preparer = this.#posted, limits: usual } = this.#options
    return this.#change(name, async () => {
      const parsed = parseLimits(limits, `function '${name}'`, usual)
      return this.#use(name, await preparer.prepare(code), parsed, accept)
    })
  }

  /**
   * The same for a file of the operator's own, which stays where it is.
   *
   * @param source - a path, a `file:` URL, or bytes
   * @param options - `runtime`, `env`, and the limits of this function
   * @throws MortiseError as `deploy`; `OPTION_UNKNOWN`, `OPTION_INVALID`, `ARTIFACT_UNREADABLE`
   */
  plug(name: string, source: Source, options: PlugFunctionOptions = {}): Promise<ServedFunction> {
    const { limits: usual, allow } = this.#options
    return this.#change(name, async () => {
      const where = `function '${name}'`
      checkKeys(options, [...limitNames, 'runtime', 'env'], where)
      const { runtime = allow.has('esm') ? 'esm' : 'process', env = {}, ...limits } = options
      checkOption('runtime', runtime, runtime === 'esm' || runtime === 'process', "'esm' or 'process'")
      return this.#use(name, await ownCode(source, env, runtime), parseLimits(limits, where, usual))
    })
  }

  /**
   * Makes a version live again that was live before, where it is one of those that are kept ready (option `keep`): a pointer is moved.
   *
   * @param version - its number
   * @param accept - is awaited before it is live. Where it throws, nothing is changed
   * @returns the function; `undefined` where the version is not kept, or there is no such function
   * @throws MortiseError what `accept` throws
   */
  restore(name: string, version: number, accept: () => Promise<void>): Promise<ServedFunction | undefined> {
    return this.#change(name, async () => {
      const served = this.#functions.get(name)
      const kept = await served?.kept(version)
      if (kept === undefined) return undefined
      await accept()
      served?.use(kept)
      return served
    })
  }

  /** Takes a function away. Resolves once its activations have ended; those that wait for their turn fail with `PLUGIN_UNPLUGGED`. */
  remove(name: string): Promise<void> {
    return this.#change(name, async () => {
      const served = this.#functions.get(name)
      if (served === undefined) return
      this.#functions.delete(name)
      this.#removing.add(served)
      await served.close()
      this.#removing.delete(served)
    })
  }

  /**
   * Removes all functions, once their activations have ended, and takes no more.
   *
   * @param drain - milliseconds, or text like `'10 s'`, after which activations that are still under way are ended, on threads with
   *   `THREAD_ENDED` and elsewhere with `VERSION_RETIRED`. Default: each has its deadline
   * @throws MortiseError `OPTION_INVALID`
   */
  async close(drain: number | string = Infinity): Promise<void> {
    const milliseconds = drain === Infinity ? Infinity : parseDuration('drain', drain)
    this.#versions.refuse()
    const timer = milliseconds === Infinity ? undefined : setTimeout(() => this.#cut(), milliseconds)
    try {
      await Promise.allSettled(this.#changes.values())
      await Promise.all([...this.#functions.keys()].map((name) => this.remove(name)))
      await this.#versions.close()
      await this.#posted.close()
    } finally {
      clearTimeout(timer)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #use(name: string, ready: ReadyCode, limits: ParsedLimits, accept?: Accept): Promise<ServedFunction> {
    const code = new SharedCode(ready)
    const version = await this.#versions.open(name, code.lend(), limits)
    const there = this.#functions.get(name)
    try {
      const number = (await accept?.(trialOf(version, limits))) ?? (there?.stats().deployments ?? 0) + 1
      const release = { number, code, limits, version }
      there?.use(release)
      const served = there ?? new LiveFunction(name, release, this.#versions.keep(name))
      this.#functions.set(name, served)
      return served
    } catch (error) {
      await version.close()
      throw error
    }
  }

  #cut(): void {
    for (const served of [...this.#functions.values(), ...this.#removing]) served.cut()
    void this.#versions.close()
  }

  /** Changes of one function come one after another, whatever becomes of each. */
  #change<T>(name: string, change: () => Promise<T>): Promise<T> {
    const before = this.#changes.get(name)
    const result = before === undefined ? change() : before.then(change, change)
    this.#changes.set(name, result)
    const forget = (): void => {
      if (this.#changes.get(name) === result) this.#changes.delete(name)
    }
    result.then(forget, forget)
    return result
  }
}

export type { ActivationLine } from './activation-log.ts'
export type { Accept, Trial } from './release.ts'
export type { FunctionLimits, FunctionsOptions } from './options.ts'
export type { RunOptions, ServedFunction } from './served-function.ts'
export type { FunctionStats } from './stats.ts'
