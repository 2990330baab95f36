import { resolve } from 'node:path'
import { parseDuration, parseSize } from '../limits.ts'
import { checkKeys, checkOption } from '../options.ts'
import { parseUnpackOptions, type UnpackLimits, unpackOptionNames, type UnpackOptions } from '../unpack/limits.ts'
import type { CodeRuntime } from './code.ts'

/** Options of a {@link CodeFolder}. Sizes are bytes or `'48 MiB'`, durations milliseconds or `'60 s'`. */
export interface CodeOptions extends UnpackOptions {
  /** Where code is written: a folder for each, by number. It is made where it is not there. */
  readonly folder: string
  /** The runtimes that posted code may be for. Default: `wasm` alone. */
  readonly allow?: Iterable<CodeRuntime>
  /** Bytes that may be posted. Default 48 MiB. */
  readonly code?: number | string
  /** A program that is called as `compiler <main> <source folder> <folder for what it makes>`. Default: none. */
  readonly compiler?: string
  /** A compiler that prints anything has failed, as in OpenWhisk; else its exit code alone says so. Default: true. */
  readonly silent?: boolean
  /** Compiling may take so long. Default 60 s. */
  readonly compileTime?: number | string
  /** The name by which an archive with a `META-INF/MANIFEST.MF` is kept as it is, such as `exec.jar`. Default: it is unpacked. */
  readonly saveJar?: string
  /** What the file `exec.env` of a program has to say. Default: nothing. */
  readonly executionEnv?: string
  /** Keeps what was written for code that was refused, to look at. Default: false. */
  readonly keepFailed?: boolean
}

/** The same, parsed. */
export interface CodeSettings {
  readonly folder: string
  readonly allow: ReadonlySet<CodeRuntime>
  readonly code: number
  readonly compiler: string | undefined
  readonly silent: boolean
  readonly compileTime: number
  readonly saveJar: string | undefined
  readonly executionEnv: string | undefined
  readonly keepFailed: boolean
  readonly archives: UnpackLimits
}

const standard = {
  allow: ['wasm'],
  code: 48 * 2 ** 20,
  silent: true,
  compileTime: 60_000,
  keepFailed: false,
} as const

const names = [...Object.keys(standard), 'folder', 'compiler', 'saveJar', 'executionEnv', ...unpackOptionNames]
const runtimes: ReadonlySet<unknown> = new Set<CodeRuntime>(['wasm', 'esm', 'process'])
const longest = 2 ** 31 - 1

/** The one parser of {@link CodeOptions}: `OPTION_UNKNOWN`, `OPTION_INVALID`. An empty text counts as absent, as in an environment. */
export function parseCodeOptions(options: CodeOptions): CodeSettings {
  checkKeys(options, names, 'the folder for code')
  const { folder, allow = standard.allow, code = standard.code, compileTime = standard.compileTime } = options
  const { silent = standard.silent, keepFailed = standard.keepFailed } = options
  const { compiler = '', saveJar = '', executionEnv = '' } = options
  const { unpacked, entries, path, depth, outsideLinks } = options
  for (const [name, value] of Object.entries({ folder, compiler, saveJar, executionEnv }))
    checkOption(name, value, typeof value === 'string', 'text')
  checkOption('folder', folder, folder !== '', 'the path of a folder')
  checkOption('saveJar', saveJar, !/[/\\\0]/.test(saveJar) && saveJar !== '..', 'the name of a file')
  for (const [name, value] of Object.entries({ silent, keepFailed }))
    checkOption(name, value, typeof value === 'boolean', 'true or false')
  const list = typeof allow === 'object' && Symbol.iterator in allow ? [...allow] : []
  checkOption(
    'allow',
    allow,
    list.length > 0 && list.every((one) => runtimes.has(one)),
    `some of ${[...runtimes].join(', ')}`,
  )
  const milliseconds = parseDuration('compileTime', compileTime)
  checkOption('compileTime', compileTime, milliseconds >= 1 && milliseconds <= longest, '1 ms to 24 days')
  return Object.freeze({
    folder: resolve(folder),
    allow: new Set(list),
    code: parseSize('code', code, '48 MiB'),
    compiler: compiler || undefined,
    silent,
    compileTime: milliseconds,
    saveJar: saveJar || undefined,
    executionEnv: executionEnv || undefined,
    keepFailed,
    archives: parseUnpackOptions(defined({ unpacked, entries, path, depth, outsideLinks })),
  })
}

/** Without what is undefined, which counts as absent. */
function defined<T extends object>(given: T): { [P in keyof T]?: Exclude<T[P], undefined> } {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the same keys and values, but for those that the type leaves out
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never
}
