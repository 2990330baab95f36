import { readFileSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MortiseError } from '../errors.ts'
import type { Source } from './assemblyscript.ts'
import { repair } from './repairs.ts'

/** The file that a build starts from. */
export interface EntryFile {
  /** Absolute path of the file. */
  readonly path: string
  /** Absolute path of the folder that the guest's own paths are relative to. */
  readonly folder: string
  readonly text: string
}

/** A module's text, and the path that the compiler knows it by. */
export interface SourceFile {
  readonly text: string
  readonly path: string
}

const extension = '.ts'
const library = '~lib/'
const missing = new Set(['ENOENT', 'ENOTDIR', 'EISDIR'])

/**
 * Folders of the packages that always come from Mortise's own installation, so that guests need none, and can't mix versions:
 * the SDK, the JSON library, and what that is made of.
 */
const own: ReadonlyMap<string, string> = findOwn()
const kept = new Map<string, string | undefined>()

/** Version of the tenon that guests are built with. */
export const tenonVersion: string = readVersion(join(own.get('tenon') ?? '', 'package.json'))

/** Finds and reads the file that `entry` names: a `.ts` file, or a folder with an `index.ts` in it. */
export function readEntry(entry: string): EntryFile {
  let path = resolve(entry)
  try {
    if (statSync(path).isDirectory()) path = join(path, `index${extension}`)
    if (!path.endsWith(extension)) {
      throw new MortiseError(
        'BUILD_UNREADABLE',
        `Cannot build '${entry}': give a .ts file, or a folder with an index.ts in it`,
      )
    }
    return { path, folder: dirname(path), text: readFileSync(path, 'utf8') }
  } catch (cause) {
    if (MortiseError.is(cause)) throw cause
    const why = isMissing(cause) ? 'there is no such file' : 'the file could not be read'
    throw new MortiseError('BUILD_UNREADABLE', `Cannot build '${entry}': ${why} (${userPath(path)})`, { cause })
  }
}

/** A path as its user would name it: relative to the working directory, with slashes. */
export function userPath(path: string): string {
  return relative(process.cwd(), path).split(sep).join('/')
}

/** Resolves the modules of one guest as the compiler asks for them, and remembers which files of the user's it read. */
export class Sources {
  readonly #standard: Readonly<Record<string, string>>
  readonly #folder: string
  readonly #within: string | undefined
  /** Folder that holds each package, by the module that was found in it. */
  readonly #packages = new Map<string, string>()
  readonly #read: Set<string>
  #made: ReadonlyMap<string, string> = new Map()
  readonly #real = new Set<Source>()

  /** @param within - the folder that all of the user's files lie in, where it matters */
  constructor(entry: EntryFile, standard: Readonly<Record<string, string>>, within?: string) {
    this.#standard = standard
    this.#within = within === undefined ? undefined : realpathSync(within) + sep
    this.#folder = entry.folder
    this.#read = new Set([entry.path])
  }

