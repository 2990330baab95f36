import { UsageError } from './command.ts'

/** A whole number of a command line. */
export function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} is '${text}', and takes a whole number`)
  return Number(text)
}

/** A size or a time of a command line: digits alone are a number of bytes or milliseconds. */
export const plain = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text)
