import { artifactKind, type Source } from '../artifact.ts'
import type { CodeRuntime, PostedCode, ReadyCode } from '../code/code.ts'
import { MortiseError } from '../errors.ts'
import { ActivationLog } from './activation-log.ts'
import {
  type FunctionLimits,
  type FunctionsOptions,
  type ParsedLimits,
  parseFunctions,
  parseLimits,
} from './options.ts'
import { LiveFunction, type ServedFunction } from './served-function.ts'
import { openVersion } from './version.ts'

/** Functions by name: code that was posted or lies in a file, run by requests. */
export class Functions implements AsyncDisposable {
  readonly #limits: ParsedLimits
  readonly #allow: ReadonlySet<CodeRuntime>
  readonly #log: ActivationLog
  readonly #functions = new Map<string, LiveFunction>()

  /** @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID` */
  constructor(options: FunctionsOptions = {}) {
    const { limits, allow, log } = parseFunctions(options)
    this.#limits = limits
    this.#allow = new Set(['wasm', ...allow])
    this.#log = new ActivationLog(log)
  }

  /** All functions, by name. */
  get all(): ReadonlyMap<string, ServedFunction> {
    return this.#functions
  }

  get(name: string): ServedFunction | undefined {
    return this.#functions.get(name)
  }

  /** Loads posted code under a name, in place of what is there, which finishes its activations. What cannot be loaded changes nothing. */
  async deploy(name: string, code: PostedCode, options: FunctionLimits = {}): Promise<ServedFunction> {
    const limits = parseLimits(options, this.#limits)
    const ready = plain(code)
    if (!this.#allow.has(ready.runtime))
      throw new MortiseError('RUNTIME_NOT_ALLOWED', `Cannot deploy '${name}': it needs the runtime '${ready.runtime}'`)
    const version = await openVersion(name, ready, limits, (line) => this.#log.write(name, line))
    const there = this.#functions.get(name)
    if (there !== undefined) {
      there.use(version, limits)
      return there
    }
    const served = new LiveFunction(name, version, limits, this.#log)
    this.#functions.set(name, served)
    return served
  }

  /** Takes a function away, once its activations have ended. */
  async remove(name: string): Promise<void> {
    const served = this.#functions.get(name)
    this.#functions.delete(name)
    await served?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#functions.keys()].map((name) => this.remove(name)))
  }
}

/** Code as it is, without a look into archives. */
function plain({ bytes, main, env }: PostedCode): ReadyCode {
  const kind = artifactKind(bytes)
  const source: Source = bytes
  return { source, kind, runtime: kind === 'wasm-module' ? 'wasm' : 'process', main, env, async dispose() {} }
}

export type { ActivationLine } from './activation-log.ts'
export type { FunctionLimits, FunctionsOptions } from './options.ts'
export type { ServedFunction } from './served-function.ts'
