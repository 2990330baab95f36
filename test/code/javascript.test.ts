import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MortiseError } from 'mortise'
import { tarGz, zip } from '../support/archives.ts'
import { posted, TestCodeFolder } from '../support/code.ts'

type Case = readonly [code: string | Uint8Array, main?: string]

/** Each greets by the event's name. */
const cases: Readonly<Record<string, Case>> = {
  'a function that is only declared, as OpenWhisk wants it': ['function main(p) { return { hello: p.name } }'],
  'a constant that is only declared': ['const main = async ({ name }) => ({ hello: name })'],
  'a class that is only declared, under another name': [
    'class Greeter { static greet(p) { return { hello: p.name } } }',
    'Greeter.greet',
  ],
  'exports.main': ['exports.main = (p) => ({ hello: p.name })'],
  'module.exports with another name': ['module.exports = { niam: (p) => ({ hello: p.name }) }', 'niam'],
  'module.exports that is the function': ["'use strict'; module.exports = (p) => ({ hello: p.name })"],
  'sloppy code': [
    'with ({ answer: 010 }) var eight = answer; function main(p) { return { hello: eight === 8 && p.name } }',
  ],
  'code that ends in a comment': ['function main(p) { return { hello: p.name } } // done'],
  'code that returns at its top': ['exports.main = (p) => ({ hello: p.name }); return'],
  'an ES module': ['export function main(p) { return { hello: p.name } }'],
  'an ES module with another name': ['export const niam = (p) => ({ hello: p.name })', 'niam'],
  'an ES module with a default export': ['export default async (p) => ({ hello: p.name })'],
  'an ES module with an object for a default export': ['export default { main: (p) => ({ hello: p.name }) }'],
  'an ES module that exports nothing': [
    "import { sep } from 'node:path'; function main(p) { return { hello: p.name } }",
  ],
  'an ES module that waits': ['const greet = await (async (p) => ({ hello: p.name })); export { greet as main }'],
  TypeScript: ['type P = { name: string }\nfunction main(p: P): object { return { hello: p.name } }'],
  'TypeScript as an ES module': ['interface P { name: string }\nexport const main = (p: P) => ({ hello: p.name })'],
  'TypeScript that is more than types': [
    'enum A { B = 7 }\nclass C { constructor(readonly n: string) {} }\nfunction main(p: any) { return { hello: A.B === 7 && new C(p.name).n } }',
  ],
  'TypeScript with a type from elsewhere': [
    "import type { X } from './nowhere'\nfunction main(p: X) { return { hello: p.name } }",
  ],
  'a zip with index.js': [zip([{ path: 'index.js', text: 'exports.main = (p) => ({ hello: p.name })' }])],
  'a zip whose index.js is an ES module': [
    zip([{ path: 'index.js', text: 'export const main = (p) => ({ hello: p.name })' }]),
  ],
  'a zip with index.mjs': [zip([{ path: 'index.mjs', text: 'export const main = (p) => ({ hello: p.name })' }])],
  'a zip with index.ts': [zip([{ path: 'index.ts', text: 'export const main = (p: any) => ({ hello: p.name })' }])],
  'a zip whose package.json has a main': [
    zip([
      { path: 'package.json', text: '{"main":"lib/entry.js"}' },
      { path: 'lib/entry.js', text: "exports.main = (p) => require('./greet').greet(p)" },
      { path: 'lib/greet.js', text: 'exports.greet = (p) => ({ hello: p.name })' },
    ]),
  ],
  'a tar.gz of an ES module whose package.json leaves the extension out': [
    tarGz([
      { path: 'package.json', text: '{"main":"./lib","type":"module"}' },
      { path: 'lib/index.js', text: "export { niam } from './greet.js'" },
      { path: 'lib/greet.js', text: 'export const niam = (p) => ({ hello: p.name })' },
    ]),
    'niam',
  ],
  'a zip with a package among its modules': [
    zip([
      { path: 'package.json', text: '{"dependencies":{"greet":"1"}}' },
      { path: 'index.js', text: "exports.main = require('greet')" },
      { path: 'node_modules/greet/index.js', text: 'module.exports = (p) => ({ hello: p.name })' },
    ]),
  ],
  'a zip with main as file.function': [
    zip([{ path: 'a.js', text: 'exports.fn = (p) => ({ hello: p.name })' }]),
    'a.fn',
  ],
  'a zip with files that are read': [
    zip([
      {
        path: 'index.js',
        text: "exports.main = (p) => ({ hello: require('fs').readFileSync(__dirname + '/data/name', 'utf8') })",
      },
      { path: 'data/name', text: 'Mike' },
    ]),
  ],
}

