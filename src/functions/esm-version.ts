import type { ReadyCode } from '../code/code.ts'
import { esm } from '../esm/esm.ts'
import { Mortise } from '../host.ts'
import type { ActivationLog } from './activation-log.ts'
import { Deadlines } from './deadlines.ts'
import { overran } from './failure.ts'
import type { ParsedLimits } from './options.ts'
import type { Protocol } from './protocols/protocol.ts'
import type { Version } from './version.ts'

/** Loads what runs as an ES module. Nobody can stop it: an activation that is over its time is answered, and goes on. */
export async function openOnEsm<Q, A>(
  protocol: Protocol<Q, A>,
  name: string,
  code: ReadyCode,
  limits: ParsedLimits,
  log: ActivationLog,
): Promise<Version<Q, A>> {
  const host = new Mortise({ runtimes: [esm({ output: limits.output })], log: (line) => log.write(line) })
  // What is over its time may never end.
  const plugged = await protocol.onEsm(host, name, code.source, { config: code.env, drain: 0 })
  const deadlines = new Deadlines()
  return {
    digest: plugged.digest,
    handOver: plugged.handOver,
    runtime: 'esm',
    place: 'event loop',
    run(activation, request, milliseconds) {
      const called = log.within(activation, () => plugged.call(request))
      const pending = deadlines.limit(called, milliseconds, () => overran(name, milliseconds))
      return { pending, ended: pending }
    },
    async close() {
      await host.close()
      await code.dispose()
    },
  }
}
