import type { Artifact } from '../artifact.ts'
import { MortiseError } from '../errors.ts'
import type { ModuleInfo } from './binary/module.ts'
import { compile } from './compile.ts'
import type { Features, Rewritten } from './rewrite/rewrite.ts'
import { rewriteValid } from './rewrite/valid.ts'
import { rewriter } from './rewriter.ts'

/**
 * Modules from this size on, in bytes, are rewritten on a thread of their own. This size keeps the event loop busy for about
 * 4 ms, where the thread costs 40 ms to start and 1 ms for each module.
 */
const large = 2 ** 16

/**
 * Validates and rewrites a module.
 *
 * @throws MortiseError `MEMORY_LIMIT`, `MODULE_INVALID`, `MODULE_UNSUPPORTED`, `PREPARE_FAILED`
 */
export async function obtain({ bytes }: Artifact, info: ModuleInfo, features: Features): Promise<Rewritten> {
  const made = bytes.length < large ? rewriteValid(bytes, info, features) : await rewriter().rewrite(bytes, features)
  if (made !== undefined) return made
  // V8 says why when it compiles.
  await compile(bytes)
  throw new MortiseError('MODULE_INVALID', 'Cannot compile the module: it is not valid')
}
