import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { Mortise } from 'mortise'
import { esm } from 'mortise/esm'
import { native } from 'mortise/native'
import { childProcess } from 'mortise/process'
import { wasm } from 'mortise/wasm'
import { make } from '../../examples/users/build.ts'
import { ask, type Case, cases, type Hooks } from '../../examples/users/cases.ts'
import { users } from '../../examples/users/contract.ts'
import { rows } from '../../examples/users/rows.ts'
import { userOf } from '../../examples/users/user.ts'
import { bindings } from '../../src/contracts/typed/bindings/bindings.ts'
import { libraryCompilerMissing } from '../support/libraries.ts'

const guests = [
  { guest: 'wasm', runtime: 'wasm', says: 'in AssemblyScript, on wasm', skip: false },
  { guest: 'esm', runtime: 'esm', says: 'in TypeScript, on esm', skip: false },
  { guest: 'native', runtime: 'native', says: 'in C, on native', skip: await libraryCompilerMissing('cc') },
  { guest: 'go', runtime: 'process', says: 'in Go, on process', skip: await libraryCompilerMissing('go') },
  { guest: 'node', runtime: 'process', says: 'in TypeScript, on process', skip: false },
] as const

const folder = await mkdtemp(join(tmpdir(), 'mortise-users-'))
after(() => rm(folder, { recursive: true, force: true }))

/** Builds a guest with so many users and calls it. */
async function withGuest(
  { guest, runtime }: (typeof guests)[number],
  count: number,
  test: (hooks: Hooks) => Promise<void>,
): Promise<void> {
  const path = await make[guest](rows(count), join(folder, guest, String(count)))
  await using host = new Mortise({ runtimes: [wasm(), esm(), native(), childProcess()] })
  const { hooks } = await host.plug('users', path, users, { runtime })
  await test(hooks)
}

const known = new Map(rows().map((row) => [row.username, userOf(row)]))

/** What a question is answered with: users in full. */
function answer({ ask: { hook }, finds }: Case): unknown {
  if (hook === 'getUserGroups' || finds === undefined) return finds
  const found = finds.map((username) => known.get(username))
  return hook === 'findUsers' ? found : found[0]
}

for (const one of guests) {
  describe(`the example users ${one.says}`, { skip: one.skip }, () => {
    it('answers every question as the others do', async () => {
      await withGuest(one, 4, async (hooks) => {
        for (const question of cases) {
          assert.deepEqual(await ask(hooks, question.ask), answer(question), question.says)
        }
      })
    })

    it('gives all that is known of a user', async () => {
      await withGuest(one, 4, async (hooks) => {
        const id = {
          idp: 'cernbox.cern.ch',
          opaqueId: '4c510ada-c86b-4815-8820-42cdf82c3d51',
          type: 'primary',
        } as const
        assert.deepEqual(await hooks.getUser({ id }), {
          id,
          username: 'einstein',
          mail: 'einstein@cern.ch',
          mailVerified: true,
          displayName: 'Albert Einstein',
          groups: ['sailing-lovers', 'violin-haters', 'physics-lovers'],
          opaque: [
            { name: 'gid', decoder: 'plain', value: new TextEncoder().encode('987') },
            { name: 'uid', decoder: 'plain', value: new TextEncoder().encode('123') },
          ],
          uidNumber: 123,
          gidNumber: 987,
        })
      })
    })

    it('finds all of a thousand users, again and again', async () => {
      await withGuest(one, 1000, async (hooks) => {
        const everyone = rows(1000).map(userOf)
        for (let time = 0; time < 5; time++) assert.deepEqual(await hooks.findUsers({ query: 'E' }), everyone)
        assert.deepEqual(await hooks.findUsers({ query: 'NUMBER 0042' }), [everyone[46]])
      })
    })
  })
}

for (const [language, place] of [
  ['assemblyscript', 'guest'],
  ['c', 'native'],
] as const) {
  it(`the bindings for ${language} in the example users are those that are made now`, async () => {
    for (const { name, text } of bindings(users.definition, language)) {
      const there = await readFile(new URL(`../../examples/users/${place}/${name}`, import.meta.url), 'utf8')
      // Where this fails: mortise bindings examples/users/contract.ts --lang … -o examples/users/guest, or native
      assert.equal(there, text, `${name} is not fresh`)
    }
  })
}
