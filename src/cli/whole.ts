import { UsageError } from './command.ts'

/** A whole number of a command line. */
export function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} is '${text}', and takes a whole number`)
  return Number(text)
}
