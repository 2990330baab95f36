import type { ReadyCode } from '../code/code.ts'
import { activation } from '../contracts/action/activation.ts'
import { esm } from '../esm/esm.ts'
import { Mortise } from '../host.ts'
import { childProcess } from '../process/process.ts'
import type { LogLine } from '../runtime.ts'
import type { Stats } from '../stats.ts'
import { wasm } from '../wasm/wasm.ts'
import type { ParsedLimits } from './options.ts'

/** What one deployment of a function is: a plugin on a host of its own, since code, environment and limits change together. */
export interface Version {
  readonly digest: string
  readonly runtime: ReadyCode['runtime']
  /** Runs one activation; throws, or returns a promise. */
  readonly main: (request: string) => string | Promise<string>
  stats(): Stats
  /** Ends it once its activations have ended. */
  close(): Promise<void>
}

/** Loads code as a function. */
export async function openVersion(
  name: string,
  code: ReadyCode,
  { deadline, memory, output }: ParsedLimits,
  log: (line: LogLine) => void,
): Promise<Version> {
  const host = new Mortise<'wasm' | 'esm' | 'process'>({
    runtimes: [
      code.runtime === 'wasm'
        ? wasm({ deadline, memory, output })
        : code.runtime === 'esm'
          ? esm({ output })
          : childProcess({ deadline, output }),
    ],
    log,
  })
  const plugin = await host.plug(name, code.source, activation, { runtime: code.runtime, config: code.env })
  return {
    digest: plugin.digest,
    runtime: code.runtime,
    main: plugin.hooks.main,
    stats: () => plugin.stats(),
    async close() {
      await host.close()
      await code.dispose()
    },
  }
}
