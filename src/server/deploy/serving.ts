import type { TokenRuntime } from './tokens.ts'
import type { VersionSettings } from './settings.ts'
import type { Json } from '../../store/store.ts'

/** A version to be loaded. */
export interface Loading {
  readonly bytes: Uint8Array
  readonly digest: string
  readonly settings: VersionSettings
}

/** A version that is loaded, and not live yet. */
export interface Loaded {
  readonly runtime: TokenRuntime
  /** Calls it: throws `SMOKE_FAILED`. */
  smoke(parameters: Readonly<Record<string, Json>>): Promise<void>
  /** Gives it the state of the live version, where both can: throws `HANDOVER_FAILED`. */
  handOver(): Promise<void>
}

/** Loads the plugins of one contract, and serves them. What fails changes nothing that is live. */
export interface Serving {
  /**
   * Loads a version and makes it live.
   *
   * @param accept - is awaited when it is loaded, and gives its number; the pointer moves after it
   */
  deploy(plugin: string, loading: Loading, accept: (loaded: Loaded) => Promise<number>): Promise<void>
  /**
   * Makes a version live that is kept ready.
   *
   * @returns false where it is not kept: it has to be loaded then
   */
  restore(plugin: string, version: number, settings: VersionSettings, accept: () => Promise<void>): Promise<boolean>
  /** Takes it away, once its calls have ended. */
  remove(plugin: string): Promise<void>
  /** What is live, and what happened on it; `undefined` where there is no such plugin. */
  stats(plugin: string): Json | undefined
}
