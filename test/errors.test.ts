import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { catalogue, type ErrorCode, MortiseError } from 'mortise'

test('docs/errors.md has every code with its sentence, in the order of the catalogue, and no other', async () => {
  const page = await readFile(new URL('../docs/errors.md', import.meta.url), 'utf8')
  const rows = Array.from(page.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$/gm), ([, code, sentence]) => [
    code,
    sentence,
  ])
  assert.deepEqual(rows, Object.entries(catalogue))
})

test('every code is thrown or made somewhere in the sources', async () => {
  const { glob } = await import('node:fs/promises')
  let sources = ''
  for await (const file of glob('src/**/*.ts', { cwd: new URL('..', import.meta.url) })) {
    if (file !== 'src/errors.ts') sources += await readFile(new URL(`../${file}`, import.meta.url), 'utf8')
  }
  assert.deepEqual(
    Object.keys(catalogue).filter((code) => !sources.includes(`'${code}'`)),
    [],
  )
})

test('an error is known by its code, and by a brand that another copy of the package shares', () => {
  const error = new MortiseError('PLUGIN_EXISTS', 'x', { plugin: 'hello', cause: 'the cause' })
  const foreign = { [Symbol.for('mortise.error')]: true, code: 'PLUGIN_EXISTS' }
  const known = (value: unknown, code?: ErrorCode): boolean => MortiseError.is(value, code)
  assert.deepEqual([known(error), known(error, 'PLUGIN_EXISTS'), known(error, 'PLUGIN_BUSY')], [true, true, false])
  assert.ok(MortiseError.is(foreign, 'PLUGIN_EXISTS'))
  assert.ok(
    !MortiseError.is(new Error('x')) && !MortiseError.is(undefined) && !MortiseError.is({ code: 'PLUGIN_EXISTS' }),
  )
  assert.deepEqual(error.details, { plugin: 'hello' })
  assert.equal(error.cause, 'the cause')
})
