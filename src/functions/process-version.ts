import type { ReadyCode } from '../code/code.ts'
import { activation as contract } from '../contracts/action/activation.ts'
import { Mortise } from '../host.ts'
import { childProcess, type ProcessOptions } from '../process/process.ts'
import type { ActivationLog } from './activation-log.ts'
import { Deadlines } from './deadlines.ts'
import { overran } from './failure.ts'
import type { ParsedLimits } from './options.ts'
import type { Version } from './version.ts'

/** In milliseconds: a process that is over its time is gone by then. */
const longestEnd = 500

/** Loads a function that runs in a process of its own. */
export async function openOnProcess(
  name: string,
  code: ReadyCode,
  limits: ParsedLimits,
  log: ActivationLog,
  options: ProcessOptions,
): Promise<Version> {
  const { deadline, output, concurrency } = limits
  const host = new Mortise({
    runtimes: [childProcess({ ...options, deadline, output, concurrency, queue: concurrency })],
    log: (line) => log.write(line),
  })
  const plugin = await host.plug(name, code.source, contract, {
    runtime: 'process',
    config: code.env,
    drain: 0,
  })
  const { main } = plugin.hooks
  const deadlines = new Deadlines()
  return {
    digest: plugin.digest,
    runtime: 'process',
    place: 'process',
    run(activation, request, milliseconds) {
      const ended = log.within(activation, () => main(request))
      // The process is ended when an activation had the time of its function there: that error says more, so it comes first.
      const left = milliseconds < deadline ? milliseconds : deadline + longestEnd
      return { answer: deadlines.limit(ended, left, () => overran(name, milliseconds)), ended }
    },
    async close() {
      await host.close()
      await code.dispose()
    },
  }
}
