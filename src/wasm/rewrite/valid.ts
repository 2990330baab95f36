import { known } from '../binary/known.ts'
import { readModule } from '../binary/module.ts'
import { type Features, type Rewritten, rewrite } from './rewrite.ts'

/**
 * Reads and rewrites a module that is valid by itself: what is not must not become so, for an index beyond the guest's own
 * would name something of ours.
 *
 * @returns undefined for a module that can be read, and that V8 does not validate
 * @throws MortiseError `MEMORY_LIMIT`, `MODULE_INVALID`, `MODULE_UNSUPPORTED`
 */
export function rewriteValid(bytes: Uint8Array<ArrayBuffer>, features: Features): Rewritten | undefined {
  return known(bytes, () => {
    const module = readModule(bytes)
    return WebAssembly.validate(bytes) ? rewrite(module, features) : undefined
  })
}
