import type { KindOptions } from '../../../storages/kind.ts'
import { objectSecrets } from '../../../storages/secrets.ts'
import type { WorkspaceContext } from '../../../storages/workspace.ts'
import type { Storage } from '../storage.ts'
import { blobStorage, type FederationRequest, federationStorage } from './federation.ts'
import type { Fields, Given, TestedApp } from './given.ts'
import { type HttpRequest, httpStorage } from './http.ts'
import { logStorage } from './log.ts'
import { mailStorage } from './mail.ts'
import { recordStorage, uniqStorage } from './records.ts'
import { viewStorage } from './views.ts'

/** What an extension gave or sent while it ran. */
export interface Passed {
  readonly rows: Fields[]
  readonly requests: HttpRequest[]
  readonly commands: FederationRequest[]
  readonly mails: Fields[]
}

type Storages = Readonly<Record<string, Storage<WorkspaceContext>>>

/** The options of a kind of state over what a test gives, with storages beside those that all have. */
export function kindOptions(app: TestedApp, given: Given, storages: Storages = {}): KindOptions<WorkspaceContext> {
  const { packages } = app
  return {
    store: {
      record: recordStorage(app, given.records),
      view: viewStorage(app, given.views),
      wlog: logStorage(given.logged),
      uniq: uniqStorage(app, given.records),
    },
    secrets: objectSecrets(given.secrets),
    // The lines are read from the intents.
    log: () => {},
    storages,
    ...(packages && { packages }),
  }
}

/** The storages by which an extension asks others. */
export function webStorages(given: Given, { requests, commands }: Passed): Storages {
  return {
    'sys.Http': httpStorage(given.http, requests),
    'sys.FederationCommand': federationStorage(given.federation, commands),
    'sys.FederationBlob': blobStorage(given.blobs),
  }
}

/** The storage by which an extension sends mails. */
export function mailStorages({ mailError }: Given, { mails }: Passed): Storages {
  return { 'sys.SendMail': mailStorage(mailError, mails) }
}
