import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { buildText, instantiate } from '../support/guest.ts'
import { ReferenceEngine } from '../support/reference-engine.ts'
import { ReferenceScheduler } from '../support/reference-scheduler.ts'

/** What keeps a module from fitting the contract `http`. */
const problems = (wasm: Uint8Array): readonly string[] => {
  const module = new WebAssembly.Module(Uint8Array.from(wasm))
  const names = new Set(WebAssembly.Module.exports(module).map(({ name }) => name))
  return ['memory', 'cabi_realloc', 'fetch'].filter((name) => !names.has(name))
}

/** Files of tenon that guests import from; those that begin with `_` are internal. */
const files = globSync('tenon/**/*.ts').filter((file) => !/\/(node_modules\/|_)/.test(file))

describe('doc comments of tenon', () => {
  it('are there', () => assert(files.length >= 4))
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    const comments = [
      ...text.matchAll(
        /\/\*\*([^]*?)\*\/\s*(?:\/\/ @ts-ignore.*\s*|@\w+\s*)*export (function|namespace|class|const) (\w+)/g,
      ),
    ]
    it(`say something about every declaration of ${file}`, () => {
      const exported = [...text.matchAll(/^\s*export (?:function|namespace|class|const|enum|let) (\w+)/gm)].map(
        ([, name]) => name,
      )
      assert.deepEqual(
        comments.map(([, , , name]) => name),
        exported,
      )
    })
    for (const [, comment = '', , name] of comments) {
      it(`have an example that builds: ${name} in ${file}`, async () => {
        const example = /```ts\n([^]*?)```/.exec(comment)?.[1]?.replaceAll(/^ *\* ?/gm, '')
        assert(example !== undefined)
        const wasm = await buildText(example, { optimize: 'none' })
        if (file.includes('/extension/')) new ReferenceEngine(wasm)
        else if (file.includes('/http/')) assert.deepEqual(problems(wasm), [])
        else if (file.includes('/scheduler/')) new ReferenceScheduler(wasm)
        else instantiate(wasm)
      })
    }
  }
})
