import type { CodeRuntime, ReadyCode } from '../code/code.ts'
import { MortiseError } from '../errors.ts'
import { wasm } from '../wasm/wasm.ts'
import { ActivationLog } from './activation-log.ts'
import { KeptVersions } from './kept.ts'
import type { ParsedLimits, ParsedOptions } from './options.ts'
import type { Protocol } from './protocols/protocol.ts'
import { Threads } from './threads/threads.ts'
import type { Version } from './version.ts'
import { openOnWasm, type WasmParts } from './wasm-version.ts'

/** Loads code as versions, each on its runtime. What only one runtime needs is loaded with its first code. */
export class Versions<Q, A> {
  readonly #protocol: Protocol<Q, A>
  readonly #wasm: WasmParts<Q, A>
  readonly #options: ParsedOptions
  #isOpen = true

  constructor(protocol: Protocol<Q, A>, options: ParsedOptions) {
    this.#protocol = protocol
    const { slice, threads } = options
    this.#wasm = { runtime: wasm(), threads: new Threads({ most: threads }), slice }
    this.#options = options
  }

  /** Loads code, or gives it back. */
  async open(name: string, code: ReadyCode, limits: ParsedLimits): Promise<Version<Q, A>> {
    try {
      this.#check(name, code.runtime)
      return await this.#load(name, code, limits, new ActivationLog(name, this.#options.log))
    } catch (error) {
      await code.dispose()
      throw error
    }
  }

  /** Versions under a name that are to be kept ready. */
  keep(name: string): KeptVersions<Q, A> {
    return new KeptVersions(this.#options.keep, (code, limits) => this.open(name, code, limits))
  }

  /** Loads no more. */
  refuse(): void {
    this.#isOpen = false
  }

  #check(name: string, runtime: CodeRuntime): void {
    if (!this.#isOpen) throw new MortiseError('HOST_CLOSED', `Cannot deploy '${name}': what would serve it was closed`)
    const { allow } = this.#options
    if (allow.has(runtime)) return
    throw new MortiseError(
      'RUNTIME_NOT_ALLOWED',
      `Cannot deploy '${name}': it needs the runtime '${runtime}', and allowed are ${[...allow].join(', ')} only`,
    )
  }

  async #load(name: string, code: ReadyCode, limits: ParsedLimits, log: ActivationLog): Promise<Version<Q, A>> {
    switch (code.runtime) {
      case 'wasm':
        return openOnWasm(this.#protocol, name, code, limits, log, this.#wasm)
      case 'esm': {
        const { openOnEsm } = await import('./esm-version.ts')
        return openOnEsm(this.#protocol, name, code, limits, log)
      }
      case 'process': {
        const { openOnProcess } = await import('./process-version.ts')
        return openOnProcess(this.#protocol, name, code, limits, log, this.#options.process)
      }
    }
  }

  /** Ends what versions share. */
  async close(): Promise<void> {
    await this.#wasm.threads.close()
  }
}
