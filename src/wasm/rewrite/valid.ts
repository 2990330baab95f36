import type { ModuleInfo } from '../binary/module.ts'
import { type Features, type Rewritten, rewrite } from './rewrite.ts'

/**
 * Rewrites a module that is valid by itself: what is not must not become so, for an index beyond the guest's own would name
 * something of ours.
 *
 * @param module - what was read of `bytes`
 * @returns undefined for a module that V8 does not validate
 */
export function rewriteValid(
  bytes: Uint8Array<ArrayBuffer>,
  module: ModuleInfo,
  features: Features,
): Rewritten | undefined {
  return WebAssembly.validate(bytes) ? rewrite(module, features) : undefined
}
