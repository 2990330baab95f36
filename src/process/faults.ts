import { ProcessFault } from './fault.ts'

/** How much of stderr a sentence shows. */
const shown = 300

/** The faults of a process, each with its sentence. */
export const overran = (limit: number): ProcessFault =>
  new ProcessFault(
    'DEADLINE',
    `it took longer than ${limit} ms, and its process was ended. Make it quicker, or raise the limit 'deadline'`,
    { limit },
  )

export const wroteTooMuch = (limit: number): ProcessFault =>
  new ProcessFault(
    'OUTPUT_LIMIT',
    `it wrote more than ${limit} bytes of output and logs in one call. Write less, or raise the limit 'output'`,
    { limit },
  )

export const answeredTooMuch = (limit: number): ProcessFault =>
  new ProcessFault('OUTPUT_LIMIT', `its answer is longer than ${limit} bytes. Answer with less, or raise 'answer'`, {
    limit,
  })

export const answeredNobody = (): ProcessFault =>
  new ProcessFault(
    'PROCESS_PROTOCOL',
    'it wrote a line to descriptor 3 that answers no call. It must write one for each line that it reads',
  )

export const unnumbered = (): ProcessFault =>
  new ProcessFault(
    'PROCESS_PROTOCOL',
    'it wrote a line to descriptor 3 without the number of its call, which it had said that all lines have',
  )

export const notUtf8 = (): ProcessFault => new ProcessFault('GUEST_STRING', 'it answered with what is not UTF-8')

export const closed = (what: string): ProcessFault =>
  new ProcessFault('PROCESS_PROTOCOL', `it closed ${what} and went on running`)

export const ended = (exitCode: number | undefined, signal: string | undefined, stderr: string): ProcessFault =>
  new ProcessFault(
    'PROCESS_ENDED',
    `its process ${signal === undefined ? `ended with exit code ${exitCode ?? 'unknown'}` : `was ended by ${signal}`}${stderr === '' ? '' : `. Its stderr ends with: ${stderr.slice(-shown)}`}`,
    {
      ...(exitCode !== undefined && { exitCode }),
      ...(signal !== undefined && { signal }),
      ...(stderr !== '' && { stderr }),
    },
  )

/** What the calls end with that a process had beside the one that failed. */
export const wentDown = ({ message, details }: ProcessFault): ProcessFault =>
  new ProcessFault(
    'PROCESS_ENDED',
    `it had been given to the same process as another call, which failed: ${message}`,
    details,
  )

export const logFailed = (cause: unknown): ProcessFault =>
  new ProcessFault('HOST_FUNCTION_FAILED', 'the log function of the host threw for one of its lines', {}, cause)
