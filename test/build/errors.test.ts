import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it, mock } from 'node:test'
import { build } from 'mortise/build'
import { MortiseError } from '../../src/errors.ts'
import { inFolder } from '../support/guest.ts'

const classes = "@json class E { name: string = '' }\n@json class R { g: string = '' }\n"

/** Builds from within the guest's folder, as a user would, and gives the error with nothing printed. */
async function refused(source: string | Record<string, string>): Promise<MortiseError> {
  return inFolder(typeof source === 'string' ? { 'index.ts': source } : source, async (folder) => {
    const before = process.cwd()
    const printed: unknown[] = []
    const capture = (text: unknown): boolean => printed.push(text) > 0
    const mocks = [process.stdout, process.stderr].map((stream) => mock.method(stream, 'write', capture))
    try {
      process.chdir(folder)
      await build('.', { optimize: 'none' })
    } catch (error) {
      if (MortiseError.is(error)) return error
      throw error
    } finally {
      for (const { mock: write } of mocks) write.restore()
      process.chdir(before)
      assert.deepEqual(printed, [])
    }
    throw new Error('it was built')
  })
}

describe('an entry that is no guest', () => {
  const cases: [name: string, source: string, position: string, says: RegExp][] = [
    ['is empty', '', '1:1', /no function 'main'/],
    ['exports something else', 'export function other(): void {}', '1:1', /no function 'main'/],
    ['does not export main', '\nfunction main(e: string): string { return e }', '2:10', /not exported/],
    ['has a generic main', 'export function main<T>(e: T): string { return "" }', '1:17', /generic/],
    ['has an asynchronous main', 'export async function main(e: string): string { return e }', '1:23', /asynchronous/],
    [
      'has a main of two parameters',
      'export function main(a: string, b: string): string { return a }',
      '1:17',
      /2 parameters/,
    ],
    ['has a main without a result type', 'export function main(a: string) { return a }', '1:17', /no result type/],
    ['has a main whose event has no type', 'export function main(a): string { return "" }', '1:22', /no type/],
    [
      'has a main whose event is optional',
      'export function main(a: string = ""): string { return a }',
      '1:22',
      /optional/,
    ],
    ['has a variable main', 'export const main = (e: string): string => e', '1:14', /a variable/],
    ['has a class main', 'export class main {}', '1:14', /no function/],
    ['has main as default', 'export default function main(e: string): string { return e }', '1:25', /default export/],
    [
      'exports another function as main',
      'function go(e: string): string { return e }\nexport { go as main }',
      '2:1',
      /something else/,
    ],
  ]
  for (const [name, source, position, says] of cases) {
    it(name, async () => {
      const { code, message, details } = await refused(source)
      assert.equal(code, 'BUILD_ENTRY')
      assert.match(message, says)
      assert.match(message, /export function main\(event: Event\): Result/)
      const [{ file, line, column } = {}] = details.diagnostics ?? []
      assert.equal(`${file}:${line}:${column}`, `index.ts:${position}`)
    })
  }
})

describe('a guest that does not compile', () => {
  const cases: [name: string, source: string | Record<string, string>, diagnostics: string[]][] = [
    ['syntax', 'export function main(e: string): string {\n  return e +\n}', ['index.ts:3:1: Expression expected']],
    [
      'a type',
      `${classes}export function main(e: E): R {\n  const n: i32 = e.name\n  return new R()\n}`,
      ["index.ts:4:18: Type 'string' is not assignable to type 'i32'"],
    ],
    [
      'class names',
      `${classes}export function main(e: E): R {\n  return e\n}`,
      ["index.ts:4:10: Type 'E' is not assignable to type 'R'"],
    ],
    [
      'a type that is not there',
      '\nexport function main(e: Nope): string {\n  return ""\n}',
      ["index.ts:2:25: Cannot find name 'Nope'"],
    ],
    [
      'a mistake that shows first in the glue',
      '\nexport function main(): Map<Nope, i32> {\n  return new Map()\n}',
      ["index.ts:2:17: Cannot find name 'Nope'"],
    ],
    [
      'two mistakes',
      'export function main(e: string): string {\n  a()\n  return b()\n}',
      ["index.ts:2:3: Cannot find name 'a'", "index.ts:3:10: Cannot find name 'b'"],
    ],
    [
      'a file that is not there',
      "import { x } from './nope'\nexport function main(e: string): string { return x(e) }",
      ["index.ts:1:19: File 'nope.ts' not found"],
    ],
    [
      'a package that is not there',
      "import { x } from 'nope'\nexport function main(e: string): string { return x(e) }",
      ["index.ts:1:19: Module 'nope' not found"],
    ],
    [
      'another file',
      {
        'index.ts': "import { f } from './lib/h'\nexport function main(e: string): string { return f(e) }",
        'lib/h.ts': '\n\nexport function f(e: string): string {\n  return e.nope\n}',
      },
      ["lib/h.ts:4:12: Property 'nope' does not exist on type 'string'"],
    ],
    [
      'an event that is not @json',
      'class E {}\nexport function main(e: E): string { return "" }',
      ['index.ts:2:17: A class that comes in or goes out as JSON, or a type in one of its fields, is not marked @json'],
    ],
    [
      'a result that is not @json',
      'class R {}\nexport function main(): R { return new R() }',
      ['index.ts:2:17: A class that comes in or goes out as JSON, or a type in one of its fields, is not marked @json'],
    ],
    [
      'a field that is not @json',
      '@json class E { x: X = new X() }\nclass X { a: i32 = 1 }\nexport function main(e: E): E { return e }',
      ["index.ts:2:7: Class 'X' is in a field of an @json class, and is not marked @json"],
    ],
  ]
  for (const [name, source, expected] of cases) {
    it(`says where: ${name}`, async () => {
      const { code, message, details } = await refused(source)
      assert.equal(code, 'BUILD_FAILED')
      const shown = details.diagnostics?.map((one) => `${one.file}:${one.line}:${one.column}: ${one.message}`)
      assert.deepEqual(shown, expected)
      assert(message.includes(expected[0] ?? '-'))
      assert.equal(message.includes('\n'), false)
    })
  }
})

describe('an entry that cannot be read', () => {
  it('says which', async () => {
    await assert.rejects(build('no/such/guest'), { code: 'BUILD_UNREADABLE', message: /no\/such\/guest/ })
    await assert.rejects(build('package.json'), { code: 'BUILD_UNREADABLE', message: /\.ts file/ })
    await inFolder({ 'a/b.ts': '' }, async (folder) => {
      await assert.rejects(build(join(folder, 'a')), { code: 'BUILD_UNREADABLE', message: /index\.ts/ })
    })
  })
})