  /** Absolute paths of the user's files that were read so far, the entry first. */
  get read(): readonly string[] {
    return [...this.#read]
  }

  /**
   * Gives modules that are made for this guest, by name without extension. Where one is there as a file too, that has to be the
   * same, since the guest's author reads it; one of the library's takes that one's place.
   */
  provide(made: ReadonlyMap<string, string>): void {
    this.#made = made
  }

  /** Tells which sources the compiler read, apart from those that a transform made up. */
  keep(sources: readonly Source[]): void {
    for (const source of sources) this.#real.add(source)
  }

  /** Whether a source is a file's; json-as compiles code that it writes itself, under a file's name but not its text. */
  holds(source: Source): boolean {
    return this.#real.has(source)
  }

  /** The absolute path of a module that the compiler names, or undefined if it is not the user's. */
  locate(path: string): string | undefined {
    if (!path.startsWith(library)) return resolve(this.#folder, path)
    const folder = this.#packages.get(moduleName(path))
    return folder === undefined ? undefined : resolve(folder, path.slice(library.length))
  }

  /** Finds a module by the compiler's name for it, as imported by another. */
  find(name: string, importer: string | null): SourceFile | undefined {
    if (!name.startsWith(library)) {
      const found = this.#first(name, (path) => this.#readUser(resolve(this.#folder, path)))
      return this.#own(name, found)
    }
    const plain = name.slice(library.length)
    const made = this.#made.get(name)
    if (made !== undefined) return { text: made, path: `${name}${extension}` }
    const standard = this.#first(plain, (path) => this.#standard[path.slice(0, -extension.length)])
    if (standard !== undefined) return { ...standard, path: library + standard.path }
    const found = this.#findInPackage(plain, importer)
    return found === undefined ? undefined : { ...found, path: library + found.path }
  }

  #own(name: string, found: SourceFile | undefined): SourceFile | undefined {
    const text = this.#made.get(name)
    if (text === undefined) return found
    if (found !== undefined && plain(found.text) !== plain(text)) {
      throw new MortiseError(
        'BUILD_CONTRACT',
        `Cannot build with '${userPath(resolve(this.#folder, found.path))}': it is not what the contract makes. Make it anew with 'mortise bindings', or remove it: the build makes it by itself`,
      )
    }
    return found ?? { text, path: `${name}${extension}` }
  }

  #findInPackage(plain: string, importer: string | null): SourceFile | undefined {
    const name = plain.split('/', plain.startsWith('@') ? 2 : 1).join('/')
    const copy = own.get(name)
    if (copy !== undefined) {
      return this.#first(plain, (path) => readOwn(path, join(copy, path.slice(name.length))))
    }
    const file = importer === null ? undefined : this.locate(importer)
    for (const folder of ancestors(file === undefined ? this.#folder : dirname(file))) {
      if (basename(folder) === 'node_modules') continue
      const modules = join(folder, 'node_modules')
      const found = this.#first(plain === name ? `${name}/index` : plain, (path) => this.#readUser(join(modules, path)))
      if (found === undefined) continue
      this.#packages.set(moduleName(library + found.path), modules)
      return found
    }
    return undefined
  }

  #first(name: string, read: (path: string) => string | undefined): SourceFile | undefined {
    for (const path of [`${name}${extension}`, `${name}/index${extension}`]) {
      const text = read(path)
      if (text !== undefined) return { text, path }
    }
    return undefined
  }

  #readUser(path: string): string | undefined {
    if (this.#within !== undefined && realPath(path)?.startsWith(this.#within) !== true) return undefined
    const text = readIfThere(path)
    if (text !== undefined) this.#read.add(path)
    return text
  }
}

function findOwn(): ReadonlyMap<string, string> {
  const json = fileURLToPath(import.meta.resolve('json-as/package.json'))
  const numbers = createRequire(json).resolve('xjb-as/package.json')
  const tenon = fileURLToPath(import.meta.resolve('tenon/package.json'))
  return new Map([
    ['tenon', dirname(tenon)],
    ['json-as', dirname(json)],
    ['xjb-as', dirname(numbers)],
  ])
}

/** A text whatever system its lines were checked out on. */
const plain = (text: string): string => text.replaceAll('\r\n', '\n')

function moduleName(path: string): string {
  return path.endsWith(extension) ? path.slice(0, -extension.length) : path
}

function* ancestors(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at
    if (at === dirname(at)) return
  }
}

function readOwn(name: string, path: string): string | undefined {
  if (!kept.has(path)) {
    const text = readIfThere(path)
    kept.set(path, text === undefined ? undefined : repair(name, text))
  }
  return kept.get(path)
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw new MortiseError('BUILD_UNREADABLE', `Cannot read '${userPath(path)}', which the guest imports`, { cause })
  }
}

/** Where a file really is, if it is there. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && missing.has(error.code)
}

function readVersion(path: string): string {
  const json: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof json === 'object' && json !== null && 'version' in json && typeof json.version === 'string')
    return json.version
  throw new TypeError(`'${path}' has no version`)
}
