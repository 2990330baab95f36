import type { ReadyCode } from '../code/code.ts'
import { activation as contract } from '../contracts/action/activation.ts'
import { esm } from '../esm/esm.ts'
import { Mortise } from '../host.ts'
import type { ActivationLog } from './activation-log.ts'
import { Deadlines } from './deadlines.ts'
import { overran } from './failure.ts'
import type { ParsedLimits } from './options.ts'
import type { Version } from './version.ts'

/** Loads a function that runs as an ES module. Nobody can stop it: an activation that is over its time is answered, and goes on. */
export async function openOnEsm(
  name: string,
  code: ReadyCode,
  limits: ParsedLimits,
  log: ActivationLog,
): Promise<Version> {
  const host = new Mortise({ runtimes: [esm({ output: limits.output })], log: (line) => log.write(line) })
  const plugin = await host.plug(name, code.source, contract, {
    config: code.env,
    // What is over its time may never end.
    drain: 0,
  })
  const { main } = plugin.hooks
  const deadlines = new Deadlines()
  return {
    digest: plugin.digest,
    runtime: 'esm',
    place: 'event loop',
    run(activation, request, milliseconds) {
      const pending = log.within(activation, () => main(request))
      const answer = deadlines.limit(pending, milliseconds, () => overran(name, milliseconds))
      return { answer, ended: answer }
    },
    async close() {
      await host.close()
      await code.dispose()
    },
  }
}
