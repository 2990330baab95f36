import { expectedCodes, workspaceOf } from '../../../storages/federation.ts'
import { federationBlobKeyFields } from '../../../storages/federation-blob.ts'
import { federationCommandKeyFields } from '../../../storages/federation-command.ts'
import { jsonRow, type Json } from '../../../storages/json.ts'
import { integerOf, textOf, wrong } from '../../../storages/key-fields.ts'
import type { WorkspaceContext } from '../../../storages/workspace.ts'
import { isQName } from '../fields.ts'
import type { Key, Storage } from '../storage.ts'
import { type Answering, answerOf } from './http.ts'

/** A command that an extension had another instance carry out. */
export interface FederationRequest {
  /** `pkg.Command` */
  readonly command: string
  readonly workspace: bigint
  /** Empty where the extension named none. */
  readonly owner: string
  readonly app: string
  readonly token: string
  readonly body: string
}

/** What the other instance answers. */
export interface FederationAnswer {
  /** Default 200. */
  readonly status?: number
  /** The identifiers of new records, by those in the request's body. */
  readonly newIDs?: Readonly<Record<string, number | bigint>>
  readonly result?: Readonly<Record<string, Json>>
}

/** A command that a test has an answer for. */
export interface FederationGiven {
  readonly command: string
  readonly answer: Answering<FederationRequest, FederationAnswer>
}

/** A blob in a field of another instance's record. */
export interface BlobGiven {
  readonly record: string
  readonly field: string
  readonly id: bigint
  readonly bytes: Uint8Array
}

const chunk = 1024

/** `sys.FederationCommand` over the answers of a test; keeps the requests. */
export function federationStorage(
  given: readonly FederationGiven[],
  requests: FederationRequest[],
): Storage<WorkspaceContext> {
  return {
    keyFields: () => federationCommandKeyFields,
    get(key, context) {
      const request = requestOf(key, context)
      requests.push(request)
      const found = given.find(({ command }) => command === request.command)
      if (found === undefined) throw new Error(`the test has no answer for the command ${request.command}`)
      const { status = 200, newIDs = {}, result = {} } = answerOf(found.answer, request)
      const expected = expectedCodes(textOf(key, 'ExpectedCodes'))
      if (!expected.includes(status))
        throw new Error(`${request.command} answered with ${status}, and ${expected.join(', ')} is expected`)
      return { StatusCode: status, NewIDs: jsonRow(newIDs), Result: jsonRow(result) }
    },
  }
}

/** `sys.FederationBlob` over the blobs of a test. */
export function blobStorage(blobs: readonly BlobGiven[]): Storage<WorkspaceContext> {
  return {
    keyFields: () => federationBlobKeyFields,
    *read(key) {
      const id = integerOf(key, 'OwnerID') ?? wrong('OwnerID', 'owner ID not specified')
      const record = key.fields.get('OwnerRecord') ?? null
      if (!isQName(record)) wrong('OwnerRecord', 'owner record not specified')
      const field = textOf(key, 'OwnerRecordField')
      if (field === '') wrong('OwnerRecordField', 'owner record field not specified')
      const name = `${record.pkg}.${record.entity}`
      const found = blobs.find((blob) => blob.record === name && blob.field === field && blob.id === BigInt(id))
      if (found === undefined) throw new Error(`the test has no blob in ${field} of ${name} ${id}`)
      const { bytes } = found
      for (let at = 0; at < bytes.length; at += chunk)
        yield [Object.fromEntries(key.fields), { Body: bytes.slice(at, at + chunk) }]
    },
  }
}

function requestOf(key: Key, context: WorkspaceContext): FederationRequest {
  const command = key.fields.get('Command') ?? null
  if (!isQName(command)) wrong('Command', 'command not specified')
  return {
    command: `${command.pkg}.${command.entity}`,
    workspace: workspaceOf(key, context),
    owner: textOf(key, 'Owner'),
    app: textOf(key, 'AppName'),
    token: textOf(key, 'Token'),
    body: textOf(key, 'Body'),
  }
}
