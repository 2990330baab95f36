import { isQName } from '../contracts/extension/fields.ts'
import type { AsyncStorage } from '../contracts/extension/storage.ts'
import { federation, type FederationOptions, part, workspaceOf } from './federation.ts'
import { isObject, type Json, jsonRow, parseJson } from './json.ts'
import { textOf, wrong } from './key-fields.ts'
import { whole } from './web.ts'
import type { WorkspaceContext } from './workspace.ts'

/** The fields of a key of `sys.FederationCommand`. */
export const federationCommandKeyFields = {
  Owner: 'string',
  AppName: 'string',
  WSID: 'int64',
  Token: 'string',
  Command: 'QName',
  Body: 'string',
  ExpectedCodes: 'string',
} as const

/**
 * The storage `sys.FederationCommand`: has another instance carry out a command, by `POST api/<owner>/<app>/<wsid>/c.<command>`. It does so
 * when the guest asks, not when its intents are applied.
 *
 * A `get` gives `StatusCode`, the identifiers of new records as `NewIDs`, and the command's `Result`. An instance that does not answer, or with
 * a status that is none of `ExpectedCodes` (default: 200), ends the guest's call.
 *
 * @param options - `url`, `owner`, `app`, `token`; `timeout` (20 s) and `answer` (4 MiB)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function federationCommand(options: FederationOptions): AsyncStorage<WorkspaceContext> {
  const instance = federation(options, 'federationCommand()')
  return {
    async: true,
    keyFields: () => federationCommandKeyFields,
    acts: () => true,
    async get(key, context, { signal }) {
      const command = key.fields.get('Command') ?? null
      if (!isQName(command)) wrong('Command', 'command not specified')
      const { pkg, entity } = command
      const name = part('Command', `c.${pkg}.${entity}`)
      const path = `api/${instance.app(key)}/${workspaceOf(key, context)}/${name}`
      const answer = await instance.ask({ key, path, method: 'POST', body: textOf(key, 'Body'), signal })
      const said = answered(await whole(answer, instance.limits.answer))
      return {
        StatusCode: answer.status,
        NewIDs: jsonRow(member(said, 'NewIDs', 'newIDs')),
        Result: jsonRow(member(said, 'Result', 'result')),
      }
    },
  }
}

/** An answer without a body, or with one that is no object, says nothing. */
function answered(bytes: Uint8Array): { readonly [name: string]: Json } {
  try {
    const json = parseJson(Buffer.from(bytes).toString())
    return isObject(json) ? json : {}
  } catch {
    return {}
  }
}

function member(
  json: { readonly [name: string]: Json },
  ...names: readonly string[]
): { readonly [name: string]: Json } {
  return names.map((name) => json[name]).find(isObject) ?? {}
}
