import { MortiseError, reasonOf } from '../../errors.ts'
import type { Json, Store } from '../../store/store.ts'
import type { Caller } from './access.ts'
import type { EventHub } from './event-hub.ts'
import { absent, findVersion } from './history.ts'
import type { Deployed, RolledBack } from './outcomes.ts'
import { Queues } from './queues.ts'
import type { Serving } from './serving.ts'
import { type Contract, type DeployRequest, fromJson, settingsOf, toJson, type VersionSettings } from './settings.ts'
import type { TrustedKeys } from './signatures.ts'

/** What {@link Deployer} works with. */
export interface DeployerParts {
  readonly store: Store
  readonly keys: TrustedKeys
  readonly events: EventHub
  readonly serving: Readonly<Partial<Record<Contract, Serving>>>
}

/**
 * Changes what is live, in an order that holds when the process is killed in between: what is deployed is loaded and tried, then it
 * is written down, then a pointer is moved, then it is answered. Changes of one plugin come one after another.
 */
export class Deployer {
  readonly #parts: DeployerParts
  readonly #queues = new Queues()

  constructor(parts: DeployerParts) {
    this.#parts = parts
  }

  /**
   * Makes an artifact of the store a new version of a plugin.
   *
   * @throws MortiseError `ARTIFACT_ABSENT`, `SIGNATURE_REFUSED`, `SMOKE_FAILED`, `QUEUE_FULL`, what the store throws and what the code
   *   is refused with
   */
  deploy(plugin: string, request: DeployRequest, caller: Caller): Promise<Deployed> {
    const { digest } = request
    return this.#change('deploy', plugin, digest, caller, async (author) => {
      const { store, keys } = this.#parts
      const settings = settingsOf(request, caller.token.runtimes)
      const serving = this.#servingOf(settings)
      const start = performance.now()
      const bytes = await store.read(digest)
      keys.check(digest, request.signature)
      let [version, runtime, loaded, tried, handedOver, stored] = [0, '', 0, 0, 0, 0]
      await serving.deploy(plugin, { bytes, digest, settings }, async (trial) => {
        loaded = performance.now()
        if (request.smoke !== undefined) await trial.smoke(request.smoke)
        tried = performance.now()
        if (request.fresh !== true) await trial.handOver()
        handedOver = performance.now()
        ;({ version } = await store.deploy(plugin, { digest, settings: toJson(settings) }, ...author))
        stored = performance.now()
        ;({ runtime } = trial)
        return version
      })
      await this.#removeFromOthers(plugin, serving)
      const timings = {
        load: loaded - start,
        smoke: tried - loaded,
        handOver: handedOver - tried,
        store: stored - handedOver,
        ...since(stored),
      }
      return { plugin, version, digest, runtime, timings }
    })
  }

  /**
   * Makes a version live that was live before.
   *
   * @param version - default: the one that was live before the present one
   * @throws MortiseError `VERSION_ABSENT`, `SIGNATURE_REFUSED`, and as `deploy`
   */
  rollback(plugin: string, version: number | undefined, caller: Caller): Promise<RolledBack> {
    return this.#change('rollback', plugin, undefined, caller, async (author) => {
      const { store, keys } = this.#parts
      const start = performance.now()
      const target = await findVersion(store, plugin, version)
      const { digest } = target
      const settings = fromJson(target)
      const serving = this.#servingOf(settings)
      keys.check(digest, settings.signature)
      let [loaded, stored] = [start, start]
      const accept = async (): Promise<void> => {
        loaded = performance.now()
        await store.activate(plugin, target.version, ...author)
        stored = performance.now()
      }
      const kept = await serving.restore(plugin, target.version, settings, accept)
      if (!kept) {
        const bytes = await store.read(digest)
        await serving.deploy(plugin, { bytes, digest, settings }, async () => {
          await accept()
          return target.version
        })
      }
      await this.#removeFromOthers(plugin, serving)
      const timings = { load: loaded - start, store: stored - loaded, ...since(stored) }
      return { plugin, version: target.version, digest, kept, timings }
    })
  }

  /**
   * Takes a plugin away, with its versions.
   *
   * @throws MortiseError `VERSION_ABSENT`, and what the store throws
   */
  remove(plugin: string, caller: Caller): Promise<{ readonly plugin: string }> {
    return this.#change('remove', plugin, undefined, caller, async (author) => {
      await this.#parts.store.remove(plugin, ...author)
      await this.#removeFromOthers(plugin)
      return { plugin }
    })
  }

  /** @throws MortiseError `VERSION_ABSENT` */
  stats(plugin: string): Json {
    for (const serving of Object.values(this.#parts.serving)) {
      const stats = serving.stats(plugin)
      if (stats !== undefined) return stats
    }
    throw absent(plugin)
  }

  /**
   * Loads everything that was live when the process before ended. What cannot be loaded any more stops nothing else.
   *
   * @param report - is told of what could not be loaded
   */
  async start(report: (plugin: string, error: unknown) => void): Promise<void> {
    const { store, keys } = this.#parts
    for (const version of await store.live()) {
      const { plugin, digest } = version
      try {
        const settings = fromJson(version)
        keys.check(digest, settings.signature)
        const bytes = await store.read(digest)
        await this.#servingOf(settings).deploy(plugin, { bytes, digest, settings }, async () => version.version)
      } catch (error) {
        report(plugin, error)
      }
    }
  }

  #servingOf({ contract }: VersionSettings): Serving {
    const serving = this.#parts.serving[contract]
    if (serving !== undefined) return serving
    throw new MortiseError('REQUEST_INVALID', `Cannot deploy for the contract '${contract}': this server serves none`)
  }

  /** A plugin has one contract at a time. */
  async #removeFromOthers(plugin: string, but?: Serving): Promise<void> {
    for (const serving of Object.values(this.#parts.serving))
      if (serving !== but && serving.stats(plugin) !== undefined) await serving.remove(plugin)
  }

  /** A change in its turn, with a line in the audit and an event, whatever becomes of it. */
  #change<T extends { readonly plugin: string; readonly digest?: string }>(
    action: string,
    plugin: string,
    digest: string | undefined,
    { token: { name: by }, from }: Caller,
    make: (author: readonly [by: string, from: string]) => Promise<T>,
  ): Promise<T> {
    const { store, events } = this.#parts
    return this.#queues.run(plugin, async () => {
      try {
        // What is changed and that it was are written down together.
        const made = await make([by, from])
        events.send(plugin, action, { ...made, by })
        return made
      } catch (error) {
        const outcome = MortiseError.is(error) ? error.code : 'INTERNAL'
        // It has not happened: an audit that cannot be written does not change what is answered.
        await store
          .audit({ at: Date.now(), by, from, action, plugin, digest, outcome })
          .catch((reason: unknown) => process.emitWarning(`Cannot write the audit: ${reasonOf(reason)}`))
        events.send(plugin, 'failed', { action, plugin, digest, by, code: outcome })
        throw error
      }
    })
  }
}

const since = (time: number): { readonly swap: number } => ({ swap: performance.now() - time })
