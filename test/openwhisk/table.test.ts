import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { Other, type Row } from './row.ts'
import { table } from './table.ts'

const differs = ({ steps, stdout, stderr, files }: Row): boolean => {
  const expected = steps.flatMap((step): unknown[] =>
    'answer' in step ? [step.answer] : 'prints' in step ? [step.prints] : [],
  )
  return [stdout, stderr, files, ...expected].some((each) => each instanceof Other)
}

test('every row has an id of its own', () => {
  const ids = table.map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length, ids.filter((id, index) => ids.indexOf(id) !== index).join(', '))
})

test('a row says why where Mortise does otherwise', () => {
  for (const row of table) {
    if (differs(row)) assert(row.because !== undefined, row.id)
    else if (row.only === undefined) assert.equal(row.because, undefined, row.id)
  }
})

test('docs/openwhisk.md lists every row in which Mortise does otherwise', async () => {
  const page = await readFile(new URL('../../docs/openwhisk.md', import.meta.url), 'utf8')
  const listed = new Set(page.match(/\b[A-Z]\d+[a-z]?\b/g))
  for (const row of table) if (differs(row)) assert(listed.has(row.id), `${row.id}: ${row.because}`)
})
