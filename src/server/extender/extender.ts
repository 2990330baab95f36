import type { SchedulerHook } from '../../contracts/scheduler/hooks.ts'
import { reasonOf } from '../../errors.ts'
import { ApiClient } from '../../kubernetes/api-client.ts'
import type { ApiServer } from '../../kubernetes/api-server.ts'
import { readKubeconfig } from '../../kubernetes/kubeconfig.ts'
import { ListWatch } from '../../kubernetes/list-watch.ts'
import { serviceAccount } from '../../kubernetes/service-account.ts'
import type { Log } from '../access.ts'
import { Guard } from '../guard.ts'
import { Listener } from '../listener.ts'
import { Token } from '../token.ts'
import { Attempts } from './attempts.ts'
import { Binder } from './binder.ts'
import { FileChanges } from './file-changes.ts'
import { HealthPort } from './health.ts'
import { lineLog } from './line-log.ts'
import { ExtenderMetrics } from './metrics.ts'
import { ClusterNodes, withoutManagers } from './nodes.ts'
import {
  type ExtenderCluster,
  type ExtenderOptions,
  type ExtenderPlugin,
  parseExtender,
  parsePlugins,
} from './options.ts'
import { Plugins } from './plugins.ts'
import { Requests } from './requests.ts'
import { Verbs } from './verbs.ts'

/** A plugin of an extender. */
export interface ExtendingPlugin {
  readonly name: string
  /** Of its version, SHA-256 in hexadecimal. */
  readonly digest: string
  /** The hooks that it has, and that are never called, since the extender API has no verb for them. */
  readonly unasked: readonly SchedulerHook[]
}

/** An extender that runs. */
export interface Extender extends AsyncDisposable {
  /** What `urlPrefix` of a KubeSchedulerConfiguration is: `http://127.0.0.1:8888`. */
  readonly url: string
  /** Where its health is asked for beside that, by whoever has no certificate; `undefined` where it has no `healthPort`. */
  readonly healthUrl: string | undefined
  /** The plugins as they are live. */
  readonly plugins: readonly ExtendingPlugin[]
  /**
   * Takes other plugins from the next attempt on. Those that differ in nothing but their weight stay as they are, and attempts under way
   * end on the plugins that they began with.
   *
   * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`, and whatever a plugin is refused with: nothing is changed then
   */
  use(plugins: readonly ExtenderPlugin[]): Promise<void>
  /** Loads the plugins anew whose files changed, as happens by itself unless `watch` is false. What cannot be loaded is logged. */
  refresh(): Promise<void>
  /**
   * Takes no more requests, waits for those under way for as long as `drain` says, and ends all plugins.
   *
   * @returns whether all of them were answered in time
   */
  close(): Promise<boolean>
}

/**
 * Starts an extender: plugins of the contract `scheduler` for a kube-scheduler that is none of ours, by its HTTP extender API v1.
 *
 * `POST /filter` is preFilter and filter, `/prioritize` preScore, score and normalizeScore, `/bind` preBind, bind and postBind, `/preempt`
 * postFilter. A pod's attempt is one lease of each plugin, from filter to bind.
 *
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`; `LISTEN_FAILED`; `KUBECONFIG_INVALID`; and whatever a plugin is refused with
 * @example
 * ```ts
 * import { serveExtender } from 'mortise/extender'
 *
 * export async function start(): Promise<void> {
 *   await using extender = await serveExtender({
 *     plugins: [{ name: 'spread', path: './spread.wasm', weight: 2, config: { zone: 'topology.kubernetes.io/zone' } }],
 *     cluster: { kubeconfig: '/etc/kubernetes/scheduler.conf' },
 *   })
 *   console.log(extender.url)
 * }
 * ```
 */
export async function serveExtender(options: ExtenderOptions): Promise<Extender> {
  const settings = parseExtender(options)
  const { limits, token, maxBody } = settings
  const log = lineLog(settings.log)
  await using started = new AsyncDisposableStack()
  const listener = await Listener.make({ tls: settings.tls, wait: settings.patience })
  const plugins = started.use(await Plugins.load(settings.plugins, { limits, log }))
  const attempts = started.use(new Attempts(limits))
  const server = settings.cluster === undefined ? undefined : await serverOf(settings.cluster)
  const client = server === undefined ? undefined : started.use(new ApiClient(server))
  const nodes = client === undefined ? undefined : started.use(followNodes(client, log))
  const verbs = new Verbs({
    plugins,
    attempts,
    cluster: nodes === undefined ? undefined : new ClusterNodes(nodes),
    binder: client === undefined ? undefined : new Binder(client),
    warn: (facts, text) => log?.warn(facts, text),
  })
  const metrics = new ExtenderMetrics(() => ({
    attempts: attempts.size,
    attempts_expired: attempts.expired,
    nodes: nodes?.objects.size ?? 0,
  }))
  const ready = (): boolean => !listener.draining && (nodes?.ready ?? true)
  new Requests({
    verbs,
    listener,
    guard: new Guard({ hosts: settings.hosts }, settings.place.host),
    token: token === undefined ? undefined : new Token(token),
    metrics,
    maxBody,
    log,
    ready,
  })
  const files = started.use(new FileChanges(() => void plugins.refresh(), log))
  const follow = (): void => {
    if (settings.watch) files.follow(plugins.all.map((loaded) => loaded.settings.path))
  }
  follow()
  const certificates = started.use(new FileChanges(() => void renew(listener, log), log))
  if (settings.watch && settings.tls !== undefined) certificates.follow([settings.tls.cert, settings.tls.key])
  const url = await listener.listen(settings.place)
  const health =
    settings.healthPort === undefined
      ? undefined
      : started.use(await HealthPort.open({ ...settings.place, port: settings.healthPort }, ready))
  const running = started.move()
  let closed: Promise<boolean> | undefined
  const close = async (): Promise<boolean> => {
    const inTime = await listener.drain(settings.drain)
    await running.disposeAsync()
    return inTime
  }
  return {
    url,
    healthUrl: health?.url,
    get plugins() {
      return plugins.all.map(({ settings: { name }, plugin: { digest }, unasked }) => ({ name, digest, unasked }))
    },
    async use(given) {
      await plugins.use(parsePlugins(given))
      follow()
    },
    refresh: () => plugins.refresh(),
    close: () => (closed ??= close()),
    async [Symbol.asyncDispose]() {
      await (closed ??= close())
    },
  }
}

const serverOf = (cluster: ExtenderCluster): Promise<ApiServer> =>
  cluster === 'service-account' ? serviceAccount(process.env) : readKubeconfig(cluster.kubeconfig, cluster.context)

/** Certificates end, and whoever signs them puts new ones in their place. */
async function renew(listener: Listener, log: Log | undefined): Promise<void> {
  try {
    await listener.renew()
    log?.info({}, 'Read the certificate anew')
  } catch (error) {
    log?.error({}, reasonOf(error))
  }
}

function followNodes(client: ApiClient, log: Log | undefined): ListWatch {
  const nodes = new ListWatch(client, {
    path: '/api/v1/nodes',
    keep: withoutManagers,
    failed: (error) => log?.warn({ code: error.code }, error.message),
  })
  void nodes.synced.then(() => log?.info({ nodes: nodes.objects.size }, 'The nodes of the cluster are known'))
  return nodes
}

export type { ExtenderCluster, ExtenderOptions, ExtenderPlugin } from './options.ts'
