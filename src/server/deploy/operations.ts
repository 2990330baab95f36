import { createHash } from 'node:crypto'
import { MortiseError } from '../../errors.ts'
import { openApi } from './openapi.ts'
import { type Named, type Operation, operation } from './operation.ts'
import * as schemas from './schemas.ts'
import type { DeployRequest } from './settings.ts'
import type { Uploads } from './upload.ts'
import { look, streams, type ViewParts, views } from './views.ts'

/** What the operations work with. */
export interface OperationParts extends ViewParts {
  readonly uploads: Uploads
  /** Of this package. */
  readonly version: string
}

interface Digested {
  readonly params: { readonly digest: string }
}

const change = ['deploy'] as const

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
