import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { root } from './command.ts'

/** The lock files hold what each package.json asks for, and no address: an install uses its own machine's registry. */
export async function lock(): Promise<void> {
  // As for npm, a folder without a package.json is no workspace.
  const manifests = globSync(
    ['tenon', 'examples/*', 'tools/node'].map((folder) => `${folder}/package.json`),
    { cwd: root },
  )
  await check('.', ['', ...manifests.map((manifest) => dirname(manifest))])
  for (const folder of ['bench', 'tools/jco', 'tools/node-24']) await check(folder, [''])
}

/** Not by `npm ci`: it refuses a lock without the packages of platforms that the registry of this machine does not have. */
async function check(folder: string, packages: readonly string[]): Promise<void> {
  const file = join(folder, 'package-lock.json')
  const text = await readFile(join(root, file), 'utf8')
  const addresses = text.match(/"resolved": "[a-z+]+:.*"/g) ?? []
  assert.deepEqual(addresses, [], `${file} holds addresses of a registry`)

  const locked: unknown = JSON.parse(text)
  for (const path of packages) {
    const manifest: unknown = JSON.parse(await readFile(join(root, folder, path, 'package.json'), 'utf8'))
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      const message = `${file} is not what ${join(path, 'package.json')} asks for: run npm install`
      assert.deepEqual(at(locked, 'packages', path, kind), at(manifest, kind), message)
    }
  }
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  for (const key of keys) value = value instanceof Object ? new Map(Object.entries(value)).get(key) : undefined
  return value
}
