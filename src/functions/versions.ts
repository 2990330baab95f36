import type { ReadyCode } from '../code/code.ts'
import { wasm } from '../wasm/wasm.ts'
import type { ActivationLog } from './activation-log.ts'
import type { ParsedLimits, ParsedOptions } from './options.ts'
import { Threads } from './threads/threads.ts'
import type { Version } from './version.ts'
import { openOnWasm, type WasmParts } from './wasm-version.ts'

/** Loads code as versions of functions, each on its runtime. What only one runtime needs is loaded with its first function. */
export class Versions {
  readonly #wasm: WasmParts
  readonly #process: ParsedOptions['process']

  constructor({ slice, threads, process }: ParsedOptions) {
    this.#wasm = { runtime: wasm(), threads: new Threads({ most: threads }), slice }
    this.#process = process
  }

  async open(name: string, code: ReadyCode, limits: ParsedLimits, log: ActivationLog): Promise<Version> {
    switch (code.runtime) {
      case 'wasm':
        return openOnWasm(name, code, limits, log, this.#wasm)
      case 'esm': {
        const { openOnEsm } = await import('./esm-version.ts')
        return openOnEsm(name, code, limits, log)
      }
      case 'process': {
        const { openOnProcess } = await import('./process-version.ts')
        return openOnProcess(name, code, limits, log, this.#process)
      }
    }
  }

  /** Ends what versions share. */
  async close(): Promise<void> {
    await this.#wasm.threads.close()
  }
}
