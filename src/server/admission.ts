import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CodeFolder, type CodeRuntime, type PostedCode, type ReadyCode } from '../code/code.ts'
import { MortiseError } from '../errors.ts'

type Allowed = readonly ('esm' | 'process')[]

/**
 * Makes code ready to be plugged, and says which may be. What the operator of a server brought along may run in this process; JavaScript
 * that was posted never does: it runs in a child.
 */
export class Admission implements AsyncDisposable {
  readonly #folder: string
  readonly #allow: ReadonlySet<string>
  readonly #own: CodeFolder
  readonly #posted: CodeFolder
  readonly #limit: number
  readonly #brought = new WeakSet<PostedCode>()
  /** The runtimes that code may be for whose sender may not use all. */
  readonly #confined = new WeakMap<PostedCode, readonly CodeRuntime[]>()

  private constructor(folder: string, allow: Allowed, code: number) {
    this.#limit = code
    this.#folder = folder
    this.#allow = new Set(allow)
    this.#own = new CodeFolder({ folder, code, allow: ['wasm', ...allow] })
    this.#posted = new CodeFolder({ folder, code, allow: allow.length === 0 ? ['wasm'] : ['wasm', 'process'] })
  }

  /** Writes to a folder of its own, which nobody else can enter. */
  static async open(allow: Allowed, code: number): Promise<Admission> {
    return new Admission(await mkdtemp(join(tmpdir(), 'mortise-code-')), allow, code)
  }

  /** The runtimes that functions may then be for. */
  static runtimes(allow: Allowed): Allowed {
    return allow.length === 0 ? [] : [...new Set([...allow, 'process' as const])]
  }

  /** Marks code that the operator brought along. */
  bring(code: PostedCode): PostedCode {
    this.#brought.add(code)
    return code
  }

  /** Marks code of somebody who may deploy for these runtimes, which are none that the server does not allow. */
  confine(code: PostedCode, runtimes: readonly CodeRuntime[]): PostedCode {
    const allowed = runtimes.filter((runtime) => runtime === 'wasm' || this.#allow.has(runtime))
    this.#confined.set(code, allowed)
    return code
  }

  /** @throws MortiseError as `CodeFolder` does */
  async prepare(code: PostedCode): Promise<ReadyCode> {
    const allow = this.#confined.get(code)
    if (allow !== undefined) return new CodeFolder({ folder: this.#folder, code: this.#limit, allow }).prepare(code)
    if (this.#brought.has(code)) return this.#own.prepare(code)
    const ready = await this.#posted.prepare(code)
    if (ready.runtime === 'wasm' || ready.kind === 'javascript' || this.#allow.has('process')) return ready
    await ready.dispose()
    throw new MortiseError(
      'RUNTIME_NOT_ALLOWED',
      "Cannot run the code: it is a program, which '--allow process' admits",
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}
