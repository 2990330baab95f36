import type { Artifact } from '../artifact.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { type ModuleInfo, readModule } from './binary/module.ts'
import { readTenon } from './binary/names.ts'
import { type Features, type Rewritten, rewrite } from './rewrite/rewrite.ts'
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
export function prepare(artifact: Artifact, features: Features): Promise<Prepared> {
  const key = `${artifact.digest} ${JSON.stringify(features)}`
  const known = shared.get(key)?.deref()
  if (known !== undefined) return known
  const prepared = compile(artifact, features)
  shared.set(key, new WeakRef(prepared))
  collected.register(prepared, key)
  prepared.catch(() => shared.delete(key))
  return prepared
}

async function compile({ bytes, digest }: Artifact, features: Features): Promise<Prepared> {
  const info = readModule(bytes)
  // What is not valid by itself must not become so: an index beyond the guest's own would name something of ours.
  if (!WebAssembly.validate(bytes)) await compileBytes(bytes)
  const rewritten = rewrite(info, features)
  const module = await compileBytes(rewritten.bytes)
  return {
    digest,
    surface: surfaceOf(info),
    info,
    rewritten,
    module,
    traps: new Traps(info, rewritten.bytes),
    leaks: readTenon(info)?.gc === 'none',
  }
}

async function compileBytes(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes)
  } catch (cause) {
    const why = reasonOf(cause).replace(/^WebAssembly\.compile\(\): /, '')
    throw new MortiseError('MODULE_INVALID', `Cannot compile the module: ${why}`, { cause })
  }
}
