import { MortiseError } from '../../errors.ts'
import type { Activation, Store, StoredVersion } from '../../store/store.ts'

/** A plugin with its versions, the newest first. */
export interface DeployedPlugin {
  readonly plugin: string
  readonly live: number
  readonly versions: readonly StoredVersion[]
  readonly activations: readonly Activation[]
}

/** Activations that are shown, and looked through for the version before. */
const shown = 100

/** @throws MortiseError `VERSION_ABSENT` */
export async function historyOf(store: Store, plugin: string): Promise<DeployedPlugin> {
  const live = (await store.live()).find((version) => version.plugin === plugin)
  if (live === undefined) throw absent(plugin)
  const [versions, activations] = [await store.versions(plugin), await store.activations(plugin, shown)]
  return { plugin, live: live.version, versions, activations }
}

/** The version that is asked for, or the last one before the live one that there still is: `VERSION_ABSENT`. */
export async function findVersion(store: Store, plugin: string, wanted: number | undefined): Promise<StoredVersion> {
  const { live, versions, activations } = await historyOf(store, plugin)
  const before = activations.map(({ version }) => version).filter((version) => version !== live)
  const candidates = wanted === undefined ? before : [wanted]
  for (const candidate of candidates) {
    const found = versions.find(({ version }) => version === candidate)
    if (found !== undefined) return found
  }
  const list = versions.map(({ version }) => version).join(', ')
  throw new MortiseError(
    'VERSION_ABSENT',
    `Cannot roll back '${plugin}'${wanted === undefined ? '' : ` to version ${wanted}`}: its versions are ${list}`,
    { plugin },
  )
}

export const absent = (plugin: string): MortiseError =>
  new MortiseError('VERSION_ABSENT', `There is no plugin '${plugin}'. Deploy it first`, { plugin })
