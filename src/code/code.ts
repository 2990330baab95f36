import { createHash } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { type ArtifactKind, artifactKind, type Source } from '../artifact.ts'
import { MortiseError } from '../errors.ts'
import { AssemblyScript } from './assemblyscript.ts'
import { type Entry, readPackage } from './entry.ts'
import { checkExecutionEnv } from './execution-env.ts'
import { Folders } from './folders.ts'
import { entryText, formatOf, handlerText } from './javascript.ts'
import { type CodeOptions, type CodeSettings, parseCodeOptions } from './options.ts'
import { chooseRuntime, folderFailed } from './refused.ts'
import { Stage } from './stage.ts'

/** Code as it was posted to `/init`. */
export interface PostedCode {
  /** Text in UTF-8, an executable or an archive; what came as base64 is decoded by now. */
  readonly bytes: Uint8Array
  /**
   * The function to call: `main`, or of an archive for Node also `file.function`. Programs and WebAssembly modules ignore it. Empty: a
   * module of JavaScript is taken with all that it exports, as a handler of HTTP requests is.
   */
  readonly main: string
  /** What the program finds in its environment; values of other types are text by now, see `toEnvironment`. */
  readonly env: Readonly<Record<string, string>>
}

/** Code that can be plugged. */
export interface ReadyCode {
  /** The bytes, or the path of a file that lies in a folder of its own. */
  readonly source: Source
  /** The kind of what is plugged. */
  readonly kind: ArtifactKind
  /** The runtime that it is for: one of those that are allowed. */
  readonly runtime: CodeRuntime
  /** The function that was asked for. A module of JavaScript exports it as `main`, whatever it is called in the source. Empty: it exports what the source does. */
  readonly main: string
  readonly env: Readonly<Record<string, string>>
  /** Removes what was written for it. Nothing of it may run by then. */
  dispose(): Promise<void>
}

/** A runtime that posted code can be for. */
export type CodeRuntime = 'wasm' | 'esm' | 'process'

/** The name of the module that is plugged for JavaScript; it exports `main`, and loads what was posted. */
const entryName = '__mortise_entry.mjs'

/**
 * A folder where posted code is written, unpacked and compiled, as OpenWhisk's proxy has it: `1/`, `2/` and so on, each with `bin`, and
 * with `src` where something was compiled. Folders that are there when it begins are left alone.
 */
export class CodeFolder {
  readonly #settings: CodeSettings
  readonly #folders: Folders
  readonly #assemblyscript: AssemblyScript

  /** @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID` */
  constructor(options: CodeOptions) {
    this.#settings = parseCodeOptions(options)
    this.#folders = new Folders(this.#settings.folder)
    this.#assemblyscript = new AssemblyScript(this.#settings.compileTime)
  }

  /**
   * Makes posted code something that can be plugged. What can't be, leaves nothing on disk.
   *
   * @throws MortiseError
   *   - `CODE_EMPTY`, `CODE_TOO_LARGE`,
   *   - `CODE_ARCHIVE`, `CODE_UNSAFE` for archives that are damaged or dangerous,
   *   - `CODE_NOT_RUNNABLE` for what is of no kind that is run, or lacks an entry point,
   *   - `RUNTIME_NOT_ALLOWED` for what needs a runtime that is not allowed here,
   *   - `COMPILE_FAILED`, with `details.output` and, of AssemblyScript, `details.diagnostics`,
   *   - `EXECUTION_ENV` for a program from another image, `CODE_FOLDER` where the disk fails
   */
  async prepare(code: PostedCode): Promise<ReadyCode> {
    checkSize(code.bytes, this.#settings.code)
    const { allow } = this.#settings
    const { main, env } = code
    const kind = artifactKind(code.bytes)
    if (kind === 'wasm-module') {
      const runtime = chooseRuntime('a WebAssembly module', ['wasm'], allow)
      return { source: code.bytes, kind, runtime, main, env, dispose: async () => {} }
    }
    return this.#inFolder(async (folder) => {
      const entry = await this.#stage(code, folder)
      const digest = createHash('sha256').update(code.bytes).digest('hex')
      return { ...(await this.#ready(entry, join(folder, 'bin'), digest)), main, env, dispose: () => remove(folder) }
    })
  }

  /**
   * Compiles what was posted, or only unpacks what needs no compiler, and gives the folder with what came of it as a zip archive,
   * which can be posted then.
   *
   * @throws MortiseError the same
   */
  async compileToZip(code: PostedCode): Promise<Uint8Array> {
    checkSize(code.bytes, this.#settings.code)
    return this.#inFolder(async (folder) => {
      await this.#stage(code, folder)
      const { zipFolder } = await import('../unpack/zip-folder.ts')
      const archive = await zipFolder(join(folder, 'bin'))
      await remove(folder)
      return archive
    })
  }

  async #inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await this.#folders.next()
    try {
      return await work(folder)
    } catch (error) {
      if (!this.#settings.keepFailed) await remove(folder)
      throw folderFailed(error)
    }
  }

  #stage(code: PostedCode, folder: string): Promise<Entry> {
    return new Stage(code, folder, this.#settings, this.#assemblyscript).run()
  }

  async #ready(entry: Entry, folder: string, digest: string): Promise<Pick<ReadyCode, 'source' | 'kind' | 'runtime'>> {
    const { allow, executionEnv } = this.#settings
    const { path, kind } = entry.file
    if (entry.kind === 'program') {
      const runtime = chooseRuntime(kind === 'script' ? 'a script' : 'a program', ['process'], allow)
      if (executionEnv !== undefined) await checkExecutionEnv(dirname(path), executionEnv)
      return { source: path, kind, runtime }
    }
    if (entry.kind !== 'javascript')
      return { source: path, kind, runtime: chooseRuntime('a WebAssembly module', ['wasm'], allow) }
    const runtime = chooseRuntime('JavaScript', ['esm', 'process'], allow)
    const name = relative(folder, path).split(sep).join('/')
    const module = await moduleOf(path, entry, folder)
    if (entry.main === '' && module === 'esm') return { source: path, kind: 'javascript', runtime }
    const source = join(folder, entryName)
    const text =
      entry.main === '' ? handlerText(`./${name}`, digest) : entryText(`./${name}`, module, entry.main, digest)
    await writeFile(source, text)
    return { source, kind: 'javascript', runtime }
  }
}

/** The kind of module that a file is, by Node's rules: its name, then its package, then what it parses as. */
async function moduleOf(path: string, { file }: Entry, root: string): Promise<'esm' | 'commonjs'> {
  if (/\.m[jt]s$/.test(path)) return 'esm'
  if (/\.c[jt]s$/.test(path)) return 'commonjs'
  for (let folder = dirname(path); folder.startsWith(root); folder = dirname(folder)) {
    const { type } = await readPackage(root, folder)
    if (type === 'module') return 'esm'
    if (type === 'commonjs') return 'commonjs'
  }
  return (await formatOf(Buffer.from(file.bytes).toString(), basename(path))).module
}

function checkSize({ length }: Uint8Array, limit: number): void {
  if (length === 0)
    throw new MortiseError('CODE_EMPTY', 'Cannot run the code: there is none. Post some', { output: 'no file' })
  if (length > limit)
    throw new MortiseError('CODE_TOO_LARGE', `Cannot run the code: it has ${length} bytes, and ${limit} is the limit`, {
      asked: length,
      limit,
    })
}

const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true })
