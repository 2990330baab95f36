import { MortiseError, reasonOf } from '../errors.ts'

/** An archive that can't be read. */
export function damaged(why: string, cause?: unknown): MortiseError {
  return new MortiseError('CODE_ARCHIVE', `Cannot unpack the archive: ${why}`, cause === undefined ? {} : { cause })
}

/** An archive that holds what may not be. */
export function unsafe(what: string): MortiseError {
  return new MortiseError('CODE_UNSAFE', `Cannot unpack the archive: ${what}. Nothing of it was kept`)
}

/** An archive that is too much. */
export function tooLarge(what: string, asked: number, limit: number): MortiseError {
  return new MortiseError(
    'CODE_TOO_LARGE',
    `Cannot unpack the archive: it holds ${what}, and ${limit} is the limit. Post less, or raise the limit`,
    { asked, limit },
  )
}

/** What went wrong on the way, by whose doing: the disk's, or else the archive's, whatever its reader threw. */
export function failed(thrown: unknown): MortiseError {
  if (MortiseError.is(thrown)) return thrown
  const why = reasonOf(thrown)
  if (!(thrown instanceof Error) || !('syscall' in thrown)) return damaged(why, thrown)
  return new MortiseError('CODE_FOLDER', `Cannot write what an archive holds: ${why}`, { cause: thrown })
}

/** A name as a sentence shows it: whatever it holds, and never much of it. */
export const quote = (name: string): string => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name)
