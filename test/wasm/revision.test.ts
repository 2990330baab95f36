import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { revision } from '../../src/wasm/rewrite/revision.ts'
import { rewriteValid } from '../../src/wasm/rewrite/valid.ts'
import { combinations, modules } from '../support/rewritable.ts'

test("a rewriter that makes something else has another revision, so that nothing kept of the last one's is used", () => {
  const hash = createHash('sha256')
  for (const bytes of Object.values(modules)) {
    for (const features of combinations) {
      const made = rewriteValid(bytes, features)
      assert(made !== undefined)
      const { scan, references, maxPages } = made
      hash.update(made.bytes).update(JSON.stringify([{ ...scan, writtenTables: [...scan.writtenTables] }, references]))
      hash.update(JSON.stringify(maxPages))
    }
  }
  const made = hash.digest('hex').slice(0, 16)
  assert.equal(revision, made, `what the rewriter makes has changed: write '${made}' into src/wasm/rewrite/revision.ts`)
})
