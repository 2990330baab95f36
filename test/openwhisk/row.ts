import type { Code } from './code.ts'

/**
 * One row of the conformance table: what is asked of an action runtime that was started for it alone, and what it answers and writes.
 * Of an {@link Other} there are two: what the reference does, and what Mortise does on purpose.
 */
export interface Row {
  /** As docs/openwhisk.md and the reports of a run name it. */
  readonly id: string
  readonly about: string
  readonly steps: readonly Step[]
  /** Environment that the runtime is started with. */
  readonly settings?: Readonly<Record<string, string>>
  /** Flags that its command is started with. */
  readonly flags?: readonly string[]
  /** Executable files that lie in its folder when it starts. */
  readonly place?: Readonly<Record<string, Uint8Array>>
  /** Every line that it writes there from start to end; none by default. */
  readonly stdout?: Expected<Lines>
  readonly stderr?: Expected<Lines>
  /** Files that must be in the work folder afterwards, by name, wherever they are in it; a `-` before it: must not be. */
  readonly files?: Expected<readonly string[]>
  /** What the fixtures are made with. */
  readonly needs?: Need
  /**
   * Its program must end within the 5 ms for which a runtime looks whether it does. A busy machine is slower, so the row is run again when
   * it fails.
   */
  readonly race?: true
  /** Why Mortise does otherwise: the sentence of docs/openwhisk.md. */
  readonly because?: string
  /** The reference has nothing of the kind, or nothing that is always the same. */
  readonly only?: Dialect
}

/** Whose answers are expected. */
export type Dialect = 'reference' | 'mortise'

/** A language that must be on the machine. */
export type Need = 'go' | 'python'

/** The same of both, or of each its own. */
export type Expected<T> = T | Other<T>

/** What the reference does, and what Mortise does in its place. */
export class Other<T> {
  readonly reference: T
  readonly mortise: T

  constructor(reference: T, mortise: T) {
    this.reference = reference
    this.mortise = mortise
  }
}

/** What is expected of a runtime that speaks a dialect. */
export function expectedOf<T>(expected: Expected<T>, dialect: Dialect): T {
  return expected instanceof Other ? expected[dialect] : expected
}

/** Lines of a stream, each exactly so or of a form; or whatever they are. */
export type Lines = readonly (string | RegExp)[] | 'any'

/** What is done with the runtime, in turns. */
export type Step =
  | { readonly ask: Ask; readonly answer: Expected<Answer> }
  /** At once, on a connection each. */
  | { readonly together: readonly { readonly ask: Ask; readonly answer: Expected<Answer> }[] }
  /** Waits until the process is gone that has written `pid <number>` to its standard output. */
  | { readonly gone: true }
  /** Runs the runtime's command for once, beside the server. */
  | { readonly command: readonly string[]; readonly input?: string; readonly prints: Expected<Printed> }

/** A request to `/init` or `/run`. */
export interface Ask {
  readonly path: string
  readonly body: Body
  /** `POST` by default. */
  readonly method?: string
  readonly type?: string
}

/** Text as it is, or what `/init` is to be given. */
export type Body =
  | string
  | { readonly code: Code; readonly main?: string; readonly env?: Readonly<Record<string, unknown>> }

/** A reply; or the connection is closed without one, or none comes. */
export type Answer =
  | { readonly status: number; readonly body: string | RegExp }
  /** Equal as values, however they are printed. */
  | { readonly status: number; readonly json: unknown }
  | 'closed'
  | 'nothing'

/** What a command leaves. */
export interface Printed {
  readonly code: number
  readonly stdout: string | RegExp
  readonly stderr: string | RegExp
}

/** The line that ends an activation's log. */
export const sentinel = 'XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX'

/** `/init` with code: bytes go as base64, text as source. */
export const init = (
  code: Code,
  more: { readonly main?: string; readonly env?: Readonly<Record<string, unknown>> } = {},
): Ask => ({
  path: '/init',
  body: { code, ...more },
})

/** `/run` with parameters. */
export const run = (value: unknown): Ask => ({ path: '/run', body: JSON.stringify({ value }) })

/** A request whose body is given as it is. */
export const raw = (path: string, body: string): Ask => ({ path, body })

/** What a successful `/init` answers. */
export const ready: Answer = { status: 200, body: '{"ok":true}\n' }

/** What an action answers, with its line's end. */
export const answer = (line: string): Answer => ({ status: 200, body: `${line}\n` })

/** The reply that refuses something, as Go writes JSON. */
export const refused = (status: number, error: string): Answer => ({
  status,
  body: `{"error":${JSON.stringify(error).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026')}}\n`,
})

/** `/run` before an action is there. */
export const noAction = refused(500, 'no action defined yet')

/** `/init` when there is one. */
export const onlyOnce = refused(403, 'Cannot initialize the action more than once.')

/** `/init` without code. */
export const noCode = refused(403, 'Missing main/no code to execute.')

/** `/init` of a program that ends at once. */
export const exitedAtStart = refused(502, 'cannot start action: command exited')

/** A refusal in words that are not the reference's. */
export const refusedSomehow = (status: number): Answer => ({
  status,
  body: /^\{"error":".+"\}\n$/,
})

/** `/init` of a program that the system does not start, {@link asTheSystemSays}. */
export const notStarted = new Other(exitedAtStart, refusedSomehow(502))

export const asTheSystemSays = 'A program that cannot be executed is refused with what the system says.'

/** A step that asks. */
export const step = (ask: Ask, expected: Expected<Answer>): Step => ({ ask, answer: expected })

/** `/init` that succeeds. */
export const starts = (code: Code, more: Parameters<typeof init>[1] = {}): Step => step(init(code, more), ready)
