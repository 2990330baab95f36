import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { compilerMissing } from './compilers.ts'

const run = promisify(execFile)

/** Why guests cannot be made with wit-bindgen here, for the `skip` of a test, or `false`. CI never skips. */
export async function witBindgenMissing(): Promise<string | false> {
  const noC = await compilerMissing('c')
  if (noC !== false || process.env['CI']) return noC
  return find() === undefined ? 'needs wit-bindgen: .ci/machine installs it' : false
}

/** Where cargo puts what it installs, then the path. */
function find(): string | undefined {
  const folders = [
    join(process.env['CARGO_HOME'] ?? join(homedir(), '.cargo'), 'bin'),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
  return folders.map((folder) => join(folder, 'wit-bindgen')).find(existsSync)
}

/** Compiles a guest in C with the bindings that wit-bindgen makes of a world. */
export async function compileWithBindings(wit: URL, guest: URL): Promise<Uint8Array> {
  const bindgen = find()
  if (bindgen === undefined) throw new Error('there is no wit-bindgen: .ci/machine installs it')
  const scratch = await mkdtemp(join(tmpdir(), 'mortise-wit-'))
  try {
    await run(bindgen, ['c', fileURLToPath(wit), '--out-dir', scratch])
    const name = basename(wit.pathname, '.wit').replaceAll('-', '_')
    const sources = [fileURLToPath(guest), `${name}.c`, `${name}_component_type.o`]
    // The clang driver runs a `wasm-opt` that it finds, and npm puts one on the path, which drops the section.
    const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
    const flags = ['--target=wasm32-wasi', '-Os', '-mexec-model=reactor', `-I${scratch}`, '-o', 'guest.wasm']
    await run('clang', [...flags, ...sources], { cwd: scratch, env: { ...process.env, PATH: path.join(delimiter) } })
    return await readFile(join(scratch, 'guest.wasm'))
  } finally {
    await rm(scratch, { recursive: true })
  }
}
