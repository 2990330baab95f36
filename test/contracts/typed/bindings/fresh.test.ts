import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { bindings, type BindingsLanguage, languages } from '../../../../src/contracts/typed/bindings/bindings.ts'
import { everyType } from './every-type.ts'

/** Beside the guests that use them. */
const folders: Readonly<Record<BindingsLanguage, string>> = {
  assemblyscript: 'assemblyscript',
  wit: 'wit',
  typescript: 'esm',
  c: 'native',
}

for (const language of languages) {
  test(`the bindings for ${language} that are in the repository are those that are made now`, async () => {
    for (const { name, text } of bindings(everyType.definition, language)) {
      const folder = join('test/guests/every-type', folders[language])
      const there = await readFile(join(import.meta.dirname, '../../../..', folder, name), 'utf8')
      const command = `mortise bindings test/contracts/typed/bindings/every-type.ts --lang ${language} -o ${folder}`
      assert.equal(there, text, `${name} is not fresh: ${command}`)
    }
  })
}
