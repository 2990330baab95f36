import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { it } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { MortiseError } from 'mortise'
import { type Made, tarGz, zip } from '../support/archives.ts'
import { posted, TestCodeFolder } from '../support/code.ts'

const runs = Number(process.env['FUZZ_RUNS'] ?? 150)

const piece = fc.constantFrom(
  'function main() {}',
  'export const main = 1',
  'exports.main = 1',
  "import 'node:fs'",
  'enum A { B }',
  'type A = {',
  '#!/bin/sh\n',
  '\0asm\x01\0\0\0',
  '\x7fELF',
  'PK\x03\x04',
  '\x1f\x8b',
  '{"main":"x.js"}',
  '{"main":"x\\u0000"}',
  '{"type":"module"}',
  '`',
  '/*',
  '}',
  '\u2028',
  '\ud800',
  '\0',
)
const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join('\n'))
const path = fc.constantFrom(
  'exec',
  'package.json',
  'index.js',
  'index.ts',
  'main.wasm',
  'a.wasm',
  'x.js',
  'exec.env',
  'lib/',
)
const entry: fc.Arbitrary<Made> = fc.oneof(
  { arbitrary: fc.record({ path, text }), weight: 4 },
  fc.record({
    path,
    kind: fc.constant('link' as const),
    text: fc.constantFrom('index.js', 'exec', '.', '/etc/passwd', '..'),
  }),
)
const code = fc.oneof(
  text.map((one) => Buffer.from(one, 'latin1')),
  fc.array(entry, { maxLength: 5 }).map((entries) => zip(entries)),
  fc.array(entry, { maxLength: 5 }).map(tarGz),
  fc.uint8Array({ maxLength: 100 }),
)
const main = fc.constantFrom(
  'main',
  'x.fn',
  '',
  '..',
  '../x.y',
  'constructor',
  "'+evil",
  '\0.fn',
  `${'x'.repeat(5000)}.fn`,
)

it('whatever is posted is ready to be plugged, or refused by a code; and once disposed of, nothing of it is left', async (context) => {
  const seed = Date.now() % 2 ** 31
  context.diagnostic(`seed ${seed}`)
  await using folder = await TestCodeFolder.make({ allow: ['wasm', 'esm', 'process'] })
  const seen = { ready: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(code, main, async (bytes, name) => {
      try {
        const ready = await folder.prepare(posted(bytes, name))
        seen.ready++
        await ready.dispose()
      } catch (error) {
        seen.refused++
        assert(MortiseError.is(error) && error.code !== 'CODE_FOLDER', inspect(error))
      }
      assert.deepEqual(await readdir(folder.path), [])
    }),
    { seed, numRuns: runs },
  )
  context.diagnostic(JSON.stringify(seen))
  assert(seen.ready > 0 && seen.refused > 0, 'both are met')
})
