import type { ReadyCode } from '../code/code.ts'
import { activation as contract } from '../contracts/action/activation.ts'
import { esm } from '../esm/esm.ts'
import { Mortise } from '../host.ts'
import type { ActivationLog } from './activation-log.ts'
import { overran } from './failure.ts'
import type { ParsedLimits } from './options.ts'
import { timed } from './timed.ts'
import type { Version } from './version.ts'

/** Loads a function that runs as an ES module. Nobody can stop it: an activation that is over its time is answered, and goes on. */
export async function openOnEsm(
  name: string,
  code: ReadyCode,
  limits: ParsedLimits,
  log: ActivationLog,
): Promise<Version> {
  const host = new Mortise({ runtimes: [esm({ output: limits.output })], log: (line) => log.write(line) })
  const plugin = await host.plug(name, code.source, contract, { config: code.env })
  const { main } = plugin.hooks
  /** Activations that run, and those of them that were not answered yet. */
  let running = 0
  const unanswered = new Set<Promise<string>>()
  return {
    digest: plugin.digest,
    runtime: 'esm',
    place: 'event loop',
    run(activation, request, milliseconds) {
      const pending = log.within(activation, () => main(request))
      const answer = timed(pending, milliseconds, () => overran(name, milliseconds))
      running++
      unanswered.add(answer)
      const end = (): number => --running
      pending.then(end, end)
      const answered = (): boolean => unanswered.delete(answer)
      answer.then(answered, answered)
      return { answer, ended: answer }
    },
    async close() {
      const closed = host.close()
      await Promise.allSettled(unanswered)
      // One that was over its time may never end.
      if (running === 0) await closed
      await code.dispose()
    },
  }
}
