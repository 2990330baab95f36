import type { Operation } from '../contracts/extension/storage.ts'

/** What extensions are called for. */
export type Purpose = 'command' | 'query' | 'syncProjector' | 'asyncProjector' | 'job'

const get = ['get'] as const
const rows = ['get', 'getBatch'] as const
const read = ['read'] as const
const insert = ['insert'] as const
const log = ['get', 'read'] as const
const views = ['get', 'getBatch', 'read', 'insert', 'update'] as const
const mails = ['get', 'insert'] as const

/**
 * What extensions may ask each storage for. The storages are in the order in which their intents are applied: first what may refuse
 * all, then what a transaction can take back, then what nothing can.
 */
export const matrix: Readonly<Record<string, Readonly<Partial<Record<Purpose, readonly Operation[]>>>>> = {
  'sys.Response': { command: insert, query: insert },
  'sys.Result': { command: insert, query: insert },
  'sys.Record': {
    command: ['get', 'getBatch', 'insert', 'update'],
    query: rows,
    syncProjector: rows,
    asyncProjector: rows,
    job: rows,
  },
  'sys.View': {
    command: rows,
    query: ['get', 'getBatch', 'read'],
    syncProjector: ['get', 'getBatch', 'insert', 'update'],
    asyncProjector: views,
    job: views,
  },
  'sys.WLog': { command: get, query: log, syncProjector: get, asyncProjector: log, job: log },
  'sys.Uniq': { command: get, query: get, syncProjector: get, asyncProjector: get, job: get },
  'sys.AppSecret': { command: get, query: get, syncProjector: get, asyncProjector: get, job: get },
  'sys.RequestSubject': { command: get, query: get },
  'sys.CommandContext': { command: get },
  'sys.QueryContext': { query: get },
  'sys.JobContext': { job: get },
  'sys.Event': { syncProjector: get, asyncProjector: get },
  'sys.Http': { query: read, asyncProjector: read, job: read },
  'sys.FederationCommand': { query: get, asyncProjector: get, job: get },
  'sys.FederationBlob': { query: read, asyncProjector: read, job: read },
  'sys.SendMail': { asyncProjector: mails, job: mails },
  'sys.Logger': { command: insert, query: insert, syncProjector: insert, asyncProjector: insert, job: insert },
}
