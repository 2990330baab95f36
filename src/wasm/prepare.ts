import type { Artifact } from '../artifact.ts'
import { type ModuleInfo, readModule } from './binary/module.ts'
import { readTenon } from './binary/names.ts'
import { compile } from './compile.ts'
import { obtain } from './obtain.ts'
import type { RewriteCache } from './rewrite-cache.ts'
import type { Features, Rewritten } from './rewrite/rewrite.ts'
import type { Surface } from '../runtime.ts'
import { surfaceOf } from './surface.ts'
import { Traps } from './traps.ts'

/** A module that was verified, rewritten and compiled for some limits, shared by all that use it. */
export interface Prepared {
  readonly digest: string
  readonly surface: Surface
  readonly info: ModuleInfo
  readonly rewritten: Rewritten
  readonly module: WebAssembly.Module
  readonly traps: Traps
  /** The guest brings no garbage collector: its memory comes back by restore. */
  readonly leaks: boolean
}

/** The modules that are in use, by digest and by what was compiled into them. What nobody uses any more is collected. */
const shared = new Map<string, WeakRef<Promise<Prepared>>>()
const collected = new FinalizationRegistry<string>((key) => {
  if (shared.get(key)?.deref() === undefined) shared.delete(key)
})

/**
 * Verifies, rewrites and compiles a module, once for all who want the same.
 *
 * @returns the promise that is shared: keep it as long as the module is in use
 */
export function prepare(artifact: Artifact, features: Features, cache: RewriteCache | undefined): Promise<Prepared> {
  const key = `${artifact.digest} ${JSON.stringify(features)}`
  const known = shared.get(key)?.deref()
  if (known !== undefined) return known
  const prepared = make(artifact, features, cache)
  shared.set(key, new WeakRef(prepared))
  collected.register(prepared, key)
  prepared.catch(() => shared.delete(key))
  return prepared
}

async function make(artifact: Artifact, features: Features, cache: RewriteCache | undefined): Promise<Prepared> {
  const { rewritten } = await obtain(artifact, features, cache)
  // It is valid by now: what is large and broken cannot keep the event loop here.
  const info = readModule(artifact.bytes)
  const module = await compile(rewritten.bytes)
  return {
    digest: artifact.digest,
    surface: surfaceOf(info),
    info,
    rewritten,
    module,
    traps: new Traps(info, rewritten.bytes),
    leaks: readTenon(info)?.gc === 'none',
  }
}
