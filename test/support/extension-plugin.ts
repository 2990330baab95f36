import { Mortise } from 'mortise'
import { build, type BuildOptions } from 'mortise/build'
import { extensions, type State, StateKind, type StateKindOptions, type Storage } from 'mortise/extension'
import { wasm, type WasmOptions } from 'mortise/wasm'
import type { Plugin } from 'mortise'
import { inFolder } from './guest.ts'

/** Extensions by name, on a host of their own. */
export interface Extensions<N extends string> extends AsyncDisposable {
  readonly plugin: Plugin<Readonly<Record<N, (state: State) => void>>>
  readonly kind: StateKind
  /** Calls one on a fresh state, and gives that. */
  call(name: N): State
}

/** Builds extensions from a text and plugs them in, over storages. */
export async function plugSource<const N extends string>(
  source: string,
  names: readonly N[],
  storages: Readonly<Record<string, Storage>> = {},
  {
    packages,
    memory = '16 MiB',
    ...options
  }: BuildOptions & Pick<StateKindOptions<undefined>, 'packages'> & Pick<WasmOptions, 'memory'> = {},
): Promise<Extensions<N>> {
  const { wasm: module } = await inFolder({ 'index.ts': source }, (folder) => build(folder, options))
  const kind = new StateKind<undefined>({ name: 'Test', storages, ...(packages && { packages }) })
  const host = new Mortise({ runtimes: [wasm({ deadline: '20 s', memory })] })
  // oxlint-disable-next-line no-unsafe-type-assertion -- the names are N
  const declared = Object.fromEntries(names.map((name) => [name, {}])) as Record<N, object>
  const plugin = await host.plug('guest', module, extensions(declared))
  return {
    plugin,
    kind,
    call(name) {
      const state = kind.open(undefined)
      plugin.hooks[name](state)
      return state
    },
    [Symbol.asyncDispose]: () => host.close(),
  }
}
