import type { PostedCode } from '../../code/code.ts'
import { reasonOf } from '../../errors.ts'
import type { Admission } from '../admission.ts'
import { type Registry, type WebSettings, webSettings } from '../registry.ts'
import { isAnswer } from '../reply.ts'
import type { Serving } from './serving.ts'
import type { VersionSettings } from './settings.ts'
import { smokeFailed } from './smoke.ts'
import { statsOf } from './stats.ts'

/** Plugins of the contract `action`: functions of the server, under the same names. */
export function deployedFunctions(registry: Registry, admission: Admission): Serving {
  return {
    async deploy(plugin, { bytes, settings }, accept) {
      const code = admission.confine(posted(bytes, settings), settings.runtimes)
      await registry.deploy(plugin, code, webOf(settings), settings.limits, (trial) =>
        accept({
          runtime: trial.runtime,
          handOver: () => trial.handOver(),
          smoke: (value) => smoke(plugin, () => trial.run(JSON.stringify({ value }), 'smoke')),
        }),
      )
    },
    restore: (plugin, version, settings, accept) => registry.restore(plugin, version, webOf(settings), accept),
    remove(plugin) {
      registry.free(plugin)
      return registry.remove(plugin)
    },
    stats(plugin) {
      const served = registry.find(plugin)
      return served === undefined ? undefined : statsOf(served)
    },
  }
}

const posted = (bytes: Uint8Array, { main, env }: VersionSettings): PostedCode => ({ bytes, main, env })

const webOf = ({ web }: VersionSettings): WebSettings => ({ ...webSettings({}), web })

/** It has to answer, and not with an error. */
async function smoke(plugin: string, run: () => Promise<string>): Promise<void> {
  let answer
  try {
    answer = await run()
  } catch (cause) {
    return smokeFailed(plugin, reasonOf(cause), cause)
  }
  if (!isAnswer(answer)) return smokeFailed(plugin, 'it answered with what is no JSON object or array')
  const value: unknown = JSON.parse(answer)
  if (typeof value === 'object' && value !== null && 'error' in value)
    smokeFailed(plugin, `it answered ${answer.slice(0, 200)}`)
}
