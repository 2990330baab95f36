import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { compileOnce } from './compilers.ts'

const run = promisify(execFile)
const header = fileURLToPath(new URL('../../native/', import.meta.url))
const guests = new URL('../guests/native/', import.meta.url)

/** What makes shared libraries of this machine. */
export type LibraryCompiler = 'cc' | 'c++' | 'go' | 'rustc'

const versionOf: Readonly<Record<LibraryCompiler, readonly string[]>> = {
  cc: ['--version'],
  'c++': ['--version'],
  go: ['version'],
  rustc: ['--version'],
}

/**
 * Why libraries cannot be compiled here, for the `skip` of a test, or `false`. CI never skips: there, a compiler that is missing
 * fails the test that needs it.
 */
export async function libraryCompilerMissing(...compilers: readonly LibraryCompiler[]): Promise<string | false> {
  if (process.env['CI'] !== undefined && process.env['CI'] !== '') return false
  for (const compiler of compilers) {
    const missing = await run(compiler, versionOf[compiler]).then(
      () => false,
      () => true,
    )
    if (missing) return `needs ${compiler} for this machine`
  }
  return false
}

/**
 * Compiles C or C++ to a shared library, once.
 *
 * @param source - the text, or the name of a file in test/guests/native
 */
export async function compileLibrary(
  source: string,
  { compiler = 'cc', flags = [] }: { compiler?: 'cc' | 'c++'; flags?: readonly string[] } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const text = source.includes('\n') ? source : await readFile(new URL(source, guests), 'utf8')
  const { stdout } = await run(compiler, versionOf[compiler])
  const language = compiler === 'cc' ? ['-std=c99', '-xc'] : ['-std=c++11', '-xc++']
  const options = ['-O2', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-fPIC', '-shared', ...language, ...flags]
  const kept = await compileOnce(
    [text, await readFile(`${header}mortise.h`), stdout, ...options],
    'so',
    async (output) => {
      const child = run(compiler, [...options, `-I${header}`, '-', '-o', output])
      child.child.stdin?.end(text)
      await child
    },
  )
  return Uint8Array.from(await readFile(kept))
}

/** Builds the library by Go. */
export async function compileGoLibrary(): Promise<Uint8Array<ArrayBuffer>> {
  const folder = fileURLToPath(new URL('go/', guests))
  const { stdout } = await run('go', versionOf.go)
  const sources = await Promise.all(['main.go', 'abi.c', 'go.mod'].map((name) => readFile(`${folder}${name}`)))
  const kept = await compileOnce([...sources, await readFile(`${header}mortise.h`), stdout], 'so', async (output) => {
    const env = { ...process.env, GOFLAGS: '', CGO_ENABLED: '1', CGO_CFLAGS: `-I${header}` }
    await run('go', ['build', '-buildmode=c-shared', '-trimpath', '-o', output, '.'], { cwd: folder, env })
  })
  return Uint8Array.from(await readFile(kept))
}

/** Compiles Rust to a shared library. */
export async function compileRustLibrary(source: string): Promise<Uint8Array<ArrayBuffer>> {
  const { stdout } = await run('rustc', versionOf.rustc)
  const kept = await compileOnce([source, stdout], 'so', async (output) => {
    const child = run('rustc', ['--crate-type=cdylib', '--crate-name=guest', '-O', '-', '-o', output])
    child.child.stdin?.end(source)
    await child
  })
  return Uint8Array.from(await readFile(kept))
}
