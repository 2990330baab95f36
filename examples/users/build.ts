import { execFile } from 'node:child_process'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'mortise/build'
import { users } from './contract.ts'
import type { Row } from './rows.ts'
import { assemblyScriptSource, cSource } from './sources.ts'

const run = promisify(execFile)
const here = import.meta.dirname

/** Makes a guest from its source and some users. Gives the path of the artifact in the folder. */
export type Make = (rows: readonly Row[], folder: string) => Promise<string>

/** How each guest is made. */
export const make = {
  /** AssemblyScript for `wasm`, with the users compiled in. */
  async wasm(rows, folder) {
    await copy('guest', folder)
    await write(folder, 'guest/rows.ts', assemblyScriptSource(rows))
    const { wasm } = await build(join(folder, 'guest'), { contract: users })
    return write(folder, 'users.wasm', wasm)
  },
  /** TypeScript for `esm`: nothing is compiled, and the users are read from the file beside it. */
  async esm(rows, folder) {
    for (const file of ['module.ts', 'directory.ts', 'user.ts']) await copy(file, folder)
    await write(folder, 'users.json', JSON.stringify(rows))
    return join(folder, 'module.ts')
  },
  /** C for `native`, by the compiler `cc`, with the users compiled in. */
  async native(rows, folder) {
    await write(folder, 'rows.h', cSource(rows))
    const library = join(folder, 'users.so')
    const headers = [join(here, '../../native'), join(here, 'native'), folder].map((path) => `-I${path}`)
    const flags = ['-std=c99', '-O2', '-Wall', '-Wextra', '-Werror', '-fPIC', '-shared', ...headers]
    await run('cc', [...flags, join(here, 'native/users.c'), '-o', library])
    return library
  },
  /** Go for `process`, with the users embedded. */
  async go(rows, folder) {
    await copy('process', folder)
    await write(folder, 'process/users.json', JSON.stringify(rows))
    const program = join(folder, 'users')
    await run('go', ['build', '-trimpath', '-o', program, '.'], { cwd: join(folder, 'process') })
    return program
  },
  /** TypeScript for `process`: the guest for `esm` in a process of its own. */
  async node(rows, folder) {
    await make.esm(rows, folder)
    await copy('program.ts', folder)
    return join(folder, 'program.ts')
  },
} as const satisfies Readonly<Record<string, Make>>

async function copy(name: string, folder: string): Promise<void> {
  await cp(join(here, name), join(folder, name), { recursive: true })
}

async function write(folder: string, file: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, file)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  return path
}
