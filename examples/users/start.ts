// Builds every guest that this machine has a compiler for, loads all of them into one host, and asks each the same.
import { join } from 'node:path'
import { Mortise, MortiseError } from 'mortise'
import { esm } from 'mortise/esm'
import { native } from 'mortise/native'
import { childProcess } from 'mortise/process'
import { wasm } from 'mortise/wasm'
import { make } from './build.ts'
import { users } from './contract.ts'
import { rows } from './rows.ts'

const guests = [
  { guest: 'wasm', runtime: 'wasm', says: 'AssemblyScript on wasm' },
  { guest: 'esm', runtime: 'esm', says: 'TypeScript on esm' },
  { guest: 'native', runtime: 'native', says: 'C on native' },
  { guest: 'go', runtime: 'process', says: 'Go on process' },
  { guest: 'node', runtime: 'process', says: 'TypeScript on process' },
] as const

await using host = new Mortise({ runtimes: [wasm(), esm(), native(), childProcess()] })
for (const { guest, runtime, says } of guests) {
  try {
    const artifact = await make[guest](rows(), join(import.meta.dirname, 'dist', guest))
    const { hooks } = await host.plug(guest, artifact, users, { runtime })
    const user = await hooks.getUserByClaim({ claim: 'mail', value: 'marie@cesnet.cz' })
    const found = await hooks.findUsers({ query: 'EXAMPLE' })
    const nobody = await hooks.getUser({ id: { idp: '', opaqueId: 'niels', type: 'primary' } })
    console.log(
      `${says}: ${user?.displayName}; ${found.map(({ username }) => username).join(', ')}; ${nobody === undefined ? 'nobody' : nobody.displayName}`,
    )
  } catch (error) {
    if (MortiseError.is(error)) throw error
    console.log(`${says}: not built here (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`)
  }
}