for (const runtime of ['esm', 'process'] as const) {
  describe(`posted JavaScript, on ${runtime}`, () => {
    for (const [name, [code, main]] of Object.entries(cases))
      it(`may be ${name}`, async () => {
        await using folder = await TestCodeFolder.make({ allow: [runtime] })
        assert.deepEqual(await folder.call(posted(code, main)), { hello: 'Mike' })
      })

    it('is refused when it is plugged where the function is missing, in the words of the runtime for Node', async () => {
      await using folder = await TestCodeFolder.make({ allow: [runtime] })
      for (const code of [
        'function other() {}',
        'export const main = 1',
        'exports.main = null',
        'module.exports = null',
      ])
        await assert.rejects(folder.call(posted(code)), (error) => {
          assert(MortiseError.is(error, 'MODULE_REFUSED'), code)
          assert.deepEqual(error.details.problems, ["Action entrypoint 'main' is not a function."])
          return true
        })
      // None of these is a name: nothing of them is run.
      for (const main of ['await', 'x;process.exit()', '1', 'constructor.constructor.nope'])
        await assert.rejects(folder.call(posted('function x() {}', main)), /is not a function\./)
      // Nothing is called by no name: the module is what it exports itself.
      await assert.rejects(folder.call(posted('function x() {}', '')), { code: 'MODULE_REFUSED' })
    })

    it('keeps its lines', async () => {
      await using folder = await TestCodeFolder.make({ allow: [runtime] })
      const code = '\n\nfunction main(p) {\n  return { stack: new Error().stack.split("\\n")[1] }\n}\n'
      const { stack } = await folder.call(posted(code))
      assert(typeof stack === 'string')
      assert.match(stack, /index\.cjs:4:/)
    })
  })
}

describe('posted JavaScript', () => {
  it('runs in this process where that is allowed, else in one of its own', async () => {
    await using both = await TestCodeFolder.make({ allow: ['process', 'esm', 'wasm'] })
    assert.equal((await both.prepare(posted('function main() {}'))).runtime, 'esm')
    await using neither = await TestCodeFolder.make()
    const error = await neither.refuses(posted('function main() {}'), 'RUNTIME_NOT_ALLOWED', /'esm' or 'process'/)
    assert.match(error.message, /only 'wasm' is allowed/)
  })

  it('is refused with its place where it is neither JavaScript nor TypeScript', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['esm'] })
    const error = await folder.refuses(posted('const ä = 1\n  const = 2'), 'CODE_NOT_RUNNABLE', /index:2:9/)
    assert.equal(error.details.diagnostics?.[0]?.line, 2)
    await folder.refuses(
      posted('package main\n\nfunc main() {}\n'),
      'CODE_NOT_RUNNABLE',
      /neither JavaScript nor TypeScript/,
    )
  })

  it('is refused as an archive that lacks what Node starts, in the words of its runtime', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['process'] })
    const words = 'Zipped actions must contain either package.json or index.js at the root.'
    const error = await folder.refuses(
      posted(zip([{ path: 'lib/index.js' }])),
      'CODE_NOT_RUNNABLE',
      /holds none of exec/,
    )
    assert.equal(error.details.output, words)
    const json = zip([{ path: 'package.json', text: '{"main":"missing"}' }])
    await folder.refuses(posted(json), 'CODE_NOT_RUNNABLE', /names 'missing' as its main/)
    const broken = zip([{ path: 'package.json', text: '{' }, { path: 'index.js' }])
    await folder.refuses(posted(broken), 'CODE_NOT_RUNNABLE', /package\.json is not JSON/)
  })

  it('has another digest when anything of it differs', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['esm'] })
    const { readFile } = await import('node:fs/promises')
    const texts = await Promise.all(
      ['function main() { return 1 }', 'function main() { return 2 }'].map(async (code) => {
        const { source } = await folder.prepare(posted(code))
        return readFile(String(source), 'utf8')
      }),
    )
    assert.notEqual(texts[0], texts[1])
  })

  it('is unloaded with its plugin, CommonJS too', async () => {
    await using folder = await TestCodeFolder.make({ allow: ['esm'] })
    const { createRequire } = await import('node:module')
    await folder.call(
      posted(zip([{ path: 'index.js', text: "require('./a'); exports.main = (p) => p" }, { path: 'a.js' }])),
    )
    const { cache } = createRequire(import.meta.url)
    assert.deepEqual(
      Object.keys(cache).filter((path) => path.startsWith(folder.path)),
      [],
    )
  })
})
