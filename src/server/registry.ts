import type { Source } from '../artifact.ts'
import type { PostedCode } from '../code/code.ts'
import type {
  FunctionAccept,
  FunctionLimits,
  Functions,
  PlugFunctionOptions,
  ServedFunction,
} from '../functions/functions.ts'
import { MortiseError } from '../errors.ts'

/** How a function is offered at `/web/…`. */
export interface WebSettings {
  /** It is offered there at all. */
  readonly web: boolean
  /** It gets the query and the body as they came. */
  readonly raw: boolean
  /** It answers `OPTIONS` itself, and says itself who may read its answers. */
  readonly customOptions: boolean
  /** What a request has to know: a secret for `x-require-whisk-auth`, or `true` for the token of the server. */
  readonly requireAuth: string | boolean
  /** What it is always given, and no request can change. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** How a file is served as a function. */
export interface PlugOptions extends PlugFunctionOptions {
  /** It is offered at `/web/<name>`. Default: as it was, so not at first. */
  readonly web?: boolean
}

/** The settings that annotations of OpenWhisk stand for. */
export function webSettings(annotations: Readonly<Record<string, unknown>>): WebSettings {
  const auth = annotations['require-whisk-auth']
  return {
    web: annotations['web-export'] === true,
    raw: annotations['raw-http'] === true,
    customOptions: annotations['web-custom-options'] === true,
    requireAuth: typeof auth === 'string' || auth === true ? auth : typeof auth === 'number' ? String(auth) : false,
    parameters: {},
  }
}

/** Where those who work on what is served look how it is. */
export const overviewPath = '/_mortise'

/** The functions of a server by name, and how each is offered. */
export class Registry {
  readonly #functions: Functions
  /** Those that a store has written down: nothing else changes them. */
  readonly #kept = new Set<string>()
  readonly #web = new Map<string, WebSettings>()
  readonly #broken = new Map<string, MortiseError>()
  readonly #most: number

  /** @param most - functions that there may be */
  constructor(functions: Functions, most: number) {
    this.#functions = functions
    this.#most = most
  }

  /** All functions, by name. */
  get all(): ReadonlyMap<string, ServedFunction> {
    return this.#functions.all
  }

  /** The function of a name: `FUNCTION_UNKNOWN`. */
  get(name: string): ServedFunction {
    return this.find(name) ?? absent(name, this.#broken.get(name))
  }

  find(name: string): ServedFunction | undefined {
    return this.#functions.get(name)
  }

  /** What keeps a function from being newer, where something does. */
  broken(name: string): MortiseError | undefined {
    return this.#broken.size === 0 ? undefined : this.#broken.get(name)
  }

  /** What keeps functions from being newer, by their names. */
  get allBroken(): ReadonlyMap<string, MortiseError> {
    return this.#broken
  }

  /** Says what keeps a function from being newer; where there is none yet, that is what requests are answered. */
  breaks(name: string, error: MortiseError): void {
    this.#broken.set(name, error)
  }

  /** How a function is offered on the web; `undefined` where it is not. */
  web(name: string): WebSettings | undefined {
    const settings = this.#web.get(name)
    return settings?.web === true ? settings : undefined
  }

  /** Makes code live under a name, in place of what was there. What fails changes nothing. */
  async deploy(
    name: string,
    code: PostedCode,
    settings: WebSettings,
    options?: FunctionLimits,
    accept?: FunctionAccept,
  ): Promise<void> {
    this.#checkRoom(name)
    if (accept === undefined) this.#checkFree(name)
    await this.#functions.deploy(name, code, options, accept)
    if (accept !== undefined) this.#kept.add(name)
    this.#live(name, settings)
  }

  /** The same for a file of the operator's own, which stays where it is. It is offered on the web as what was there. */
  async plug(name: string, source: Source, { web, ...options }: PlugOptions): Promise<ServedFunction> {
    this.#checkRoom(name)
    this.#checkFree(name)
    const served = await this.#functions.plug(name, source, options)
    const before = this.#web.get(name) ?? webSettings({})
    this.#live(name, { ...before, web: web ?? before.web })
    return served
  }

  /** Makes a version live again, and says whether it was kept. */
  async restore(name: string, version: number, settings: WebSettings, accept: () => Promise<void>): Promise<boolean> {
    const served = await this.#functions.restore(name, version, accept)
    if (served !== undefined) this.#web.set(name, settings)
    return served !== undefined
  }

  /** Takes a function away, once its activations have ended: `FUNCTION_UNKNOWN`. */
  async remove(name: string): Promise<void> {
    this.get(name)
    this.#checkFree(name)
    this.#web.delete(name)
    await this.#functions.remove(name)
  }

  /** No store has written it down any more. */
  free(name: string): void {
    this.#kept.delete(name)
  }

  #live(name: string, settings: WebSettings): void {
    this.#web.set(name, settings)
    this.#broken.delete(name)
  }

  #checkRoom(name: string): void {
    if (this.find(name) !== undefined || this.all.size < this.#most) return
    throw new MortiseError(
      'FUNCTIONS_LIMIT',
      `Cannot deploy '${name}': there are ${this.#most} functions. Remove one, or raise 'functions'`,
      { limit: this.#most },
    )
  }

  #checkFree(name: string): void {
    if (!this.#kept.has(name)) return
    throw new MortiseError(
      'PLUGIN_EXISTS',
      `Cannot change '${name}' here: it is a plugin of the deploy API, and lives in its store. Change it there`,
      { plugin: name },
    )
  }
}

function absent(name: string, broken: MortiseError | undefined): never {
  if (broken !== undefined) throw broken
  throw new MortiseError(
    'FUNCTION_UNKNOWN',
    `There is no function '${name.slice(0, 100)}'. POST its code to /init/<name>`,
  )
}
