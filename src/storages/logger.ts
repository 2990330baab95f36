import type { Storage } from '../contracts/extension/storage.ts'
import { wrong } from './key-fields.ts'

/** How much a line of an extension's log matters. */
export type LogLevel = 'error' | 'warning' | 'info' | 'verbose' | 'trace'

/** A line that an extension logged. */
export interface LogLine {
  readonly level: LogLevel
  readonly message: string
}

const levels: readonly (LogLevel | undefined)[] = [undefined, 'error', 'warning', 'info', 'verbose', 'trace']

/** `sys.Logger`: lines, which are printed when the intents are applied. Level 0 is not printed at all. */
export function logger(log: (line: LogLine) => void): Storage {
  return {
    appends: true,
    keyFields: () => ({ LogLevel: 'int32' }),
    insert({ fields }) {
      const level = Number(fields.get('LogLevel') ?? 0)
      if (!(level in levels)) wrong('LogLevel', `Invalid log level: ${level}`)
      return { Message: 'string' }
    },
    apply(intents) {
      for (const { key, fields } of intents) {
        const level = levels[Number(key.fields.get('LogLevel') ?? 0)]
        const message = fields.get('Message')
        if (level !== undefined) log({ level, message: typeof message === 'string' ? message : '' })
      }
      return undefined
    },
  }
}
