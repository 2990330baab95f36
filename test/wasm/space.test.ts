import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Summary } from './space/findings.ts'

const run = promisify(execFile)
const program = fileURLToPath(new URL('space/walk.ts', import.meta.url))

/** V8's experiments with WebAssembly, without those that only take checks away or read files. */
async function experiments(): Promise<readonly string[]> {
  const { stdout } = await run(process.execPath, ['--v8-options'], { maxBuffer: 2 ** 24 })
  const names = [...stdout.matchAll(/^ {2}(--experimental-wasm-[\w-]+)/gm)].map(([, name = '']) => name)
  // With this one, V8 as it is in Node 24 takes no shared memory, which a deadline needs.
  const broken = process.versions.node.startsWith('24.') ? ['--experimental-wasm-shared'] : []
  return [...names.filter((name) => !/pgo|skip|nop|assume/.test(name) && !broken.includes(name)), '--wasm-staging']
}

async function walk(flags: readonly string[]): Promise<Summary> {
  // Threads that help to compile are of no use for modules as small as these, and waking them took most of the time.
  const { stdout } = await run(process.execPath, ['--single-threaded', ...flags, '-C', 'source', program], {
    maxBuffer: 2 ** 28,
  })
  // oxlint-disable-next-line no-unsafe-type-assertion -- our own program wrote it
  return JSON.parse(stdout) as Summary
}

const describeWalk = ({ opcodes, taken, refused, places, reasons }: Summary): string =>
  [
    `V8 knows ${opcodes.known} opcodes: ${opcodes.read} are read, ${opcodes.refused} are refused`,
    `of ${taken + refused} modules that V8 takes ${taken} were rewritten and ${refused} refused, for ${Object.keys(reasons).length} reasons`,
    Object.entries(places)
      .map(([place, count]) => `${place} ${count}`)
      .join(', '),
  ].join('\n')

const [byDefault, withExperiments] = await Promise.all([walk([]), experiments().then(walk)])

describe('whatever V8 takes is read and rewritten, or refused by name', () => {
  for (const [when, summary] of Object.entries({ 'as it is': byDefault, 'with all experiments': withExperiments })) {
    it(`${when}: every opcode, type, section, flag and constant expression`, (t) => {
      t.diagnostic(describeWalk(summary))
      assert.deepEqual(summary.wrong, [])
      // So that it means something.
      assert(summary.opcodes.read > 530 && summary.taken > 5_000 && summary.refused > 1_000)
    })
  }

  it('the sentence for a refused instruction has its name and why', () => {
    const reasons = Object.keys(byDefault.reasons).join('\n')
    for (const name of ['ref.eq', 'i31.get_s', 'br_on_cast_fail', 'array.len'])
      assert.match(reasons, new RegExp(`${name} \\(it works on garbage-collected values`))
    assert.match(reasons, /memory\.atomic\.wait32 \(it would block the whole thread\)/)
  })

  it('V8 with experiments knows more, and nothing more is taken unread', () => {
    assert(withExperiments.opcodes.known > byDefault.opcodes.known)
    assert.equal(withExperiments.opcodes.read, byDefault.opcodes.read)
    assert.match(Object.keys(withExperiments.reasons).join('\n'), /Mortise does not know it/)
  })
})
