import type { Artifact } from '../artifact.ts'
import { MortiseError } from '../errors.ts'
import { compile } from './compile.ts'
import type { Features, Rewritten } from './rewrite/rewrite.ts'
import { rewriteValid } from './rewrite/valid.ts'
import type { RewriteCache } from './rewrite-cache.ts'
import { rewriter } from './rewriter.ts'

/**
 * Modules from this size on, in bytes, are rewritten on a thread of their own. This size keeps the event loop busy for about
 * 4 ms, where the thread costs 40 ms to start and 1 ms for each module.
 */
const large = 2 ** 16

/** A rewritten module, and where it comes from: made now, or kept on disk. */
export interface Obtained {
  readonly rewritten: Rewritten
  readonly from: 'fresh' | 'disk'
}

/**
 * Validates and rewrites a module, or finds it in the cache, where what was made is kept.
 *
 * @throws MortiseError `MEMORY_LIMIT`, `MODULE_INVALID`, `MODULE_UNSUPPORTED`, `PREPARE_FAILED`
 */
export async function obtain(
  { bytes, digest }: Artifact,
  features: Features,
  cache: RewriteCache | undefined,
): Promise<Obtained> {
  const kept = await cache?.read(digest, features)
  if (kept !== undefined) return { rewritten: kept, from: 'disk' }
  const rewritten = await make(bytes, features)
  await cache?.write(digest, rewritten)
  return { rewritten, from: 'fresh' }
}

async function make(bytes: Uint8Array<ArrayBuffer>, features: Features): Promise<Rewritten> {
  const made = bytes.length < large ? rewriteValid(bytes, features) : await rewriter().rewrite(bytes, features)
  if (made !== undefined) return made
  // V8 says why when it compiles.
  await compile(bytes)
  throw new MortiseError('MODULE_INVALID', 'Cannot compile the module: it is not valid')
}
