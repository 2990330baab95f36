import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Mortise } from 'mortise'
import { build } from 'mortise/build'
import { contract, list, option, record, string, u32 } from 'mortise/contract'
import { wasm } from 'mortise/wasm'
import { bindings } from '../../src/contracts/typed/bindings/bindings.ts'
import { inFolder } from '../support/guest.ts'
import { rejection } from '../support/wat.ts'

const User = record('user', { name: string, age: option(u32) })
const users = contract(
  'users',
  {
    getUser: { params: { name: string }, result: option(User) },
    count: { params: { users: list(User) }, result: u32 },
  },
  { values: { version: string } },
)
const [made] = bindings(users.definition, 'assemblyscript')
const good = `import { Some, User } from './users-bindings'
export const version: string = '1'
export function getUser(name: string): User | null {
  return name == 'marie' ? new User(name, new Some<u32>(66)) : null
}
export function count(users: User[]): u32 { return users.length }
`
const buildGuest = (files: Record<string, string>): ReturnType<typeof build> =>
  inFolder(files, (folder) => build(folder, { contract: users }))
const section = (wasm: Uint8Array, name: string): string[] =>
  WebAssembly.Module.customSections(new WebAssembly.Module(Uint8Array.from(wasm)), name).map((bytes) =>
    Buffer.from(bytes).toString(),
  )

describe('build for a typed contract', () => {
  it('gives the same module whether the bindings are there or made', async () => {
    const { wasm: module } = await buildGuest({ 'index.ts': good })
    assert.deepEqual((await buildGuest({ 'index.ts': good, 'users-bindings.ts': made?.text ?? '' })).wasm, module)
    const windows = made?.text.replaceAll('\n', '\r\n') ?? ''
    assert.equal((await buildGuest({ 'index.ts': good, 'users-bindings.ts': windows })).wasm.length, module.length)
    await using host = new Mortise({ runtimes: [wasm()] })
    const { hooks, values } = await host.plug('users', module, users)
    assert.deepEqual(hooks.getUser({ name: 'marie' }), { name: 'marie', age: 66 })
    assert.equal(hooks.getUser({ name: 'pierre' }), undefined)
    assert.equal(hooks.count({ users: [{ name: 'a' }, { name: 'b', age: 1 }] }), 2)
    assert.deepEqual(values, { version: '1' })
  })

  it('builds the example of docs/guests.md', async () => {
    const page = await readFile(join(import.meta.dirname, '../../docs/guests.md'), 'utf8')
    const example = /```typescript\n([^]*?)```/.exec(page)?.[1] ?? ''
    const id = record('user-id', { idp: string, opaqueId: string })
    const hooks = {
      getUser: { params: { id }, result: option(record('user', { id, mail: string, age: option(u32) })) },
    }
    const documented = contract('users', hooks, { values: { version: string } })
    const { wasm: module } = await inFolder({ 'index.ts': example }, (folder) =>
      build(folder, { contract: documented }),
    )
    await using host = new Mortise({ runtimes: [wasm()] })
    const plugin = await host.plug('users', module, documented)
    const marie = { idp: '', opaqueId: 'marie' }
    assert.deepEqual(plugin.hooks.getUser({ id: marie }), { id: marie, mail: 'marie@cesnet.cz', age: 66 })
  })

  it('takes bindings from where the guest imports them', async () => {
    const elsewhere = good.replace("'./users-bindings'", "'./made/users-bindings'")
    await buildGuest({ 'index.ts': elsewhere, 'made/users-bindings.ts': made?.text ?? '' })
  })

  it('makes a guest that a host with another version of the contract refuses by name', async () => {
    const { wasm: module } = await buildGuest({ 'index.ts': good })
    const newer = contract('users', {
      getUser: { params: { name: string }, result: option(record('user', { name: string, age: option(string) })) },
    })
    await using host = new Mortise({ runtimes: [wasm()] })
    const { message } = await rejection('MODULE_REFUSED', host.plug('users', module, newer))
    assert.match(message, /record 'user': field 'age' is option<string> here and option<u32> in the guest/)
  })

  it('stamps what it built', async () => {
    const { wasm: module } = await buildGuest({ 'index.ts': good })
    assert.match(section(module, 'tenon').join(''), /"contract":"users"/)
    assert.match(section(module, 'mortise:contract').join(''), /^\{"contract":"users","types":\{"user":/)
    assert.match(section(module, 'component-type:users').join(''), /wit-component-encoding/)
  })

  it('refuses bindings that are not those of the contract', async () => {
    const stale = `${made?.text ?? ''}\nexport class Other {}\n`
    const error = await rejection('BUILD_CONTRACT', buildGuest({ 'index.ts': good, 'users-bindings.ts': stale }))
    assert.match(error.message, /users-bindings\.ts': it is not what the contract makes/)
  })

  for (const [what, from, to, wanted] of [
    ['without a hook', 'function getUser', 'function getOther', /'getUser' of the contract 'users': there is none/],
    ['whose hook is not exported', 'export function getUser', 'function getUser', /index\.ts:3:10: .*not exported/],
    ['whose hook is a variable', 'export function getUser', 'export const getUser: u32 = 1; function x', /a variable/],
    [
      'whose hook takes too much',
      'getUser(name: string)',
      'getUser(name: string, b: u32)',
      /takes 2 parameters, and not 1/,
    ],
    ['whose hook is generic', 'getUser(', 'getUser<T>(', /it is generic/],
    ['without a value', 'export const version', 'const version', /'version' .*not exported.*const version: string/],
  ] as const) {
    it(`refuses a guest ${what}`, async () => {
      const error = await rejection('BUILD_ENTRY', buildGuest({ 'index.ts': good.replace(from, to) }))
      assert.match(error.message, wanted)
    })
  }

  it('says which hook returns what it should not, where that is', async () => {
    const wrong = good.replace('): u32 { return users.length }', '): string { return "" }')
    const error = await rejection('BUILD_FAILED', buildGuest({ 'index.ts': wrong }))
    const [diagnostic] = error.details.diagnostics ?? []
    assert.match(
      diagnostic?.message ?? '',
      /string.*u32.*the contract 'users' wants 'export function count\(users: Array<User>\): u32'/,
    )
    assert.deepEqual([diagnostic?.line, diagnostic?.column], [6, 17])
  })

  it('refuses a guest that is called as its bindings are, and what is no contract', async () => {
    await inFolder({ 'users-bindings.ts': good }, async (folder) => {
      const error = await rejection('BUILD_ENTRY', build(`${folder}/users-bindings.ts`, { contract: users }))
      assert.match(error.message, /give the guest another name/)
    })
    // @ts-expect-error -- callers without a type checker write what they like
    const error = await rejection('OPTION_INVALID', build('guest.ts', { contract: 'users' }))
    assert.match(error.message, /'contract' set to 'users'/)
  })
})
