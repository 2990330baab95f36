import { RowReader } from '../contracts/extension/fields.ts'
import type { Storage } from '../contracts/extension/storage.ts'
import { textOf, wrong } from './key-fields.ts'

/** Where an application's secrets are. */
export interface Secrets {
  /** The secret of a name that a guest gave, or `undefined` where there is none. */
  get(name: string): string | undefined
}

/** `sys.AppSecret`: a secret by its name. */
export function appSecret(secrets: Secrets): Storage {
  return {
    keyFields: () => ({ Secret: 'string' }),
    get(key) {
      const name = textOf(key, 'Secret')
      if (name === '') wrong('Secret', 'secret name is not specified')
      const secret = secrets.get(name)
      return secret === undefined ? undefined : new RowReader((kind) => (kind === 'string' ? secret : undefined))
    },
  }
}
