import type { IncomingMessage } from 'node:http'
import { MortiseError } from '../../errors.ts'
import type { Store, StoredVersion } from '../../store/store.ts'
import type { Deployer } from './deployer.ts'
import type { EventHub, Listening } from './event-hub.ts'
import { historyOf } from './history.ts'
import { type Named, type Operation, operation } from './operation.ts'
import * as schemas from './schemas.ts'
import { fromJson } from './settings.ts'

/** What the operations work with that change nothing. */
export interface ViewParts {
  readonly store: Store
  readonly deployer: Deployer
  readonly events: EventHub
  readonly logs: EventHub
}

/** Who may look. */
export const look = ['read', 'deploy'] as const

/** Operations that say what there is. */
export function views({ deployer, store }: ViewParts): readonly Operation[] {
  return [
    operation({
      method: 'GET',
      url: '/v1/plugins',
      summary: 'The live version of every plugin',
      roles: look,
      answer: schemas.plugins,
      run: async () => ({ plugins: (await store.live()).map(shown) }),
    }),
    operation<Named>({
      method: 'GET',
      url: '/v1/plugins/:name',
      summary: 'A plugin: its versions, what became live when, and what is live',
      roles: look,
      params: schemas.named,
      answer: schemas.plugin,
      async run({ params: { name } }) {
        const { plugin, live, versions, activations } = await historyOf(store, name)
        return {
          plugin,
          live,
          versions: versions.map(shown),
          activations: activations.map(({ version, at, by }) => ({ version, at, by })),
        }
      },
    }),
    operation<Named>({
      method: 'GET',
      url: '/v1/plugins/:name/stats',
      summary: 'What happened on a plugin since this server began',
      roles: look,
      params: schemas.named,
      answer: schemas.anything,
      run: async ({ params: { name } }) => deployer.stats(name),
    }),
    operation<{ readonly query: { readonly most?: string; readonly below?: string } }>({
      method: 'GET',
      url: '/v1/audit',
      summary: 'Who has tried to change what, the newest first',
      roles: look,
      query: schemas.page,
      answer: schemas.audit,
      run: async ({ query: { most = '100', below } }) => ({
        audit: await store.audits(Math.min(Number(most), 1000), below === undefined ? undefined : Number(below)),
      }),
    }),
  ]
}

interface Followed {
  readonly query: { readonly follow?: string }
}

/** Operations that go on for as long as somebody listens. */
export function streams({ store, events, logs }: ViewParts): readonly Operation[] {
  return [
    operation<Named & Followed>({
      method: 'GET',
      url: '/v1/plugins/:name/logs',
      summary: 'The lines that a plugin writes, as server-sent events `line`',
      roles: look,
      params: schemas.named,
      query: schemas.followed,
      async run({ params: { name }, query: { follow }, raw }, _, reply) {
        await historyOf(store, name)
        stream(logs, reply, { ...listening(raw, follow), wants: (plugin) => plugin === name })
      },
    }),
    operation<Followed>({
      method: 'GET',
      url: '/v1/events',
      summary: 'What is changed, as server-sent events `deploy`, `rollback`, `remove` and `failed`',
      roles: look,
      query: schemas.followed,
      run: async ({ query: { follow }, raw }, _, reply) => stream(events, reply, listening(raw, follow)),
    }),
  ]
}

function listening({ headers }: IncomingMessage, follow = 'true'): Listening {
  const { 'last-event-id': last } = headers
  return { follow: follow === 'true', last: typeof last === 'string' ? last : undefined }
}

function stream(
  hub: EventHub,
  reply: { readonly raw: Parameters<EventHub['stream']>[0]; hijack(): unknown },
  how: Listening,
): void {
  if (!hub.stream(reply.raw, how))
    throw new MortiseError('QUEUE_FULL', 'Cannot send events: as many listen as may. Try again later')
  reply.hijack()
}

/** A version as it is shown: of its environment the names alone. */
function shown(stored: StoredVersion): object {
  const { settings: _, ...version } = stored
  const { contract, web, mount, env } = fromJson(stored)
  return { ...version, contract, ...(contract === 'http' ? { mount } : { web }), env: Object.keys(env) }
}
