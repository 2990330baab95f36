import { ProcessFault } from './fault.ts'

/** What a process says of itself when it is ready. */
export interface Ready {
  /** What it exports, each with what `typeof` calls it; `undefined` if it does not say. */
  readonly exports: Readonly<Record<string, string>> | undefined
  /** Its lines may be marked as logs and as thrown errors. */
  readonly marks: boolean
  /** Its lines begin with the numbers of the calls that they belong to, so that it may be given several at once. */
  readonly numbers: boolean
}

/**
 * Reads the first line of a process: `{"ok":true}`, as in Apache OpenWhisk. Beside that Mortise understands `"mortise":1`, with
 * that `exports` and `numbers`, and, where `ok` is not true, `problems`.
 */
export function readAcknowledgement(line: string): Ready {
  const shown = line.slice(0, 200)
  let said: unknown
  try {
    said = JSON.parse(line)
  } catch {
    throw new ProcessFault(
      'PROCESS_NOT_STARTED',
      `it should have said {"ok":true} on descriptor 3, and said what is no JSON: ${shown}`,
      { said: line },
    )
  }
  const fields = new Map(
    Object.entries(said ?? {}).map(([name, value]): [string, unknown] => [name.toLowerCase(), value]),
  )
  const problems = texts(fields.get('problems'))
  if (problems !== undefined) throw new ProcessFault('MODULE_REFUSED', problems.join('; '), { problems })
  if (fields.get('ok') !== true)
    throw new ProcessFault(
      'PROCESS_NOT_STARTED',
      `it should have said {"ok":true} on descriptor 3, and said ${shown}`,
      { said: line },
    )
  const marks = fields.get('mortise') === 1
  return {
    marks,
    numbers: marks && fields.get('numbers') === true,
    exports: marks ? byName(fields.get('exports')) : undefined,
  }
}

const texts = (value: unknown): readonly string[] | undefined => (Array.isArray(value) ? value.map(String) : undefined)

const byName = (value: unknown): Ready['exports'] =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, type]) => [name, String(type)]))
    : undefined
