/**
 * What `/init` is given: text goes as source, bytes as base64. What takes a compiler or the runtime's own command to make is made when
 * its row runs.
 */
export type Code = string | Uint8Array | ((tools: Tools) => Promise<string | Uint8Array>)

/** What code can be made with. */
export interface Tools {
  /** Runs the runtime's own command, in a folder of its own. */
  readonly command: (
    args: readonly string[],
    options?: {
      readonly input?: string | Uint8Array
      readonly settings?: Readonly<Record<string, string>>
      readonly place?: Readonly<Record<string, Uint8Array>>
    },
  ) => Promise<Finished>
}

/** What a command left behind. */
export interface Finished {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: Buffer
}

/** The body of `/init` for some code. */
export async function initBody(
  {
    code,
    main,
    env,
  }: { readonly code: Code; readonly main?: string; readonly env?: Readonly<Record<string, unknown>> },
  tools: Tools,
): Promise<string> {
  const made = typeof code === 'function' ? await code(tools) : code
  const binary = typeof made !== 'string'
  const text = binary ? Buffer.from(made).toString('base64') : made
  return JSON.stringify({ value: { name: 'an action', main: main ?? 'main', code: text, binary, ...(env && { env }) } })
}
