import type { State } from '../contracts/extension/state.ts'
import type { Intent, Storage } from '../contracts/extension/storage.ts'
import { MortiseError } from '../errors.ts'

/** What an extension answers to whoever asked. */
export interface Response {
  /** As of HTTP; 200 where the extension said nothing. */
  readonly status: number
  readonly message: string
}

/** `sys.Response`: the status of the answer. With any but 200 nothing is applied. */
export const response: Storage = {
  insert: () => ({ StatusCode: 'int32', ErrorMessage: 'string' }),
  keyFields: () => ({}),
  validate(intents) {
    const { status, message } = responseIn(intents)
    if (status === 200) return
    throw new MortiseError('EXTENSION_RESPONSE', `The extension answered with status ${status}: ${message}`, {
      status,
      guest: { message },
    })
  },
}

/**
 * What the extension answered, of a state that was not applied yet. To apply one with a status other than 200 throws
 * `INTENTS_NOT_APPLIED`, and its cause is `EXTENSION_RESPONSE`.
 */
export function responseOf({ intents }: Pick<State, 'intents'>): Response {
  return responseIn(intents.filter(({ key }) => key.storage === 'sys.Response'))
}

function responseIn(intents: readonly Intent[]): Response {
  const fields = new Map(intents.flatMap((intent) => [...intent.fields]))
  const status = fields.get('StatusCode')
  const message = fields.get('ErrorMessage')
  return {
    status: typeof status === 'number' ? status : 200,
    message: typeof message === 'string' ? message : '',
  }
}
