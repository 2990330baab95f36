import type { Source } from '../artifact.ts'
import type { PostedCode } from '../code/code.ts'
import { parseDuration } from '../limits.ts'
import { checkKeys, checkOption } from '../options.ts'
import { Deployments, type Loading } from './deployments.ts'
import {
  type FunctionLimits,
  type FunctionsOptions,
  limitNames,
  type ParsedOptions,
  parseFunctions,
  parseLimits,
} from './options.ts'
import { ownCode, PostedFolder } from './posted.ts'
import { activation } from './protocols/activation.ts'
import type { Accept, Trial } from './release.ts'
import type { ServedFunction } from './served-function.ts'

/** A version of a function that is loaded, and not live yet. */
export type FunctionTrial = Trial<string, string>

/** Looks at a version of a function before it is live, and gives it a number. Where it throws, nothing is changed. */
export type FunctionAccept = Accept<string, string>

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
  readonly #posted: PostedFolder
  readonly #deployments: Deployments<string, string>

  /**
   * @param options - `allow` (none), `code`, `log`, `keep` (0), `drain` (Infinity), `slice` (10 ms), `threads` (processors − 1, at least 4), `process`; and of every
   *   function `deadline` (60 s), `memory` (16 MiB), `output` (1 MiB), `concurrency` (200), `queue` (1,000)
   * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
   */
  constructor(options: FunctionsOptions = {}) {
    this.#options = parseFunctions(options)
    this.#deployments = new Deployments(activation, this.#options)
    this.#posted = new PostedFolder(this.#options.allow)
  }

  /** All functions, by name. */
  get all(): ReadonlyMap<string, ServedFunction> {
    return this.#deployments.all
  }

  get(name: string): ServedFunction | undefined {
    return this.#deployments.all.get(name)
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
  deploy(
    name: string,
    code: PostedCode,
    limits: FunctionLimits = {},
    accept?: FunctionAccept,
  ): Promise<ServedFunction> {
    const { code: preparer = this.#posted, limits: usual } = this.#options
    const load = async (): Promise<Loading> => {
      const parsed = parseLimits(limits, `function '${name}'`, usual)
      return { code: await preparer.prepare(code), limits: parsed }
    }
    return this.#deployments.deploy(name, load, accept)
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
    return this.#deployments.deploy(name, async () => {
      const where = `function '${name}'`
      checkKeys(options, [...limitNames, 'runtime', 'env'], where)
      const { runtime = allow.has('esm') ? 'esm' : 'process', env = {}, ...limits } = options
      checkOption('runtime', runtime, runtime === 'esm' || runtime === 'process', "'esm' or 'process'")
      return { code: await ownCode(source, env, runtime), limits: parseLimits(limits, where, usual) }
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
    return this.#deployments.restore(name, version, accept)
  }

  /** Takes a function away. Resolves once its activations have ended; those that wait for their turn fail with `PLUGIN_UNPLUGGED`. */
  remove(name: string): Promise<void> {
    return this.#deployments.remove(name)
  }

  /**
   * Removes all functions, once their activations have ended, and takes no more.
   *
   * @param drain - milliseconds, or text like `'10 s'`, after which activations that are still under way are ended, on threads with
   *   `THREAD_ENDED` and elsewhere with `VERSION_RETIRED`. Default: each has its deadline
   * @throws MortiseError `OPTION_INVALID`
   */
  async close(drain: number | string = Infinity): Promise<void> {
    await this.#deployments.close(drain === Infinity ? Infinity : parseDuration('drain', drain))
    await this.#posted.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

export type { ActivationLine } from './activation-log.ts'
export type { FunctionLimits, FunctionsOptions } from './options.ts'
export type { RunOptions, ServedFunction } from './served-function.ts'
export type { FunctionStats } from './stats.ts'
