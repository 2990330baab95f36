import { createHash } from 'node:crypto'
import { MortiseError } from '../../errors.ts'
import type { Store, StoredVersion } from '../../store/store.ts'
import type { Deployer } from './deployer.ts'
import type { EventHub } from './event-hub.ts'
import { openApi } from './openapi.ts'
import { type Operation, operation } from './operation.ts'
import * as schemas from './schemas.ts'
import { type DeployRequest, fromJson } from './settings.ts'
import type { Uploads } from './upload.ts'

/** What the operations work with. */
export interface OperationParts {
  readonly store: Store
  readonly deployer: Deployer
  readonly uploads: Uploads
  readonly events: EventHub
  readonly logs: EventHub
  /** Of this package. */
  readonly version: string
}

interface Named {
  readonly params: { readonly name: string }
}
interface Digested {
  readonly params: { readonly digest: string }
}

const change = ['deploy'] as const
const look = ['read', 'deploy'] as const

/** All operations of the API. */
export function operationsOf(parts: OperationParts): readonly Operation[] {
  const operations = [...artifacts(parts), ...changes(parts), ...views(parts), ...streams(parts)]
  const description = operation({
    method: 'GET',
    url: '/v1/openapi.json',
    summary: 'This description',
    roles: look,
    answer: schemas.anything,
    run: async () => described,
  })
  const described = openApi([...operations, description], parts.version)
  return [...operations, description]
}

function artifacts({ store, uploads }: OperationParts): readonly Operation[] {
  return [
    operation<Digested>({
      method: 'GET',
      url: '/v1/artifacts/:digest',
      summary: 'Whether there is an artifact: 404 where there is none. HEAD asks the same',
      roles: look,
      params: schemas.digested,
      answer: schemas.artifact,
      async run({ params: { digest } }) {
        if (await store.has(digest)) return { digest }
        throw new MortiseError('ARTIFACT_ABSENT', `The store has no artifact ${digest}. Put it first`)
      },
    }),
    operation<Digested>({
      method: 'PUT',
      url: '/v1/artifacts/:digest',
      summary: 'Keeps an artifact: its bytes, as they are or in the content-encoding gzip, br or zstd',
      roles: change,
      params: schemas.digested,
      answer: schemas.artifact,
      async run({ params: { digest }, raw }) {
        const bytes = await uploads.read(raw)
        const found = createHash('sha256').update(bytes).digest('hex')
        if (found !== digest) {
          throw new MortiseError(
            'DIGEST_MISMATCH',
            `Cannot keep an artifact as ${digest}: its ${bytes.length} bytes have the digest ${found}`,
            { expected: digest, actual: found },
          )
        }
        return { digest: await store.put(bytes) }
      },
    }),
  ]
}

function changes({ deployer }: OperationParts): readonly Operation[] {
  return [
    operation<Named & { readonly body: DeployRequest }>({
      method: 'POST',
      url: '/v1/plugins/:name/deploys',
      summary: 'Makes an artifact a new version of a plugin, live once it was loaded, tried and written down',
      roles: change,
      params: schemas.named,
      body: schemas.deploy,
      answer: schemas.deployed,
      run: ({ params: { name }, body }, caller) => deployer.deploy(name, body, caller),
    }),
    operation<Named & { readonly body: { readonly version?: number } | null }>({
      method: 'POST',
      url: '/v1/plugins/:name/rollback',
      summary: 'Makes a version live that was live before; without a version the last one',
      roles: change,
      params: schemas.named,
      body: schemas.rollback,
      answer: schemas.rolledBack,
      run: ({ params: { name }, body }, caller) => deployer.rollback(name, body?.version, caller),
    }),
    operation<Named>({
      method: 'DELETE',
      url: '/v1/plugins/:name',
      summary: 'Takes a plugin away, with its versions',
      roles: change,
      params: schemas.named,
      answer: schemas.removed,
      run: ({ params: { name } }, caller) => deployer.remove(name, caller),
    }),
  ]
}

function views({ deployer, store }: OperationParts): readonly Operation[] {
  return [
    operation({
      method: 'GET',
      url: '/v1/plugins',
      summary: 'The live version of every plugin',
      roles: look,
      answer: schemas.plugins,
      run: async () => ({ plugins: (await deployer.live()).map(shown) }),
    }),
    operation<Named>({
      method: 'GET',
      url: '/v1/plugins/:name',
      summary: 'A plugin: its versions, what became live when, and what is live',
      roles: look,
      params: schemas.named,
      answer: schemas.plugin,
      async run({ params: { name } }) {
        const { plugin, live, versions, activations } = await deployer.plugin(name)
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

function streams({ deployer, events, logs }: OperationParts): readonly Operation[] {
  return [
    operation<Named>({
      method: 'GET',
      url: '/v1/plugins/:name/logs',
      summary: 'The lines that a plugin writes, as server-sent events `line`',
      roles: look,
      params: schemas.named,
      async run({ params: { name } }, _, reply) {
        await deployer.plugin(name)
        stream(logs, reply, (plugin) => plugin === name)
      },
    }),
    operation({
      method: 'GET',
      url: '/v1/events',
      summary: 'What is changed, as server-sent events `deploy`, `rollback`, `remove` and `failed`',
      roles: look,
      run: async (_request, _, reply) => stream(events, reply),
    }),
  ]
}

function stream(
  hub: EventHub,
  reply: { readonly raw: Parameters<EventHub['stream']>[0]; hijack(): unknown },
  wants?: Parameters<EventHub['stream']>[1],
): void {
  if (!hub.stream(reply.raw, wants))
    throw new MortiseError('QUEUE_FULL', 'Cannot send events: as many listen as may. Try again later')
  reply.hijack()
}

/** A version as it is shown: of its environment the names alone. */
function shown(stored: StoredVersion): object {
  const { settings: _, ...version } = stored
  const { contract, web, env } = fromJson(stored)
  return { ...version, contract, web, env: Object.keys(env) }
}
