import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { mortise } from '../support/cli.ts'

let folder = ''
const inFolder = (name: string): string => join(folder, name)
const run = (...args: readonly string[]): ReturnType<typeof mortise> => mortise(args, { cwd: folder, source: true })

const contracts = `import { contract, option, record, string, u32 } from 'mortise/contract'
const User = record('user', { name: string, age: option(u32) })
export const users = contract('users', { getUser: { params: { name: string }, result: option(User) } }, { values: { version: string } })
export const empty = contract('empty', { ping: {} })
`
const guest = `import { Some, User } from './users-bindings'
export const version: string = '1'
export function getUser(name: string): User | null {
  return name == 'marie' ? new User(name, new Some<u32>(66)) : null
}
`

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mortise-bindings-'))
  await mkdir(inFolder('node_modules'))
  await symlink(join(import.meta.dirname, '../..'), inFolder('node_modules/mortise'))
  await writeFile(inFolder('contracts.ts'), contracts)
  await writeFile(inFolder('guest.ts'), guest)
})
after(() => rm(folder, { recursive: true, force: true }))

describe('mortise bindings', () => {
  const files = {
    assemblyscript: ['users-bindings.ts', 'users-exports.ts'],
    wit: ['users.wit'],
    typescript: ['users-bindings.d.ts'],
    c: ['users.h'],
  }
  for (const [language, names] of Object.entries(files)) {
    test(`writes ${names.join(' and ')} for ${language}, and says so`, async () => {
      const users = ['contracts.ts', '--export', 'users']
      const { code, stdout, stderr } = await run('bindings', ...users, '--lang', language, '-o', language)
      assert.deepEqual([code, stderr], [0, ''])
      assert.equal(stdout, names.map((name) => `${language}/${name}\n`).join(''))
      for (const name of names) {
        const text = await readFile(inFolder(`${language}/${name}`), 'utf8')
        assert.match(text, new RegExp(`^// Made by 'mortise bindings <contract module> --lang ${language}'`))
      }
    })
  }

  test('says one object to machines', async () => {
    const { stdout } = await run('bindings', 'contracts.ts', '--export', 'empty', '--lang', 'wit', '--json')
    assert.deepEqual(JSON.parse(stdout), {
      ok: true,
      contract: 'empty',
      language: 'wit',
      files: [inFolder('empty.wit')],
    })
  })

  test('says what is wrong with a module of contracts, with exit code 1', async () => {
    await writeFile(inFolder('nothing.mjs'), 'export const users = {}\n')
    await writeFile(inFolder('broken.mjs'), "throw new Error('not today')\n")
    for (const [args, wanted] of [
      [['contracts.ts'], /^CONTRACT_UNREADABLE .*several contracts: choose one with --export empty or --export users/],
      [['contracts.ts', '--export', 'others'], /^CONTRACT_UNREADABLE .*no contract 'others', but 'empty', 'users'/],
      [['nothing.mjs'], /^CONTRACT_UNREADABLE .*exports no typed contract/],
      [['broken.mjs'], /^CONTRACT_UNREADABLE .*not today/],
      [['missing.ts'], /^CONTRACT_UNREADABLE .*missing\.ts/],
    ] as const) {
      const { code, stdout, stderr } = await run('bindings', ...args, '--lang', 'wit')
      assert.deepEqual([code, stdout], [1, ''], stderr)
      assert.match(stderr, wanted)
    }
    const blocked = await run('bindings', 'contracts.ts', '--export', 'empty', '--lang', 'wit', '-o', 'contracts.ts')
    assert.equal(blocked.code, 1)
    assert.match(blocked.stderr, /^BUILD_OUTPUT /)
  })

  test('takes one module and a known language', async () => {
    for (const args of [[], ['contracts.ts'], ['contracts.ts', '--lang', 'cobol'], ['a.ts', 'b.ts', '--lang', 'wit']])
      assert.equal((await run('bindings', ...args)).code, 2, args.join(' '))
  })
})

describe('mortise build --contract', () => {
  test('makes the bindings as it builds, where there are none', async () => {
    const built = await run('build', 'guest.ts', '--contract', 'contracts.ts', '--export', 'users', '-o', 'users.wasm')
    assert.equal(built.code, 0, built.stderr)
    const inspected = await run('inspect', 'users.wasm')
    assert.match(inspected.stdout, /^tenon +\S+, contract users, collector none$/m)
    for (const name of ['get-user', 'version', 'cabi_realloc', 'memory'])
      assert.match(inspected.stdout, new RegExp(`^ {2}${name} `, 'm'))
  })

  test('takes no contract by name without a module', async () => {
    const { code, stderr } = await run('build', 'guest.ts', '--export', 'users')
    assert.equal(code, 2)
    assert.match(stderr, /--export .* needs --contract/)
  })
})
