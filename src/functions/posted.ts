import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { artifactKind, readArtifact, type Source } from '../artifact.ts'
import type { CodeFolder, CodeRuntime, PostedCode, ReadyCode } from '../code/code.ts'

/** What was posted, in a folder that is made with the first code that needs one: a WebAssembly module needs none. */
export class PostedFolder {
  readonly #allow: readonly CodeRuntime[]
  #made: Promise<{ readonly folder: string; readonly code: CodeFolder }> | undefined

  /** @param allow - where what strangers post may run: never as a module in this process */
  constructor(allow: ReadonlySet<CodeRuntime>) {
    this.#allow = [...allow].filter((runtime) => runtime !== 'esm')
  }

  async prepare(code: PostedCode): Promise<ReadyCode> {
    const { bytes, main, env } = code
    const kind = artifactKind(bytes)
    if (kind === 'wasm-module') return { source: bytes, kind, runtime: 'wasm', main, env, dispose: async () => {} }
    this.#made ??= this.#make()
    return (await this.#made).code.prepare(code)
  }

  /** Removes the folder. */
  async close(): Promise<void> {
    const made = await this.#made?.catch(() => undefined)
    if (made !== undefined) await rm(made.folder, { recursive: true, force: true })
  }

  async #make(): Promise<{ folder: string; code: CodeFolder }> {
    const { CodeFolder } = await import('../code/code.ts')
    const folder = await mkdtemp(join(tmpdir(), 'mortise-functions-'))
    return { folder, code: new CodeFolder({ folder, allow: this.#allow }) }
  }
}

/** A file of the operator's own, which stays where it is: JavaScript may run in this process. */
export async function ownCode(
  source: Source,
  env: Readonly<Record<string, string>>,
  usual: CodeRuntime,
): Promise<ReadyCode> {
  const { kind } = await readArtifact(source)
  const runtime = kind === 'wasm-module' ? 'wasm' : kind === 'javascript' ? usual : 'process'
  return { source, kind, runtime, main: 'main', env, dispose: async () => {} }
}
