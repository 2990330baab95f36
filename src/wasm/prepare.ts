import type { Artifact } from '../artifact.ts'
import { MortiseError } from '../errors.ts'
import { type ModuleInfo, readModule } from './binary/module.ts'
import { readTenon } from './binary/names.ts'
import { type Rewritten, rewrite } from './rewrite/rewrite.ts'
import type { Surface } from '../runtime.ts'
import { surfaceOf } from './surface.ts'
import { Traps } from './traps.ts'

/** A module that was verified, rewritten and compiled for one memory limit, shared by all that use it. */
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

/** The modules that are in use, by digest and memory limit. What nobody uses any more is collected. */
const shared = new Map<string, WeakRef<Promise<Prepared>>>()
const collected = new FinalizationRegistry<string>((key) => {
  if (shared.get(key)?.deref() === undefined) shared.delete(key)
})

/**
 * Verifies, rewrites and compiles a module, once for all who want the same.
 *
 * @returns the promise that is shared: keep it as long as the module is in use
 */
export function prepare(artifact: Artifact, memory: number): Promise<Prepared> {
  const key = `${artifact.digest} ${memory}`
  const known = shared.get(key)?.deref()
  if (known !== undefined) return known
  const prepared = compile(artifact, memory)
  shared.set(key, new WeakRef(prepared))
  collected.register(prepared, key)
  prepared.catch(() => shared.delete(key))
  return prepared
}

async function compile({ bytes, digest }: Artifact, memory: number): Promise<Prepared> {
  const info = readModule(bytes)
  const rewritten = rewrite(info, memory)
  const module = await compileBytes(rewritten.bytes, bytes)
  return { digest, surface: surfaceOf(info), info, rewritten, module, traps: new Traps(info), leaks: readTenon(info)?.gc === 'none' }
}

async function compileBytes(bytes: Uint8Array<ArrayBuffer>, original: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes)
  } catch (cause) {
    // The sentence about the artifact as it was shipped is the one with the right offset.
    const why = await WebAssembly.compile(original).then(() => cause, (error: unknown) => error)
    const text = why instanceof Error ? why.message.replace(/^WebAssembly\.compile\(\): /, '') : String(why)
    throw new MortiseError('MODULE_INVALID', `Cannot compile the module: ${text}`, { cause })
  }
}
