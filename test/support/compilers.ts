import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** A language that guests are written in. */
export type Language = 'assemblyscript' | 'c' | 'go' | 'rust'

/** A command runs once, from `_start`; a reactor is initialised and then called. */
export type Model = 'command' | 'reactor'

/** A compiler that was found on this machine. */
interface Compiler {
  /** Its version, which is part of the key under which its output is kept. */
  readonly version: string
  /** The command for a source, and what it needs in its environment. */
  readonly command: (
    source: string,
    output: string,
    model: Model,
    flags: readonly string[],
  ) => readonly [string, ...string[]]
  readonly env?: Readonly<Record<string, string>>
}

const run = promisify(execFile)
const cache = fileURLToPath(new URL('../../node_modules/.cache/mortise/guests/', import.meta.url))
const require = createRequire(import.meta.url)

const finders: Readonly<Record<Language, () => Promise<Compiler>>> = { assemblyscript, c, go, rust }
const found = new Map<Language, Promise<Compiler>>()

/**
 * Why guests in a language cannot be compiled here, for the `skip` of a test, or `false`. CI never skips: there, a compiler
 * that is missing fails the test that needs it.
 */
export async function compilerMissing(language: Language): Promise<string | false> {
  if (process.env['CI'] !== undefined && process.env['CI'] !== '') return false
  return find(language).then(
    () => false,
    (error: unknown) => `needs ${language}: ${error instanceof Error ? error.message : String(error)}`,
  )
}

/**
 * Compiles a guest to WebAssembly. What was compiled once is kept, by the digest of its source, compiler and flags, so that
 * running the tests again costs nothing.
 *
 * @param source - one file
 * @param flags - how to optimise and what to use, in place of what is the default here; of AssemblyScript and C
 */
export async function compileGuest(
  language: Language,
  source: URL,
  model: Model = 'reactor',
  flags: readonly string[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const compiler = await find(language)
  const path = fileURLToPath(source)
  const key = [
    await readFile(path),
    compiler.version,
    JSON.stringify(compiler.command('source', 'output', model, flags)),
  ]
  const kept = await compileOnce(key, 'wasm', async (output, scratch) => {
    const [program, ...args] = compiler.command(path, output, model, flags)
    await run(program, args, { cwd: scratch, env: { ...process.env, ...compiler.env } })
  })
  return Uint8Array.from(await readFile(kept))
}

/**
 * The path of what a compiler made, now or before.
 *
 * @param key - all that the output follows from
 * @param compile - writes the output, and what else it likes into the folder for scratch
 */
export async function compileOnce(
  key: readonly (string | Uint8Array)[],
  extension: string,
  compile: (output: string, scratch: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256')
  for (const part of key) hash.update(`${part.length} `).update(part)
  const kept = join(cache, `${hash.digest('hex').slice(0, 32)}.${extension}`)
  if (existsSync(kept)) return kept
  await mkdir(cache, { recursive: true })
  // Beside its place, so that the last step is one rename however many test files compile the same guest at once.
  const scratch = await mkdtemp(join(cache, 'build-'))
  try {
    const output = join(scratch, `guest.${extension}`)
    await compile(output, scratch)
    await rename(output, kept)
  } finally {
    await rm(scratch, { recursive: true })
  }
  return kept
}

function find(language: Language): Promise<Compiler> {
  const known = found.get(language) ?? finders[language]()
  found.set(language, known)
  return known
}

async function assemblyscript(): Promise<Compiler> {
  const asc = join(dirname(require.resolve('assemblyscript/package.json')), 'bin/asc.js')
  const { stdout } = await run(process.execPath, [asc, '--version'])
  return {
    version: stdout,
    command: (source, output, _, flags) => [
      process.execPath,
      asc,
      source,
      '-o',
      output,
      ...(flags.length > 0 ? flags : ['--runtime', 'stub', '-O', '--debug']),
    ],
  }
}

async function go(): Promise<Compiler> {
  const { stdout } = await run('go', ['version'])
  return {
    version: stdout,
    env: { GOOS: 'wasip1', GOARCH: 'wasm', GOFLAGS: '', GO111MODULE: 'off' },
    command: (source, output, model) => [
      'go',
      'build',
      ...(model === 'reactor' ? ['-buildmode=c-shared'] : []),
      '-ldflags=-s',
      '-trimpath',
      '-o',
      output,
      source,
    ],
  }
}

/** The first that can, of the compiler on the path and Debian's own beside it, and of WASI's new and old name. */
async function rust(): Promise<Compiler> {
  for (const rustc of ['rustc', '/usr/bin/rustc']) {
    for (const target of ['wasm32-wasip1', 'wasm32-wasi']) {
      const library = await run(rustc, ['--print', 'target-libdir', '--target', target]).then(
        ({ stdout }) => stdout.trim(),
        () => '',
      )
      if (!existsSync(library)) continue
      const { stdout } = await run(rustc, ['--version'])
      return {
        version: stdout,
        command: (source, output, model) => [
          rustc,
          '--edition=2021',
          `--target=${target}`,
          `--crate-type=${model === 'reactor' ? 'cdylib' : 'bin'}`,
          '--crate-name=guest',
          '-Copt-level=s',
          '-Cstrip=debuginfo',
          `--remap-path-prefix=${dirname(source)}=.`,
          '-o',
          output,
          source,
        ],
      }
    }
  }
  throw new Error('no rustc has the standard library of wasm32-wasip1')
}

async function c(): Promise<Compiler> {
  const target = '--target=wasm32-wasi'
  const scratch = await mkdtemp(join(tmpdir(), 'mortise-clang-'))
  try {
    // The compiler is often there without the C library of this target, and only a program that links tells.
    const source = join(scratch, 'probe.c')
    await writeFile(source, '#include <stdio.h>\nint main(void) { return puts(""); }\n')
    await run('clang', [target, source, '-o', join(scratch, 'probe.wasm')])
  } catch (cause) {
    throw new Error('no clang that links for wasm32-wasi with a C library', { cause })
  } finally {
    await rm(scratch, { recursive: true })
  }
  const { stdout } = await run('clang', ['--version'])
  // The clang driver runs a `wasm-opt` that it finds, and npm puts one on the path, which takes the functions' names away.
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  return {
    version: stdout,
    env: { PATH: path.join(delimiter) },
    command: (source, output, model, flags) => [
      'clang',
      target,
      ...(flags.length > 0 ? flags : ['-Os']),
      `-mexec-model=${model}`,
      ...(model === 'command' ? ['-DCOMMAND'] : []),
      `-ffile-prefix-map=${dirname(source)}=.`,
      source,
      '-o',
      output,
    ],
  }
}
