import type { FunctionLimits } from '../../functions/functions.ts'
import { MortiseError } from '../../errors.ts'
import type { Json, StoredVersion } from '../../store/store.ts'
import type { TokenRuntime } from './tokens.ts'

/** What a plugin is served as. */
export type Contract = 'action' | 'http'

/** What goes with an artifact, and is kept with its version. */
export interface VersionSettings {
  readonly contract: Contract
  /** The function to call in it. */
  readonly main: string
  readonly env: Readonly<Record<string, string>>
  /** It is offered at `/web/<name>`. */
  readonly web: boolean
  /** Of the contract `http`: the path at which it answers. */
  readonly mount: string
  readonly limits: FunctionLimits
  /** The runtimes that the token was for which deployed it. */
  readonly runtimes: readonly TokenRuntime[]
  readonly signature?: string | undefined
}

/** The body of a deploy. */
export interface DeployRequest extends Partial<Omit<VersionSettings, 'runtimes'>> {
  readonly digest: string
  /** Parameters of an activation that has to succeed. */
  readonly smoke?: Readonly<Record<string, Json>>
  /** The version begins without the state of the one before. */
  readonly fresh?: boolean
}

/** The settings that a request asks for. */
export function settingsOf(request: DeployRequest, runtimes: readonly TokenRuntime[]): VersionSettings {
  const { contract = 'action', main = 'main', env = {}, web = false, mount = '/', limits = {}, signature } = request
  return { contract, main, env, web, mount, limits, runtimes, signature }
}

/** Settings as the store keeps them. */
export function toJson({ limits, signature, ...rest }: VersionSettings): Json {
  return { ...rest, limits: { ...limits }, ...(signature !== undefined && { signature }) }
}

/**
 * Settings as they were kept.
 *
 * @throws MortiseError `STORE_CORRUPT`
 */
export function fromJson({ plugin, version, settings }: StoredVersion): VersionSettings {
  const kept: unknown = settings
  // What was kept before there were mounts has none.
  if (isKept(kept)) return { ...kept, mount: kept.mount ?? '/' }
  throw new MortiseError(
    'STORE_CORRUPT',
    `Cannot read the settings of '${plugin}' version ${version}: they are damaged`,
  )
}

/** Nobody but this writes there: that it is settings is enough, and what is in them is checked where it is used. */
const isKept = (value: unknown): value is Omit<VersionSettings, 'mount'> & Partial<Pick<VersionSettings, 'mount'>> =>
  typeof value === 'object' &&
  value !== null &&
  'contract' in value &&
  (value.contract === 'action' || value.contract === 'http') &&
  'main' in value &&
  'env' in value &&
  'web' in value &&
  'limits' in value &&
  'runtimes' in value &&
  Array.isArray(value.runtimes)
