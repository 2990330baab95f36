import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Attempt } from '../../contracts/scheduler/attempt.ts'
import type { SchedulerHandle } from '../../contracts/scheduler/handle.ts'
import type { SchedulerHook, SchedulerHooks } from '../../contracts/scheduler/hooks.ts'
import { scheduler } from '../../contracts/scheduler/scheduler.ts'
import type { SchedulerValues } from '../../contracts/scheduler/values.ts'
import { MortiseError, reasonOf } from '../../errors.ts'
import { Mortise } from '../../host.ts'
import type { Plugin } from '../../plugin.ts'
import { wasm } from '../../wasm/wasm.ts'
import type { Log } from '../access.ts'
import type { AttemptLimits } from './attempts.ts'
import type { PluginSettings } from './options.ts'

/** What an extender is never asked for, so that plugins which take part in it do so in vain. */
const without: ReadonlySet<SchedulerHook> = new Set([
  'enqueue',
  'addPod',
  'removePod',
  'reserve',
  'unreserve',
  'permit',
])

/** Leases beyond the attempts that are counted: of those that begin while others end. */
const spare = 16

/** What plugins log and how long they are leased. */
export interface PluginParts {
  readonly limits: AttemptLimits
  readonly log: Log | undefined
}

/** A plugin of an extender, on a host of its own, so that another one of its name can be made ready beside it. */
export class LoadedPlugin {
  readonly settings: PluginSettings
  readonly plugin: Plugin<SchedulerHooks, SchedulerValues, Attempt>
  readonly #host: Mortise<'wasm'>

  private constructor(
    settings: PluginSettings,
    host: Mortise<'wasm'>,
    plugin: Plugin<SchedulerHooks, SchedulerValues, Attempt>,
  ) {
    this.settings = settings
    this.#host = host
    this.plugin = plugin
  }

  /** @throws MortiseError whatever `plug` throws */
  static async load(settings: PluginSettings, { limits, log }: PluginParts): Promise<LoadedPlugin> {
    const { name, path, config, severity } = settings
    const host = new Mortise({
      runtimes: [wasm()],
      log: ({ plugin, level, text }) => log?.[level]({ plugin }, text),
    })
    const { most, lease, timeout } = limits
    const handle: SchedulerHandle = {
      event: ({ regarding, type, reason, action, note }) => {
        const about = `${regarding.kind} ${regarding.namespace}/${regarding.name}`
        log?.info({ plugin: name, event: type, about, reason, action }, note)
      },
    }
    try {
      const plugin = await host.plug(name, path, scheduler({ config, severity, handle }), {
        limits: settings.limits,
        leases: { most: most + spare, time: lease + timeout },
        drain: lease + timeout,
      })
      return new LoadedPlugin(settings, host, plugin)
    } catch (error) {
      await host.close()
      throw error
    }
  }

  /** The hooks that it has and that are never called here. */
  get unasked(): readonly SchedulerHook[] {
    return this.plugin.values.hooks.filter((hook) => without.has(hook))
  }

  /**
   * Loads its file, where that changed. Attempts under way go on with the version that they began on.
   *
   * @returns whether there is a new version
   * @throws MortiseError whatever `swap` throws; what was live is live then
   */
  async refresh(): Promise<boolean> {
    const bytes = await readFile(this.settings.path).catch((cause: unknown) => {
      const why = `Cannot read the plugin '${this.settings.name}': ${reasonOf(cause)}`
      throw new MortiseError('ARTIFACT_UNREADABLE', why, { cause })
    })
    if (createHash('sha256').update(bytes).digest('hex') === this.plugin.digest) return false
    await this.plugin.swap(bytes)
    return true
  }

  async close(): Promise<void> {
    await this.#host.close()
  }
}
