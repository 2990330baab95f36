import { wrong } from '../../../storages/key-fields.ts'
import { mailFields } from '../../../storages/mail-fields.ts'
import type { Key, Storage } from '../storage.ts'
import type { Fields } from './given.ts'

/** `sys.SendMail` of a test: takes mails, or says why not; keeps those that were sent at once. */
export function mailStorage(error: string, mails: Fields[]): Storage {
  return {
    appends: true,
    keyFields: () => mailFields,
    get(key) {
      checkKey(key)
      if (error === '') mails.push(Object.fromEntries(key.fields))
      return { Success: error === '', ErrorMessage: error }
    },
    insert(key) {
      checkKey(key)
      return {}
    },
  }
}

function checkKey({ fields }: Key): void {
  const missing = ['Host', 'Port', 'From', 'To'].find((name) => !fields.has(name))
  if (missing !== undefined) wrong(missing, `'${missing}': not found`)
}
