import type { Source } from '../../artifact.ts'
import type { PostedCode, ReadyCode } from '../../code/code.ts'
import type { HttpRequest, HttpResponse } from '../../contracts/http/http.ts'
import { MortiseError } from '../../errors.ts'
import { Deployments, type Loading } from '../../functions/deployments.ts'
import type { FunctionLimits, FunctionStats, FunctionsOptions } from '../../functions/functions.ts'
import type { Live } from '../../functions/live.ts'
import { type ParsedOptions, parseFunctions, parseLimits } from '../../functions/options.ts'
import { ownCode } from '../../functions/posted.ts'
import { http } from '../../functions/protocols/http.ts'
import type { Accept, Trial } from '../../functions/release.ts'
import { Mounts, parseMount } from './mounts.ts'
import { parseSite, type ServedSites, type SiteOptions, type SiteState } from './options.ts'

/** A version of a site that is loaded, and not live yet. */
export type SiteTrial = Trial<HttpRequest, HttpResponse>

/** Looks at a version of a site before it is live, and gives it a number. */
export type SiteAccept = Accept<HttpRequest, HttpResponse>

/** What answers at a path. */
export interface Found {
  readonly name: string
  readonly live: Live<HttpRequest, HttpResponse> | undefined
  readonly broken: MortiseError | undefined
}

/**
 * HTTP handlers of a server, each at a path of it. A new version takes the place of the one before while that finishes what it has begun;
 * what cannot be made live changes nothing.
 */
export class Sites implements ServedSites, AsyncDisposable {
  readonly #options: ParsedOptions & { readonly code: Preparer }
  readonly #deployments: Deployments<HttpRequest, HttpResponse>
  readonly #mounts = new Mounts()
  readonly #mountOf = new Map<string, string>()
  readonly #broken = new Map<string, MortiseError>()
  readonly #most: number

  /**
   * @param options - as of functions
   * @param most - sites that there may be
   * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
   */
  constructor(options: FunctionsOptions & { readonly code: Preparer }, most: number) {
    this.#most = most
    this.#options = { ...parseFunctions(options), code: options.code }
    this.#deployments = new Deployments(http, this.#options)
  }

  /** All of them, by name. */
  get all(): readonly SiteState[] {
    return [...this.#mountOf].map(([name, mount]) => ({
      name,
      mount,
      version: this.get(name)?.version,
      broken: this.#broken.get(name),
    }))
  }

  /** The numbers of the versions that are live, by name. */
  get versions(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#deployments.all].map(([name, { version }]) => [name, version]))
  }

  get(name: string): Live<HttpRequest, HttpResponse> | undefined {
    return this.#deployments.all.get(name)
  }

  mountOf(name: string): string | undefined {
    return this.#mountOf.get(name)
  }

  /** What happened on each that is live, by name. */
  get stats(): readonly (readonly [name: string, stats: FunctionStats])[] {
    return [...this.#deployments.all].map(([name, live]) => [name, live.stats()])
  }

  /** What answers at a path, which begins with a slash. */
  find(path: string): Found | undefined {
    const answers = (name: string): boolean => this.get(name) !== undefined || this.#broken.has(name)
    const name = this.#mounts.find(path, answers)
    return name === undefined ? undefined : { name, live: this.get(name), broken: this.#broken.get(name) }
  }

  /**
   * Makes posted code live.
   *
   * @throws MortiseError `MOUNT_TAKEN`, `OPTION_INVALID`, and what code is refused with
   */
  deploy(name: string, code: PostedCode, mount: string, limits: FunctionLimits, accept?: SiteAccept): Promise<number> {
    return this.#change(name, mount, limits, () => this.#options.code.prepare(code), accept)
  }

  /**
   * Makes a file of the operator's own live, which stays where it is, or bytes.
   *
   * @param source - a path, a `file:` URL, or bytes
   * @param options - `mount` (`/`), `runtime`, `env`, and limits
   * @returns the number of the version
   * @throws MortiseError `MOUNT_TAKEN`, `OPTION_UNKNOWN`, `OPTION_INVALID`, and what code is refused with; nothing has changed then
   */
  async plug(name: string, source: Source, options: SiteOptions = {}): Promise<number> {
    const { mount, runtime, env, limits } = parseSite(name, options)
    const usual = runtime ?? (this.#options.allow.has('esm') ? 'esm' : 'process')
    return this.#change(name, mount, limits, () => ownCode(source, env, usual))
  }

  /** Makes a version live again that is kept ready, and says whether it was. */
  async restore(name: string, version: number, mount: string, accept: () => Promise<void>): Promise<boolean> {
    let taken = false
    try {
      const live = await this.#deployments.restore(name, version, async () => {
        taken = this.#mounts.take(mount, name)
        await accept()
      })
      if (live !== undefined) this.#settle(name, mount)
      return live !== undefined
    } catch (error) {
      if (taken) this.#mounts.free(mount)
      throw error
    }
  }

  /** Takes a site away. Resolves once its requests are answered. */
  async remove(name: string): Promise<void> {
    await this.#deployments.remove(name, () => this.#forget(name))
  }

  broken(name: string, error: MortiseError | undefined, mount = '/'): void {
    if (!this.#mountOf.has(name)) {
      this.#mounts.take(parseMount(mount), name)
      this.#mountOf.set(name, mount)
    }
    if (error === undefined) this.#broken.delete(name)
    else this.#broken.set(name, error)
  }

  /** Ends all of them, and takes no more. */
  async close(drain: number): Promise<void> {
    await this.#deployments.close(drain)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(Infinity)
  }

  /** Mounts are taken in turn, where the changes of a name are: what fails gives back what it took. */
  async #change(
    name: string,
    mount: string,
    limits: FunctionLimits,
    prepare: () => Promise<ReadyCode>,
    accept?: SiteAccept,
  ): Promise<number> {
    parseMount(mount)
    let taken = false
    const load = async (): Promise<Loading> => {
      this.#checkRoom(name)
      taken = this.#mounts.take(mount, name)
      const parsed = parseLimits(limits, `site '${name}'`, this.#options.limits)
      return { code: await prepare(), limits: parsed }
    }
    try {
      const { version } = await this.#deployments.deploy(name, load, accept)
      this.#settle(name, mount)
      return version
    } catch (error) {
      if (taken) this.#mounts.free(mount)
      throw error
    }
  }

  #checkRoom(name: string): void {
    if (this.#mountOf.has(name) || this.#mountOf.size < this.#most) return
    throw new MortiseError(
      'FUNCTIONS_LIMIT',
      `Cannot deploy '${name}': there are ${this.#most} sites. Remove one, or raise 'maxFunctions'`,
      { limit: this.#most },
    )
  }

  /** It answers here now, and nowhere else. */
  #settle(name: string, mount: string): void {
    const before = this.#mountOf.get(name)
    if (before !== undefined && before !== mount) this.#mounts.free(before)
    this.#mountOf.set(name, mount)
    this.#broken.delete(name)
  }

  #forget(name: string): void {
    const mount = this.#mountOf.get(name)
    if (mount !== undefined) this.#mounts.free(mount)
    this.#mountOf.delete(name)
    this.#broken.delete(name)
  }
}

/** Makes posted code ready to be plugged. */
export interface Preparer {
  prepare(code: PostedCode): Promise<ReadyCode>
}
