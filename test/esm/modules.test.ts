import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { Mortise } from 'mortise'
import { action } from 'mortise/action'
import { esm } from 'mortise/esm'
import { inFolder } from '../support/guest.ts'
import { rejection } from '../support/wat.ts'

const onEsm = (): Mortise<'esm'> => new Mortise({ runtimes: [esm()] })

/** What `main` answers in a folder of files whose entry is `main.js` or `main.ts`. */
async function answer(files: Readonly<Record<string, string>>): Promise<unknown> {
  let result: unknown
  await inFolder(files, async (folder) => {
    await using host = onEsm()
    const entry = 'main.ts' in files ? 'main.ts' : 'main.js'
    const plugin = await host.plug('guest', join(folder, entry), action)
    result = await plugin.hooks.main({})
  })
  return result
}

const says = (expression: string): string => `export const main = async () => ({ is: ${expression} })`

describe('an ES module', () => {
  const files: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'imports by name, by default, as a namespace, and for its effect': {
      'main.js': `
        import first, { second as other, 'a name' as third } from './a.js'
        import * as all from './a.js'
        import './effect.js'
        ${says('[first, other, third, Object.keys(all).length, globalThis.mortiseEffect].join() === "1,2,3,3,4"')}`,
      'a.js': "export default 1\nexport const second = 2\nconst third = 3\nexport { third as 'a name' }",
      'effect.js': 'globalThis.mortiseEffect = 4',
    },
    'passes on what another exports': {
      'main.js': `
        import * as all from './b.js'
        ${says('JSON.stringify(all) === \'{"space":{"x":1,"default":2,"own":"a"},"renamed":2,"own":"b","c":3,"x":1}\'')}`,
      'b.js': `
        export * from './a.js'
        export * as space from './a.js'
        export { default as renamed } from './a.js'
        export const own = 'b'
        export let c = 1
        c += 2`,
      'a.js': "export const x = 1\nexport default 2\nexport const own = 'a'",
    },
    'sees what another changes in its exports': {
      'main.js': `import { count, add } from './a.js'\nadd()\n${says('count === 1')}`,
      'a.js': 'export let count = 0\nexport function add() { count++ }',
    },
    'may import in a circle, and functions are there from the start': {
      'main.js': `import { a } from './a.js'\n${says("a() === 'a and b and a'")}`,
      'a.js': "import { b } from './b.js'\nexport function a(end) { return end ? 'a' : 'a and ' + b() }",
      'b.js': "import { a } from './a.js'\nexport const first = a(true)\nexport const b = () => 'b and ' + first",
    },
    'may import itself': {
      'main.js': `import * as self from './main.js'\nexport const other = 1\n${says('self.other === 1')}`,
    },
    'evaluates each of its files once': {
      'main.js': `import './a.js'\nimport './b.js'\nimport { list } from './list.js'\n${says("list.join() === 'a,b'")}`,
      'a.js': "import { list } from './list.js'\nlist.push('a')",
      'b.js': "import { list } from './list.js'\nimport './a.js'\nlist.push('b')",
      'list.js': 'export const list = []',
    },
    'waits for what it imports, wherever the import stands': {
      'main.js': `const seen = value\n${says('seen === 1')}\nimport { value } from './a.js'`,
      'a.js': 'export const value = await new Promise((resolve) => setImmediate(resolve, 1))',
    },
    'is strict, and nobody is its this': { 'main.js': `const self = this\n${says('self === undefined')}` },
    'may export a default without a name': {
      'main.js': `import A from './a.js'\nimport b from './b.js'\n${says('new A().is && b()')} `,
      'a.js': 'export default class { is = true }',
      'b.js': 'export default function () { return true }',
    },
    'imports builtins and JSON': {
      'main.js': `
        import { join } from 'node:path'
        import fs, { existsSync } from 'fs'
        import data from './data.json' with { type: 'json' }
        ${says("join('a', 'b') === 'a/b' && fs.existsSync === existsSync && data.list[1] === 2")}`,
      'data.json': '{ "list": [1, 2] }',
    },
    'imports later what it names then': {
      'main.js': `
        const names = ['./late.js', 'node:os', './data.json']
        export async function main() {
          const [late, os, data] = await Promise.all(names.map((name) => import(name, name.endsWith('json') ? { with: { type: 'json' } } : undefined)))
          const again = await import('./late.js')
          return { is: late.value === 1 && again === late && typeof os.cpus === 'function' && data.default.x === 1 }
        }`,
      'late.js': 'export const value = 1',
      'data.json': '{ "x": 1 }',
    },
    'is TypeScript with all that TypeScript has': {
      'main.ts': `
        import { type Shape, Colour, Box } from './a.ts'
        import { Unused } from './a.ts'
        namespace Own { export const x: number = 1 }
        export const main = async (_: unknown): Promise<{ is: boolean }> => {
          const shape = { colour: Colour.Green } satisfies Shape
          return { is: shape.colour === 1 && new Box<number>(5).value === 5 && Own.x === 1 }
        }
        export type { Unused }`,
      'a.ts': `
        export enum Colour { Red, Green }
        export interface Shape { readonly colour: Colour }
        export type Unused = never
        export abstract class Base<T> { abstract readonly value: T }
        export class Box<T> extends Base<T> { constructor(readonly value: T) { super() } }`,
    },
    'keeps text as it is': {
      'main.ts': String.raw`
        const a = 1 as number
        const text = ${'`'}first // no comment
          second ${'${'} [
            a,
            2] .join() }
        	third \u0041
        ${'`'}
        export const main = () => ({ is: text === 'first // no comment\n          second 1,2\n        \tthird A\n        ' || text })`,
    },
    'has its import.meta': {
      'main.ts': `
        import { there } from './sub/a.ts'
        import { fileURLToPath } from 'node:url'
        const { url, filename, dirname } = import.meta
        export const main = () => ({
          is:
            fileURLToPath(url) === filename && filename === dirname + '/main.ts' && there === dirname + '/sub' &&
            import.meta.resolve('./x.js') === new URL('x.js', url).href &&
            import.meta.resolve('fs') === 'node:fs' &&
            import.meta.resolve('pkg') === new URL('node_modules/pkg/index.js', url).href,
        })`,
      'sub/a.ts': 'export const there: string = import.meta.dirname',
      'node_modules/pkg/package.json': '{ "name": "pkg", "type": "module", "exports": "./index.js" }',
      'node_modules/pkg/index.js': 'export const x = 1',
    },
    'imports packages, those in CommonJS and those that are ES modules only': {
      'main.js': `
        import whole, { named } from 'common'
        import { x } from 'pkg'
        import data from 'pkg/data.json' with { type: 'json' }
        ${says('whole.named === 1 && named === 1 && x === (await import("pkg")).x && data.x === 2')}`,
      'node_modules/common/package.json': '{ "name": "common" }',
      'node_modules/common/index.js': 'exports.named = 1',
      'node_modules/pkg/package.json':
        '{ "name": "pkg", "type": "module", "exports": { ".": { "import": "./index.js" }, "./data.json": "./data.json" } }',
      'node_modules/pkg/index.js': 'export const x = await {}',
      'node_modules/pkg/data.json': '{ "x": 2 }',
    },
    'may have a first line for the shell in what it imports': {
      'main.js': `import { x } from './tool.js'\n${says('x === 1')}`,
      'tool.js': '#!/usr/bin/env node\nexport const x = 1',
    },
  }
  for (const [what, folder] of Object.entries(files)) {
    it(what, async () => assert.deepEqual(await answer(folder), { is: true }))
  }

  const refused: Readonly<Record<string, readonly [files: Readonly<Record<string, string>>, says: RegExp]>> = {
    'a file that is not there': [{ 'main.js': "import './none.js'" }, /none\.js.*main\.js.*ENOENT/],
    'a name that the file does not export': [
      { 'main.js': "import { nope } from './a.js'", 'a.js': 'export const yes = 1' },
      /'\.\/a\.js'.*main\.js.*'nope'/,
    ],
    'a name that a builtin does not export': [{ 'main.js': "import { nope } from 'node:fs'" }, /'node:fs'.*'nope'/],
    'a package that is not there': [{ 'main.js': "import 'not-installed'" }, /not-installed/],
    'CommonJS by a relative path': [{ 'main.js': "import './a.cjs'", 'a.cjs': '' }, /a\.cjs.*createRequire/],
    'a file without an extension': [{ 'main.js': "import './a'", 'a.js': '' }, /ends in \.js/],
    'JSON that is none': [{ 'main.js': "import './a.json'", 'a.json': '{' }, /JSON/],
    'a file with a syntax error': [
      { 'main.js': "import './a.ts'", 'a.ts': 'export {}\n\nconst b: = 1' },
      /a\.ts:3:10$/,
    ],
  }
  for (const [what, [folder, pattern]] of Object.entries(refused)) {
    it(`importing ${what} is refused before anything runs`, () =>
      inFolder({ ...folder, 'run.js': 'globalThis.mortiseRan = true' }, async (path) => {
        Reflect.deleteProperty(globalThis, 'mortiseRan')
        await using host = onEsm()
        const entry = join(path, 'entry.js')
        await writeFile(entry, `import './main.js'\n${says('true')}`)
        const error = await rejection('MODULE_REFUSED', host.plug('guest', entry, action))
        assert.match(error.message, pattern)
        assert(error.details.problems !== undefined && error.details.problems.length > 0)
      }))
  }

  it('that came as bytes imports builtins and URLs, and says why it imports nothing else', () =>
    inFolder({ 'a.js': 'export const x = 1' }, async (folder) => {
      await using host = onEsm()
      const url = pathToFileURL(join(folder, 'a.js')).href
      const source = `import { x } from '${url}'\nimport 'node:fs'\n${says("x === 1 && import.meta.url.startsWith('mortise:')")}`
      const plugin = await host.plug('guest', Buffer.from(source), action)
      assert.deepEqual(await plugin.hooks.main({}), { is: true })
      for (const specifier of ['./a.js', '/a.js', 'fast-check']) {
        const error = await rejection('MODULE_REFUSED', plugin.swap(Buffer.from(`import '${specifier}'`)))
        assert.match(error.message, new RegExp(specifier))
      }
    }))
})

describe('a swap of an ES module', () => {
  it('loads what it imports anew, and nothing of it before', () =>
    inFolder(
      {
        'main.js': `import { is } from './a.ts'\nimport data from './a.json' with { type: 'json' }\n${says('[is, data.is]')}`,
        'a.ts': "import { b } from './b.js'\nexport const is: string = 'a1' + b",
        'b.js': "export const b = 'b1'",
        'a.json': '{ "is": 1 }',
      },
      async (folder) => {
        await using host = onEsm()
        const plugin = await host.plug('guest', join(folder, 'main.js'), action)
        assert.deepEqual(await plugin.hooks.main({}), { is: ['a1b1', 1] })
        await writeFile(join(folder, 'b.js'), "export const b = 'b2'")
        await writeFile(join(folder, 'a.json'), '{ "is": 2 }')
        assert.deepEqual(await plugin.hooks.main({}), { is: ['a1b1', 1] })
        await plugin.swap(join(folder, 'main.js'))
        assert.deepEqual(await plugin.hooks.main({}), { is: ['a1b2', 2] })
      },
    ))

  it('shares packages, and no state of its own files', () =>
    inFolder(
      {
        'main.js': `import { own } from './own.js'\nimport { shared } from 'pkg'\n${says('[own(), shared()]')}`,
        'own.js': 'let count = 0\nexport const own = () => ++count',
        'node_modules/pkg/package.json': '{ "name": "pkg", "type": "module", "exports": "./index.js" }',
        'node_modules/pkg/index.js': 'let count = 0\nexport const shared = () => ++count',
      },
      async (folder) => {
        await using host = onEsm()
        const entry = join(folder, 'main.js')
        const one = await host.plug('one', entry, action)
        const two = await host.plug('two', entry, action)
        assert.deepEqual(await one.hooks.main({}), { is: [1, 1] })
        assert.deepEqual(await two.hooks.main({}), { is: [1, 2] })
        await one.swap(entry)
        assert.deepEqual(await one.hooks.main({}), { is: [1, 3] })
      },
    ))

  it('that fails leaves the version that is live', () =>
    inFolder(
      { 'main.js': `import { x } from './a.js'\n${says('x')}`, 'a.js': 'export const x = 1' },
      async (folder) => {
        await using host = onEsm()
        const entry = join(folder, 'main.js')
        const plugin = await host.plug('guest', entry, action)
        for (const broken of [
          'export const x = ',
          'export const y = 1',
          "throw new Error('mine')",
          'await Promise.reject(1)',
        ]) {
          await writeFile(join(folder, 'a.js'), broken)
          await rejection('MODULE_REFUSED', plugin.swap(entry))
          assert.deepEqual(await plugin.hooks.main({}), { is: 1 })
        }
        await writeFile(join(folder, 'a.js'), 'export const x = 2')
        await plugin.swap(entry)
        assert.deepEqual(await plugin.hooks.main({}), { is: 2 })
      },
    ))

  it('follows a link to where it points now', () =>
    inFolder({ 'v1/a.js': 'export const x = 1', 'v2/a.js': 'export const x = 2' }, async (folder) => {
      const { rename, symlink } = await import('node:fs/promises')
      for (const version of ['v1', 'v2']) {
        await mkdir(join(folder, version), { recursive: true })
        await writeFile(
          join(folder, version, 'main.js'),
          `import { x } from './a.js'\n${says('[x, import.meta.url.split("/").at(-2)]')}`,
        )
      }
      await using host = onEsm()
      await symlink('v1', join(folder, 'live'))
      const plugin = await host.plug('guest', join(folder, 'live/main.js'), action)
      assert.deepEqual(await plugin.hooks.main({}), { is: [1, 'v1'] })
      await symlink('v2', join(folder, 'next'))
      await rename(join(folder, 'next'), join(folder, 'live'))
      await plugin.swap(join(folder, 'live/main.js'))
      assert.deepEqual(await plugin.hooks.main({}), { is: [2, 'v2'] })
    }))
})
