import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Mortise, type MortiseError } from 'mortise'
import { action } from 'mortise/action'
import { esm } from 'mortise/esm'
import { moduleRunnerTransform, transform } from 'oxc-transform'
import { restoreLines } from '../../src/esm/layout.ts'
import { inFolder } from '../support/guest.ts'
import { rejection } from '../support/wat.ts'

/** What stands between the lines that count: all that a printer writes on other lines than people do. */
const fillers = [
  '',
  '\n\n',
  '// a comment',
  '/* a comment\n   of two lines */',
  '/** for a reader */ // and more',
  'const v@ = [1,\n  2,\n\n  3].map((x) => { return x * 2 }).filter(Boolean)',
  `const v@ = \`a\n  text \${ [1,\n 2].join() } of\n\n lines // \` + 'http://x'`,
  'if (Math.random() > 2) { f(); if (true) { f() } } else { f(); f() }',
  'function f@() { return (\n  1 +\n  2\n) }\nif (f@() !== 3) throw new Error("changed")',
  'const y@ = [...(function* () { yield (\n  1) })()]\nif (y@[0] !== 1) throw new Error("changed")',
  'const v@ = { a: 1, b: { c: [\n], d() { return 1 } },\n  get e() { return 2 } }',
  'class C@ { static #x = 1; y = 2; m() { return C@.#x }\n\n  get z() { return this.y } }',
  'for (const x of [1, 2]) for (const y of [x]) f(x, y)',
  "export const v@ = 1; export function g@() { return v@ }\nexport { v@ as 'other @' }",
  "import { join as join@ } from 'node:path'",
  'switch (1) { case 2: f(); break\n  default: f() }',
  'label@: for (;;) { break label@ }',
  'let v@ = f()\n;[v@] = [1]\n;(() => {})()',
  'const v@ = f()\n  ?.a\n  ?.b\n  ?? (true\n  ? 1\n  : 2)',
]
const typed = [
  'interface I@ {\n  readonly a: string\n}',
  'type T@ = |\n  1 | 2',
  'enum E@ { A, B = 2,\n  C }',
  'const v@: { a: number\n b: string } | undefined = undefined as\n unknown as undefined',
  'abstract class D@<T> { abstract x: T\n  constructor(private readonly y: T, readonly z = 1) {} }',
  'function o@(a: string): void\nfunction o@(a: number): void\nfunction o@(a: unknown): void { f(a) }',
  'declare const d@: number',
]
/** Each throws in the line that says so. */
const throwers = [
  "throw new Error('here') // HERE",
  "const x = () => {\n  throw new Error('here') // HERE\n}\nx()",
  "if (event) {\n  throw new Error('here') // HERE\n}",
  "f(1, 2,\n  () => { throw new Error('here') }) // HERE",
  "for (const one of [1]) { f(one)\n  throw new Error('here') } // HERE",
  "await null\n\nthrow new Error('here') // HERE",
  'const { a } = {\n  a: 1,\n  b: f(new Error().message,\n    undefined.here) } // HERE',
  'f()\n  .toString()\n  .here() // HERE',
]

const onEsm = (): Mortise<'esm'> => new Mortise({ runtimes: [esm()] })

/** The line of a guest's file that is innermost in the stack of what it threw. */
function thrownAt(error: MortiseError, file: string): number {
  const stack = error.cause instanceof Error ? (error.cause.stack ?? '') : ''
  const line = stack.split('\n').find((frame) => frame.includes(file))
  return Number(/:(\d+):\d+\)?$/.exec(line ?? '')?.[1])
}

describe('a line of an ES module', () => {
  for (const [language, parts] of [
    ['js', fillers],
    ['ts', [...fillers, ...typed]],
  ] as const) {
    it(`is the same in a stack trace as in the source, in ${language}`, { timeout: 60_000 }, () =>
      inFolder({}, async (folder) => {
        await using host = onEsm()
        let count = 0
        const sources = fc.record({
          before: fc.array(fc.constantFrom(...parts), { maxLength: 12 }),
          inside: fc.array(fc.constantFrom(...fillers.filter((part) => !/^(ex|im)port/.test(part))), { maxLength: 4 }),
          thrower: fc.constantFrom(...throwers),
        })
        await fc.assert(
          fc.asyncProperty(sources, async ({ before, inside, thrower }) => {
            const numbered = (texts: readonly string[], letter: string): string =>
              texts.map((text, index) => text.replaceAll('@', `${letter}${index}`)).join('\n')
            const body = `${numbered(inside, 'i')}\n${thrower}`
            const source = `${numbered(before, 'b')}\nfunction f(...all) { for (const one of all) if (typeof one === 'function') one(); return 1 }\nexport async function main(event) {\n${body}\n}\n`
            const file = `main${++count}.${language}`
            const { writeFile } = await import('node:fs/promises')
            await writeFile(join(folder, file), source)
            const plugin = await host.plug(`guest${count}`, join(folder, file), action)
            const error = await rejection('GUEST_THREW', plugin.hooks.main({}))
            await plugin.unplug()
            const wanted = source.split('\n').findIndex((line) => line.includes('HERE')) + 1
            assert.equal(thrownAt(error, file), wanted, source)
          }),
          { numRuns: 100, endOnFailure: false },
        )
      }),
    )
  }

  it('is named, with its column, where the source does not parse', async () => {
    await using host = onEsm()
    const cases: readonly (readonly [source: string, line: number, column: number | undefined])[] = [
      ["const ü = '😀'\n  return 1", 2, 3],
      ['const a = 1;\r\nconst a = 2', 2, 7],
      ['interface X { a: string }\n\nlet x: = 1', 3, 8],
      ["const ü: string = '😀'; let x: = 1", 1, 32],
      ['// what only V8 sees\n\nexport const pattern = /a(/u', 3, undefined],
      ['var await = 1', 1, undefined],
      ['\n\n@decorated class X {}', 3, undefined],
    ]
    for (const [source, line, column] of cases) {
      const error = await rejection('MODULE_REFUSED', host.plug('guest', Buffer.from(source), action))
      const [diagnostic] = error.details.diagnostics ?? []
      assert.deepEqual([diagnostic?.line, diagnostic?.column], [line, column], error.message)
      assert.match(diagnostic?.file ?? '', /^mortise:/)
      assert.match(error.message, new RegExp(`:${line}${column === undefined ? '' : `:${column}`}$`))
    }
  })

  it('is put in its place by whitespace alone', async () => {
    const print = async (text: string): Promise<string> => {
      const { code, errors } = await transform('module.js', `async () => {${text}\n}`, { lang: 'js' })
      assert.deepEqual(errors, [])
      return code.replaceAll(/\s+/g, ' ')
    }
    let files = 0
    for await (const path of glob('{src,test,tools}/**/*.ts', { exclude: ['**/node_modules/**', '**/*.d.ts'] })) {
      if (path.includes('guest')) continue
      const source = await readFile(path, 'utf8')
      const plain = await transform('module.ts', source, { lang: 'ts', target: 'esnext', sourcemap: true })
      const laid = restoreLines(plain.code, plain.map?.mappings ?? '', false).code
      // oxlint-disable-next-line typescript/no-deprecated -- as in src/esm/transform.ts
      const body = await moduleRunnerTransform('module.js', laid, { sourcemap: true })
      assert.equal(
        await print(restoreLines(body.code, body.map?.mappings ?? '', true).code),
        await print(body.code),
        path,
      )
      files++
    }
    assert(files > 100, `${files} files`)
  })
})
