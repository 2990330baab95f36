import type { Source } from '../../artifact.ts'
import type { MortiseError } from '../../errors.ts'
import type { FunctionLimits } from '../../functions/functions.ts'
import { limitNames } from '../../functions/options.ts'
import { checkKeys, checkOption } from '../../options.ts'
import { parseMount } from './mounts.ts'

/** How an HTTP handler is served. */
export interface SiteOptions extends FunctionLimits {
  /** The path at which it answers, with all that is below: `/`, or `/shop`. The handler sees the whole path. Default `/`. */
  readonly mount?: string
  /** The runtime for JavaScript. Default: `esm` where it is allowed, else `process`. */
  readonly runtime?: 'esm' | 'process'
  /** What it may read by name, or finds in its environment. Default: nothing. */
  readonly env?: Readonly<Record<string, string>>
}

/** An HTTP handler that a server has from its start. */
export interface SiteSource extends SiteOptions {
  /** Where its code lies, and stays: WebAssembly, JavaScript or TypeScript. */
  readonly path: string
}

/** A site, as whoever looks at the server sees it. */
export interface SiteState {
  readonly name: string
  readonly mount: string
  /** The number of the live version; `undefined` where there is none yet. */
  readonly version: number | undefined
  /** Why a newer version of it is not live. */
  readonly broken: MortiseError | undefined
}

/** The HTTP handlers of a server that runs. */
export interface ServedSites {
  /** All of them. */
  readonly all: readonly SiteState[]
  /**
   * Makes a file a site, or the next version of one, while requests under way finish on the version that they began on.
   *
   * @param name - 1 to 100 letters, digits, `.`, `_`, `-`, beginning with a letter or digit
   * @param source - a path, a `file:` URL, or bytes; a file stays where it is
   * @param options - `mount` (`/`), `runtime`, `env`, and limits
   * @returns the number of the version
   * @throws MortiseError `MOUNT_TAKEN`, `OPTION_UNKNOWN`, `OPTION_INVALID`, `RUNTIME_NOT_ALLOWED`, and whatever `plug` of a host throws;
   *   nothing has changed then
   */
  plug(name: string, source: Source, options?: SiteOptions): Promise<number>
  /** Takes a site away. Resolves once its requests are answered. */
  remove(name: string): Promise<void>
  /**
   * Says why what somebody works on is not live. Where an older version is, that goes on answering, with the header `x-mortise-broken`;
   * where none is, this is the answer. It is taken back by the next version that goes live.
   *
   * @param error - `undefined` to take it back
   * @param mount - where the site is to be, if it is not there yet. Default `/`
   * @throws MortiseError `MOUNT_TAKEN`, `OPTION_INVALID`
   */
  broken(name: string, error: MortiseError | undefined, mount?: string): void
}

/** The same as {@link SiteOptions}, parsed; limits are parsed where they are enforced. */
export interface SiteSettings {
  readonly mount: string
  readonly runtime: 'esm' | 'process' | undefined
  readonly env: Readonly<Record<string, string>>
  readonly limits: FunctionLimits
}

/** The one parser of {@link SiteOptions}: `OPTION_UNKNOWN`, `OPTION_INVALID`. */
export function parseSite(name: string, options: SiteOptions): SiteSettings {
  checkKeys(options, ['mount', 'runtime', 'env', ...limitNames], `the site '${name}'`)
  const { mount = '/', runtime, env = {}, ...limits } = options
  const known = runtime === undefined || runtime === 'esm' || runtime === 'process'
  checkOption('runtime', runtime, known, "'esm' or 'process'")
  return { mount: parseMount(mount), runtime, env, limits }
}
