import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ErrorCode, Mortise, MortiseError } from 'mortise'
import { action, type JsonObject } from 'mortise/action'
import { esm } from 'mortise/esm'
import { childProcess } from 'mortise/process'
import { wasm } from 'mortise/wasm'
import { CodeFolder, type PostedCode, type ReadyCode } from '../../src/code/code.ts'
import type { CodeOptions } from '../../src/code/options.ts'

/** What a test posts: text, or bytes. */
export const posted = (code: string | Uint8Array, main = 'main', env: Record<string, string> = {}): PostedCode => ({
  bytes: typeof code === 'string' ? Buffer.from(code) : code,
  main,
  env,
})

/** A folder for posted code in a place of its own, which is removed with it. */
export class TestCodeFolder implements AsyncDisposable {
  readonly path: string
  readonly folder: CodeFolder

  private constructor(path: string, folder: CodeFolder) {
    this.path = path
    this.folder = folder
  }

  static async make(options: Omit<CodeOptions, 'folder'> = {}): Promise<TestCodeFolder> {
    const path = await mkdtemp(join(tmpdir(), 'mortise-code-'))
    return new TestCodeFolder(path, new CodeFolder({ folder: path, ...options }))
  }

  /** Prepares, plugs, calls once, and clears away, as a server does in its life. */
  async call(code: PostedCode): Promise<JsonObject> {
    const ready = await this.folder.prepare(code)
    try {
      await using host = new Mortise({ runtimes: [wasm(), esm(), childProcess()] })
      const { runtime, source } = ready
      const { hooks } = await host.plug('test', source, action, { runtime })
      return await hooks.main({ name: 'Mike' })
    } finally {
      await ready.dispose()
    }
  }

  prepare(code: PostedCode): Promise<ReadyCode> {
    return this.folder.prepare(code)
  }

  /** Checks that something is refused, and leaves nothing; gives the error. */
  async refuses(code: PostedCode, wanted: ErrorCode, sentence: RegExp): Promise<MortiseError> {
    const before = await readdir(this.path)
    const error: unknown = await this.folder.prepare(code).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    assert(MortiseError.is(error, wanted), `${wanted} wanted`)
    assert.match(error.message, sentence)
    assert.deepEqual(await readdir(this.path), before, 'nothing is left')
    return error
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true })
  }
}
