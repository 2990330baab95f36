import type { ReadyCode } from '../code/code.ts'
import { Mortise } from '../host.ts'
import { childProcess, type ProcessOptions } from '../process/process.ts'
import type { ActivationLog } from './activation-log.ts'
import { Deadlines } from './deadlines.ts'
import { overran } from './failure.ts'
import type { ParsedLimits } from './options.ts'
import type { Protocol } from './protocols/protocol.ts'
import type { Version } from './version.ts'

/** In milliseconds: a process that is over its time is gone by then. */
const longestEnd = 500

/** Loads what runs in a process of its own. */
export async function openOnProcess<Q, A>(
  protocol: Protocol<Q, A>,
  name: string,
  code: ReadyCode,
  limits: ParsedLimits,
  log: ActivationLog,
  options: ProcessOptions,
): Promise<Version<Q, A>> {
  const { deadline, output, concurrency } = limits
  const host = new Mortise({
    runtimes: [childProcess({ ...options, deadline, output, concurrency, queue: concurrency })],
    log: (line) => log.write(line),
  })
  const plugged = await protocol.onProcess(host, name, code.source, { config: code.env, drain: 0 })
  const deadlines = new Deadlines()
  return {
    digest: plugged.digest,
    handOver: plugged.handOver,
    runtime: 'process',
    place: 'process',
    run(activation, request, milliseconds) {
      const ended = log.within(activation, () => plugged.call(request))
      // The process is ended when an activation had its whole time there: that error says more, so it comes first.
      const left = milliseconds < deadline ? milliseconds : deadline + longestEnd
      return { pending: deadlines.limit(ended, left, () => overran(name, milliseconds)), ended }
    },
    async close() {
      await host.close()
      await code.dispose()
    },
  }
}
