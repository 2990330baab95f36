import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'mortise/build'

const run = promisify(execFile)
const root = new URL('..', import.meta.url)
const folder = new URL('.cache/examples/', root)

interface Example {
  readonly name: string
  readonly code: string
  /** Written with tenon, in AssemblyScript. */
  readonly guest: boolean
}

/** The TypeScript of doc comments and pages. Those of tenon's own comments are built in test/tenon. */
async function examples(): Promise<readonly Example[]> {
  const found: Example[] = []
  for await (const file of glob(['src/**/*.ts', 'README.md', 'RATIONALE.md', 'docs/*.md'], { cwd: root })) {
    const text = await readFile(new URL(file, root), 'utf8')
    for (const [index, [, block = '']] of Array.from(text.matchAll(/```ts\n([\s\S]*?)```/g)).entries()) {
      const code = block.replaceAll(/^ +\* ?/gm, '')
      found.push({ name: `${file.replaceAll(/[/.]/g, '-')}-${index + 1}`, code, guest: code.includes("'tenon/") })
    }
  }
  return found.toSorted((a, b) => a.name.localeCompare(b.name))
}

const all = await examples()

describe('every example in the documentation', () => {
  before(async () => {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    const { wasm } = await build(fileURLToPath(new URL('examples/hello/guest', root)))
    // The second is the first with an empty custom section behind it: another version, which does the same.
    for (const [name, rest] of [
      ['hello.wasm', []],
      ['hello-2.wasm', [0, 2, 1, 0x32]],
    ] as const)
      await writeFile(new URL(name, folder), Buffer.concat([wasm, Buffer.from(rest)]))
    const orders = await build(fileURLToPath(new URL('examples/orders/guest', root)))
    await writeFile(new URL('orders.wasm', folder), orders.wasm)
    await cp(new URL('examples/hello/guest', root), new URL('guests/hello', folder), { recursive: true })
    for (const { name, code, guest } of all) {
      await writeFile(new URL(`${guest ? 'guests/' : ''}${name}.ts`, folder), guest ? code : `${code}\nexport {}\n`)
    }
    const config = {
      extends: '../../tsconfig.json',
      compilerOptions: { isolatedDeclarations: false },
      include: ['*.ts', '../../types'],
      exclude: [],
    }
    await writeFile(new URL('tsconfig.json', folder), JSON.stringify(config))
  })

  test('there are some', () => assert.ok(all.length >= 8, `${all.length} examples`))

  test('type-checks', async () => {
    const tsc = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root))
    await run(process.execPath, [tsc, '-p', fileURLToPath(folder)]).catch((error: unknown) => {
      assert.fail(
        typeof error === 'object' && error !== null && 'stdout' in error ? String(error.stdout) : String(error),
      )
    })
  })

  for (const { name, guest } of all) {
    test(`${guest ? 'builds' : 'runs'}: ${name}`, async () => {
      if (guest) return void (await build(fileURLToPath(new URL(`guests/${name}.ts`, folder))))
      await run(process.execPath, ['-C', 'source', `${name}.ts`], { cwd: folder })
    })
  }
})
