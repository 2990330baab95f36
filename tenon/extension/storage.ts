/**
 * The names of the storages that hosts have. Which of them there are depends on what the extension is for: a command, a query, a
 * projector or a job.
 *
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet, newValue } from 'tenon/extension'
 *
 * export function WhoAmI(): void {
 *   const subject = mustGet(keyBuilder(Storage.RequestSubject))
 *   newValue(keyBuilder(Storage.Result)).putString('Name', subject.asText('Name'))
 * }
 * ```
 */
export class Storage {
  static readonly Event: string = 'sys.Event'
  static readonly SendMail: string = 'sys.SendMail'
  static readonly Record: string = 'sys.Record'
  static readonly View: string = 'sys.View'
  static readonly WLog: string = 'sys.WLog'
  static readonly HTTP: string = 'sys.Http'
  static readonly AppSecret: string = 'sys.AppSecret'
  static readonly RequestSubject: string = 'sys.RequestSubject'
  static readonly Result: string = 'sys.Result'
  static readonly CommandContext: string = 'sys.CommandContext'
  static readonly QueryContext: string = 'sys.QueryContext'
  static readonly JobContext: string = 'sys.JobContext'
  static readonly Response: string = 'sys.Response'
  static readonly FederationCommand: string = 'sys.FederationCommand'
  static readonly FederationBlob: string = 'sys.FederationBlob'
  static readonly Uniq: string = 'sys.Uniq'
  static readonly Logger: string = 'sys.Logger'
}
