import { execFile } from 'node:child_process'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Row } from './rows.ts'
import { cSource } from './sources.ts'

const run = promisify(execFile)
const here = import.meta.dirname
const header = join(here, '../../native')

/** Makes the guest of one runtime from its source and some users. */
export type Make = (rows: readonly Row[], folder: string) => Promise<string>

/** How each guest is made. Each gives the path of the artifact. */
export const make = {
  /** Nothing is compiled: `esm` takes TypeScript as it is, and reads the users from the file beside it. */
  async esm(rows, folder) {
    await write(folder, 'users.json', JSON.stringify(rows))
    for (const file of ['module.ts', 'directory.ts', 'user.ts']) await copyFile(join(here, file), join(folder, file))
    return join(folder, 'module.ts')
  },
  /** By the C compiler `cc`. */
  async native(rows, folder) {
    await write(folder, 'users.h', cSource(rows))
    const library = join(folder, 'users.so')
    const flags = ['-std=c99', '-O2', '-Wall', '-Wextra', '-Werror', '-fPIC', '-shared', `-I${header}`, `-I${folder}`]
    await run('cc', [...flags, join(here, 'native/users.c'), '-o', library])
    return library
  },
  /** By Go. */
  async process(rows, folder) {
    await write(folder, 'users.json', JSON.stringify(rows))
    for (const file of ['main.go', 'go.mod']) await copyFile(join(here, 'process', file), join(folder, file))
    const program = join(folder, 'users')
    await run('go', ['build', '-trimpath', '-o', program, '.'], { cwd: folder })
    return program
  },
} as const satisfies Readonly<Record<string, Make>>

async function write(folder: string, file: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, file), text)
}
