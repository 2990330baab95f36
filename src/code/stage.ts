import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { artifactKind } from '../artifact.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { archiveKind, unpack } from '../unpack/unpack.ts'
import type { AssemblyScript } from './assemblyscript.ts'
import type { PostedCode } from './code.ts'
import { runCompiler } from './compiler.ts'
import { type Entry, findEntry } from './entry.ts'
import { exportHidden, formatOf, importsTenon } from './javascript.ts'
import type { CodeSettings } from './options.ts'
import { isProgram, readFound, readInside } from './program.ts'
import { chooseRuntime, compileFailed, notRunnable } from './refused.ts'

/** By this name OpenWhisk knows what it starts. */
const exec = 'exec'

/** A file by which Java's archives are known. */
const manifest = 'META-INF/MANIFEST.MF'

/** Makes of posted code a folder that holds what is to be plugged: as it was posted, or compiled. */
export class Stage {
  readonly #code: PostedCode
  readonly #settings: CodeSettings
  readonly #assemblyscript: AssemblyScript
  readonly #source: string
  readonly #target: string

  /** @param folder - an empty one, for a folder `bin` with what came of it, and `src` where that was compiled */
  constructor(code: PostedCode, folder: string, settings: CodeSettings, assemblyscript: AssemblyScript) {
    this.#code = code
    this.#settings = settings
    this.#assemblyscript = assemblyscript
    this.#source = join(folder, 'src')
    this.#target = join(folder, 'bin')
  }

  /** @throws MortiseError what is said at {@link CodeFolder.prepare} */
  run(): Promise<Entry> {
    return archiveKind(this.#code.bytes) === undefined ? this.#file() : this.#archive()
  }

  async #file(): Promise<Entry> {
    const { bytes, main } = this.#code
    const kind = artifactKind(bytes)
    if (kind === 'wasm-module') return this.#keep('main.wasm')
    if (isProgram(kind)) return this.#keep(exec)
    const text = kind === 'javascript' ? Buffer.from(bytes).toString() : undefined
    if (text !== undefined && importsTenon(text)) {
      await this.#write(this.#source, 'index.ts', bytes)
      return this.#compileGuest(join(this.#source, 'index.ts'))
    }
    const { compiler } = this.#settings
    if (compiler !== undefined) {
      await this.#write(this.#source, exec, bytes)
      return this.#compile(compiler)
    }
    if (text === undefined)
      throw notRunnable(
        `it is of kind '${kind}'. Post WebAssembly, JavaScript, TypeScript, a program for this system, or an archive`,
      )
    const { language, module, transformed } = await formatOf(text, 'index')
    const extension = `${module === 'esm' ? 'm' : 'c'}${transformed === undefined ? language : 'js'}`
    return this.#keep(`index.${extension}`, (transformed ?? text) + exportHidden(main, module))
  }

  async #archive(): Promise<Entry> {
    const { bytes, main } = this.#code
    const { compiler, saveJar, archives } = this.#settings
    if (saveJar !== undefined && archiveKind(bytes) === 'zip' && (await holdsManifest(bytes)))
      await this.#write(this.#source, saveJar, bytes)
    else await unpack(bytes, this.#source, archives)
    const started = await readInside(this.#source, join(this.#source, exec))
    const ready = started !== undefined && (isProgram(started.kind) || started.kind === 'wasm-module')
    if (!ready && compiler !== undefined) return this.#compile(compiler)
    const entry = await findEntry(this.#source, main)
    if (entry.kind === 'assemblyscript') return this.#compileGuest(entry.file.path)
    await rename(this.#source, this.#target)
    const path = join(this.#target, relative(this.#source, entry.file.path))
    return this.#ready({ ...entry, file: { ...entry.file, path } })
  }

  /** Writes the one file that there is to where it stays. */
  async #keep(name: string, content: string | Uint8Array = this.#code.bytes): Promise<Entry> {
    await this.#write(this.#target, name, content)
    return this.#ready(await findEntry(this.#target, this.#code.main))
  }

  async #compile(compiler: string): Promise<Entry> {
    const { main, env } = this.#code
    const { silent, compileTime } = this.#settings
    await runCompiler({ compiler, silent, compileTime, main, env, source: this.#source, target: this.#target })
    const file = await readFound(join(this.#target, exec))
    if (file === undefined) throw compileFailed("the compiler made no file 'exec'", { output: 'cannot compile' })
    if (file.kind === 'wasm-module') return { kind: 'wasm', file }
    if (isProgram(file.kind)) return this.#ready({ kind: 'program', file })
    throw notRunnable(`what the compiler made is of kind '${file.kind}', and no program for this system`)
  }

  async #compileGuest(entry: string): Promise<Entry> {
    chooseRuntime('source of AssemblyScript', ['wasm'], this.#settings.allow)
    const bytes = await this.#assemblyscript.compile({ entry, folder: this.#source })
    return this.#keep('main.wasm', bytes)
  }

  async #write(folder: string, name: string, content: string | Uint8Array): Promise<void> {
    await mkdir(folder)
    await writeFile(join(folder, name), content)
  }

  async #ready(entry: Entry): Promise<Entry> {
    if (entry.kind === 'program') await chmod(entry.file.path, 0o755)
    return entry
  }
}

async function holdsManifest(archive: Uint8Array): Promise<boolean> {
  const { zipHolds } = await import('../unpack/zip.ts')
  try {
    return await zipHolds(archive, manifest)
  } catch (cause) {
    const why = reasonOf(cause)
    throw new MortiseError('CODE_ARCHIVE', `Cannot unpack the archive: ${why}`, { output: 'not a zip file', cause })
  }
}
