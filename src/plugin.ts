import type { Source } from './artifact.ts'
import type { NoContext, NoValues } from './contract.ts'
import type { Lease } from './pool/lease.ts'
import type { HandOver, Kind } from './runtime.ts'
import type { Stats } from './stats.ts'

/**
 * A named place in the host with a live version in it.
 *
 * `hooks` is made once: each hook looks up the live version at every call, so one that was kept is never stale.
 */
export interface Plugin<H, V = NoValues, C = NoContext> extends AsyncDisposable {
  readonly name: string
  readonly hooks: H
  /** What the live version said when it was loaded: the contract's values, frozen. */
  readonly values: V
  /** SHA-256 of the live version's artifact, in hexadecimal. */
  readonly digest: string
  /** The runtime of the live version. */
  readonly runtime: Kind
  /**
   * Takes an instance for several calls, which find there what the ones before left: no other call comes to it until the lease ends.
   * Where as many leases are open as the option `leases` allows, it waits until one has ended. A lease ends on the version that it
   * began on, whatever is swapped meanwhile.
   *
   * @param context - what the calls are about, where the contract says so
   * @returns the lease; end it, or declare it with `await using`
   * @throws MortiseError `QUEUE_FULL`, `PLUGIN_UNPLUGGED`, and what an instance can fail with that has to be made
   */
  lease(context: C): Promise<Lease<H>>
  /** Calls, errors, restores and times since it was plugged in. */
  stats(): Stats
  /**
   * Loads another artifact and makes it live. Calls under way finish on the version that they began on, and an artifact
   * that cannot go live changes nothing. Swaps of one plugin happen one after another.
   *
   * Calls that are under way on the version before may take as long as the plugin's option `drain` says, and fail with
   * `VERSION_RETIRED` then, where their runtime can let go of them.
   *
   * The new version begins fresh, unless the one before exports `dispose` and the new one `accept`: then `accept` gets what `dispose`
   * returns before the new version is live, while calls wait whose hooks return promises.
   *
   * @param source - a path, a `file:` URL, or the bytes
   * @param options - `smoke`: calls the new version before it is live; `fresh` (false): nothing is handed over, whatever they export
   * @returns the digest of the new version
   * @throws MortiseError whatever `plug` throws for an artifact; `SMOKE_FAILED`, `HANDOVER_FAILED`, `PLUGIN_UNPLUGGED`, `OPTION_UNKNOWN`, `OPTION_INVALID`
   */
  swap(source: Source, options?: SwapOptions<H>): Promise<string>
  /** The digests of the versions that a rollback finds ready, as many as the option `keep` says, the last live one first. */
  readonly kept: readonly string[]
  /**
   * The functions `dispose` and `accept` of the live version, which `swap` hands its state over by, for whoever keeps versions in plugins
   * of their own; `undefined` where it has none.
   */
  readonly handOver: HandOver | undefined
  /**
   * Makes a version live again that was live before. It was loaded anew when it was swapped out, so that its guest begins as after a
   * swap, and no more than a pointer is moved now.
   *
   * @param digest - one of `kept`; default: the last live one
   * @returns the digest of the version that is live now
   * @throws MortiseError `VERSION_ABSENT` where it is not kept, `PLUGIN_UNPLUGGED`; whatever `plug` throws, where it could not be loaded
   */
  rollback(digest?: string): Promise<string>
  /**
   * Takes the plugin out. Resolves once the calls under way have ended; every later call throws `PLUGIN_UNPLUGGED`, and so do those
   * whose guest is suspended.
   */
  unplug(): Promise<void>
}

/** Options of one swap. */
export interface SwapOptions<H> {
  /** Calls the hooks of the new version before it is live. Where it throws, or its promise is rejected, nothing is swapped. */
  readonly smoke?: (hooks: H) => unknown
  /** The new version begins without the state of the one before, whatever the two export. Default: false. */
  readonly fresh?: boolean
}

/** What a plugin can do whose runtime can give every call a deadline of its own. */
export interface Within<H> {
  /**
   * The hooks, with another deadline for each of their calls than the one of the plugin. Keep what is returned, where it is
   * called often.
   *
   * @param deadline - milliseconds, or text like `'20 ms'`; from 1 ms to 30 min
   * @throws MortiseError `OPTION_INVALID`; so do its hooks, where the plugin was loaded with `deadline: Infinity`
   */
  within(deadline: number | string): H
}
