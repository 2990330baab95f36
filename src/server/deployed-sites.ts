import type { HttpRequest } from '../contracts/http/http.ts'
import { reasonOf } from '../errors.ts'
import type { Json } from '../store/store.ts'
import type { Admission } from './admission.ts'
import type { Serving } from './deploy/serving.ts'
import { smokeFailed } from './deploy/smoke.ts'
import { statsOf } from './deploy/stats.ts'
import type { SiteTrial, Sites } from './site/sites.ts'

/** Plugins of the contract `http`: sites of the server, under the same names. */
export function deployedSites(sites: Sites, admission: Admission): Serving {
  return {
    async deploy(plugin, { bytes, settings }, accept) {
      const { env, mount, limits, runtimes } = settings
      // What a module exports is taken as it is: there is no function to look for.
      const code = admission.confine({ bytes, main: '', env }, runtimes)
      await sites.deploy(plugin, code, mount, limits, (trial) =>
        accept({
          runtime: trial.runtime,
          smoke: (parameters) => smoke(plugin, trial, parameters),
          handOver: () => trial.handOver(),
        }),
      )
    },
    restore: (plugin, version, { mount }, accept) => sites.restore(plugin, version, mount, accept),
    remove: (plugin) => sites.remove(plugin),
    stats(plugin) {
      const live = sites.get(plugin)
      return live === undefined ? undefined : { ...statsOf(live), mount: sites.mountOf(plugin) ?? '/' }
    },
  }
}

/** It has to answer, with a status that is no failure of a server, or the one that is said. */
async function smoke(plugin: string, trial: SiteTrial, parameters: Readonly<Record<string, Json>>): Promise<void> {
  const { status: wanted } = parameters
  let status: number
  try {
    ;({ status } = await trial.run(requestOf(parameters), 'smoke'))
  } catch (cause) {
    return smokeFailed(plugin, reasonOf(cause), cause)
  }
  if (wanted === undefined ? status >= 500 : status !== wanted)
    smokeFailed(plugin, `it answered with the status ${status}`)
}

function requestOf({ method, path, headers, body }: Readonly<Record<string, Json>>): HttpRequest {
  const given = typeof headers === 'object' && headers !== null ? Object.entries(headers) : []
  const texts = given.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))
  return {
    method: typeof method === 'string' ? method : 'GET',
    uri: typeof path === 'string' && path.startsWith('/') ? path : '/',
    headers: texts.some(([name]) => name.toLowerCase() === 'host') ? texts : [['host', 'localhost'], ...texts],
    body: Buffer.from(typeof body === 'string' ? body : ''),
  }
}
