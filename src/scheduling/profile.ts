import { checkKeys, checkOption } from '../options.ts'
import type { SchedulerPlugin } from './plugin.ts'

/** A plugin and what its scores count. */
export interface ProfileEntry {
  readonly plugin: SchedulerPlugin
  /** What its scores are multiplied by. Default 1; at most 10,000. */
  readonly weight?: number
}

/** The plugins that schedule a pod together, in the order in which they are called. */
export type Profile = readonly Required<ProfileEntry>[]

const mostWeight = 10_000

/**
 * The one parser of profiles.
 *
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function parseProfile(entries: readonly ProfileEntry[]): Profile {
  checkOption('plugins', entries, Array.isArray(entries), 'a list of plugins')
  const names = new Set<string>()
  return entries.map((entry) => {
    checkKeys(entry, ['plugin', 'weight'], 'a plugin of a profile')
    const { plugin, weight = 1 } = entry
    checkOption('plugin', plugin, typeof plugin?.lease === 'function', 'a plugin of the contract scheduler')
    checkOption('plugin', plugin.name, !names.has(plugin.name), 'each plugin once')
    names.add(plugin.name)
    const valid = Number.isSafeInteger(weight) && weight >= 1 && weight <= mostWeight
    checkOption('weight', weight, valid, `a whole number from 1 to ${mostWeight}`)
    return { plugin, weight }
  })
}
