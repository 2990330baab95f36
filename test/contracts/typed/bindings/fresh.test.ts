import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { bindings, languages } from '../../../../src/contracts/typed/bindings/bindings.ts'
import { everyType } from './every-type.ts'

const folder = new URL('../../../guests/every-type/generated/', import.meta.url)

for (const language of languages) {
  test(`the bindings for ${language} that are in the repository are those that are made now`, async () => {
    for (const { name, text } of bindings(everyType.definition, language)) {
      const there = await readFile(new URL(name, folder), 'utf8')
      // Where this fails: mortise bindings test/contracts/typed/bindings/every-type.ts --lang … -o test/guests/every-type/generated
      assert.equal(there, text, `${name} is not fresh`)
    }
  })
}

test('nothing else lies beside them', async () => {
  const made = languages.flatMap((language) => bindings(everyType.definition, language).map(({ name }) => name))
  assert.deepEqual((await readdir(folder)).toSorted(), made.toSorted())
})
