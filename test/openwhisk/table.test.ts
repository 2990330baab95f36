import assert from 'node:assert/strict'
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
