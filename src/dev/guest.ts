import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { artifactKind } from '../artifact.ts'
import { importsTenon } from '../code/javascript.ts'
import { MortiseError, reasonOf } from '../errors.ts'

/** What is developed, as it lies on the disk at present. */
export interface Guest {
  /** Absolute path of the file that is built, or plugged as it is. */
  readonly entry: string
  readonly language: 'assemblyscript' | 'wasm' | 'javascript' | 'program'
  readonly contract: 'action' | 'http'
}

/** What somebody has said about it. */
export interface GuestWish {
  /** `wasm`: text is AssemblyScript, whatever it imports. Default: AssemblyScript imports from `tenon/…`. */
  readonly runtime?: 'wasm' | 'esm' | 'process'
  /** Default: what it exports, or imports, says which. */
  readonly contract?: 'action' | 'http'
}

/** Who writes over a file empties it first; milliseconds until it is taken for what it is. */
const emptied = 30

const entries = ['index.ts', 'index.mts', 'index.js', 'index.mjs', 'main.wasm']

/** The folder that a guest's files are in. @throws MortiseError `ARTIFACT_UNREADABLE` */
export async function rootOf(path: string): Promise<string> {
  return (await isFolder(path)) ? resolve(path) : dirname(resolve(path))
}

/**
 * Looks what a guest is.
 *
 * @param path - a file, or a folder with an `index.ts` or its kin
 * @throws MortiseError `ARTIFACT_UNREADABLE`, `ARTIFACT_UNKNOWN`; `MODULE_REFUSED` for guests that no server calls
 */
export async function findGuest(path: string, { runtime, contract }: GuestWish = {}): Promise<Guest> {
  const { entry, bytes } = await read(path)
  const kind = artifactKind(bytes)
  if (kind === 'wasm-module') return { entry, language: 'wasm', contract: contract ?? contractOfModule(bytes) }
  if (kind === 'javascript' || bytes.length === 0) {
    const text = Buffer.from(bytes).toString()
    const guest = runtime === 'wasm' || (runtime === undefined && importsTenon(text))
    const other = guest ? /['"]tenon\/(extension|scheduler)\b/.exec(text)?.[1] : undefined
    if (other !== undefined) throw noServer(path, other)
    const language = guest ? 'assemblyscript' : 'javascript'
    return { entry, language, contract: contract ?? (guest ? contractOfImports(text) : contractOfExports(text)) }
  }
  if (kind === 'elf' || kind === 'mach-o' || kind === 'pe' || kind === 'script')
    return { entry, language: 'program', contract: contract ?? 'action' }
  throw new MortiseError('ARTIFACT_UNKNOWN', `Cannot develop '${path}': it is of kind '${kind}', and no guest`)
}

async function read(path: string): Promise<{ readonly entry: string; readonly bytes: Uint8Array }> {
  if (!(await isFolder(path))) return { entry: resolve(path), bytes: await readOne(path, path) }
  for (const name of entries) {
    const entry = resolve(path, name)
    const found = await stat(entry).catch(() => undefined)
    if (found?.isFile() === true) return { entry, bytes: await readOne(entry, path) }
  }
  throw unreadable(path, `there is no ${entries.join(', ')} in it`)
}

async function readOne(file: string, path: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(file)
    if (bytes.length > 0) return bytes
    await setTimeout(emptied)
    return await readFile(file)
  } catch (cause) {
    throw unreadable(path, reasonOf(cause), cause)
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (cause) {
    // A file that is just being replaced is there again in a moment, in a folder that is.
    if ((await stat(join(resolve(path), '..')).catch(() => undefined)) !== undefined) return false
    throw unreadable(path, reasonOf(cause), cause)
  }
}

function unreadable(path: string, why: string, cause?: unknown): MortiseError {
  const message = `Cannot read the guest '${path}': ${why}`
  return new MortiseError('ARTIFACT_UNREADABLE', message, cause === undefined ? {} : { cause })
}

function noServer(path: string, contract: string): MortiseError {
  const message = `Cannot serve '${path}': it is of the contract '${contract}', which no server calls. 'mortise build --watch' builds it`
  return new MortiseError('MODULE_REFUSED', message)
}

/** What is invalid is said where it is plugged. */
function contractOfModule(bytes: Uint8Array): Guest['contract'] {
  try {
    const exports = WebAssembly.Module.exports(new WebAssembly.Module(Uint8Array.from(bytes)))
    const names = new Set(exports.map(({ name }) => name))
    return names.has('fetch') && names.has('cabi_realloc') ? 'http' : 'action'
  } catch {
    return 'action'
  }
}

const contractOfImports = (text: string): Guest['contract'] => (/['"]tenon\/http['"]/.test(text) ? 'http' : 'action')

/** An action exports `main`; what answers requests exports a default, or `Handler`. */
function contractOfExports(text: string): Guest['contract'] {
  const main = /\bexport\s+(?:async\s+)?(?:function\*?|const|let|var)\s+main\b|\bexport\s*\{[^}]*\bmain\b/
  const site = /\bexport\s+default\b|\bas\s+default\b|\bexport\s+(?:async\s+)?(?:function|const|let|var)\s+Handler\b/
  return !main.test(text) && site.test(text) ? 'http' : 'action'
}
