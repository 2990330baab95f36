import { MortiseError } from 'mortise'
import type { Features } from '../../../src/wasm/rewrite/rewrite.ts'
import { rewriteValid } from '../../../src/wasm/rewrite/valid.ts'
import { combinations, nameOf } from '../fuzz/subject.ts'

/** What becomes of a module: V8 refuses it, Mortise refuses it by name, it is taken, or there is something wrong. */
export type Verdict =
  | { readonly kind: 'invalid' | 'taken' }
  | { readonly kind: 'refused'; readonly reason: string; readonly offset: number | undefined }
  | { readonly kind: 'wrong'; readonly what: string }

const all = combinations(2 ** 24)

/**
 * Rewrites a module with every combination of passes.
 *
 * @param turn - where there are too many modules to do that: only this combination, and the one with all passes
 */
export function judge(bytes: Uint8Array<ArrayBuffer>, turn?: number): Verdict {
  if (!WebAssembly.validate(bytes)) return { kind: 'invalid' }
  const chosen =
    turn === undefined ? all : [all[turn % all.length], all.at(-1)].filter((features) => features !== undefined)
  for (const features of chosen) {
    const verdict = judgeOne(bytes, features)
    if (verdict.kind !== 'taken') return verdict
  }
  return { kind: 'taken' }
}

function judgeOne(bytes: Uint8Array<ArrayBuffer>, features: Features): Verdict {
  try {
    const rewritten = rewriteValid(bytes, features)
    if (rewritten === undefined || !WebAssembly.validate(rewritten.bytes))
      return wrong(bytes, `is not valid after ${nameOf(features)}`)
    return { kind: 'taken' }
  } catch (thrown) {
    if (!MortiseError.is(thrown)) return wrong(bytes, `made the rewriter throw ${String(thrown)}`)
    if (thrown.code !== 'MODULE_UNSUPPORTED' && thrown.code !== 'MEMORY_LIMIT')
      return wrong(bytes, `is valid, and refused as ${thrown.code}: ${thrown.message}`)
    return { kind: 'refused', reason: thrown.message.replace(/ at byte \d+/, ''), offset: thrown.details.offset }
  }
}

function wrong(bytes: Uint8Array, what: string): Verdict {
  return { kind: 'wrong', what: `${Buffer.from(bytes).toString('hex')} ${what}` }
}
