import { isQName } from '../contracts/extension/fields.ts'
import type { AsyncStorage } from '../contracts/extension/storage.ts'
import { federation, type FederationOptions, part, workspaceOf } from './federation.ts'
import { textOf, wrong } from './key-fields.ts'
import { partsOf } from './web.ts'
import type { WorkspaceContext } from './workspace.ts'

/** The fields of a key of `sys.FederationBlob`. */
export const federationBlobKeyFields = {
  Owner: 'string',
  AppName: 'string',
  WSID: 'int64',
  Token: 'string',
  OwnerRecord: 'QName',
  OwnerRecordField: 'string',
  OwnerID: 'RecordID',
  ExpectedCodes: 'string',
} as const

const chunk = 1024

/**
 * The storage `sys.FederationBlob`: reads the blob in a field of another instance's record. Each row has at most 1024 bytes of it as its
 * `Body`, and comes as soon as they are there.
 *
 * An instance that does not answer, or with a status that is none of `ExpectedCodes` (default: 200), ends the guest's call.
 *
 * @param options - `url`, `owner`, `app`, `token`; `timeout` (20 s, to the last byte) and `answer` (4 MiB)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function federationBlob(options: FederationOptions): AsyncStorage<WorkspaceContext> {
  const instance = federation(options, 'federationBlob()')
  return {
    async: true,
    keyFields: () => federationBlobKeyFields,
    async *read(key, context, { signal }) {
      const id = key.fields.get('OwnerID')
      if (typeof id !== 'bigint' && typeof id !== 'number') wrong('OwnerID', 'owner ID not specified')
      if (id < 0) wrong('OwnerID', `record ID value is out of range:${id}`)
      const record = key.fields.get('OwnerRecord') ?? null
      if (!isQName(record)) wrong('OwnerRecord', 'owner record not specified')
      const field = textOf(key, 'OwnerRecordField')
      if (field === '') wrong('OwnerRecordField', 'owner record field not specified')
      const path = [
        `api/v2/apps/${instance.app(key)}/workspaces/${workspaceOf(key, context)}`,
        `docs/${part('OwnerRecord', `${record.pkg}.${record.entity}`)}/${id}/blobs/${part('OwnerRecordField', field)}`,
      ].join('/')
      const row = Object.fromEntries(key.fields)
      const answer = await instance.ask({ key, path, method: 'GET', signal })
      for await (const bytes of partsOf(answer, instance.limits.answer)) {
        for (let at = 0; at < bytes.length; at += chunk) yield [row, { Body: bytes.slice(at, at + chunk) }] as const
      }
    },
  }
}
