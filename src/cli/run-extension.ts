import { readArtifact, type Source } from '../artifact.ts'
import { extensions } from '../contracts/extension/extension.ts'
import { readExtensionModule } from '../contracts/extension/wasm-module.ts'
import { readModule } from '../wasm/binary/module.ts'
import { surfaceOf } from '../wasm/surface.ts'
import { type Arguments, UsageError } from './command.ts'
import { showIntent } from './extension-json.ts'
import { readState } from './extension-state.ts'
import { type Guest, type Plugged, readConfig } from './guest.ts'

/** The names of a guest's extensions; `undefined` for a guest of another contract. */
export async function readExtensions(source: Source): Promise<readonly string[] | undefined> {
  const { kind, bytes } = await readArtifact(source)
  if (kind !== 'wasm-module') return undefined
  const { abi, extensions: names } = readExtensionModule(surfaceOf(readModule(bytes)))
  return abi === undefined ? undefined : names
}

/** Plugs one extension of a guest in, to be called on the state of the command line. */
export async function plugExtension(
  { host, source, name, hook }: Guest,
  names: readonly string[],
  args: Arguments,
): Promise<Plugged> {
  if (args.text('data') !== undefined || args.text('input') !== undefined)
    throw new UsageError(
      '--data and --input are the event of an action, and this guest has extensions: they take --state',
    )
  const chosen = chooseExtension(hook, names)
  const kind = await readState(args.text('state'))
  const start = performance.now()
  const plugin = await host.plug(name, source, extensions({ [chosen]: {} }), { config: readConfig(args) })
  return {
    plugin,
    gives: 'intents',
    load: performance.now() - start,
    call() {
      const state = kind.open(undefined)
      plugin.hooks[chosen]?.(state)
      return state.intents.map(showIntent)
    },
  }
}

function chooseExtension(hook: string | undefined, names: readonly string[]): string {
  const [only, ...more] = names
  if (hook === undefined && only !== undefined && more.length === 0) return only
  if (hook !== undefined && names.includes(hook)) return hook
  const asked = hook === undefined ? 'Which extension is to be called' : `There is no extension '${hook}'`
  throw new UsageError(`${asked}: the guest has ${names.length === 0 ? 'none' : names.join(', ')}`)
}
