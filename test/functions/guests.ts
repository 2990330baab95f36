import { Functions, type ActivationLine, type FunctionsOptions } from 'mortise/functions'
import { buildText } from '../support/guest.ts'

/**
 * Answers with `{"id":…}`, its activation; beside that `{"loop":true}` never ends, `{"crash":true}` crashes, `{"spin":n}` counts to
 * n millions first, and `{"say":"…"}` is logged.
 */
export const tenon: Uint8Array = await buildText(`
  import { config, log } from 'tenon/action'
  @json class Wanted { loop: bool = false; crash: bool = false; spin: i32 = 0; say: string = '' }
  let counted: i64 = 0
  export function main(wanted: Wanted): string {
    if (wanted.say != '') log.info(wanted.say)
    if (wanted.crash) throw new Error('crashed')
    while (wanted.loop) counted++
    for (let i = 0; i < wanted.spin * 1000000; i++) counted += i % 7
    if (wanted.say != '') log.info(wanted.say + ' again')
    const id = config.get('__OW_ACTIVATION_ID')
    return '{"id":"' + (id === null ? '' : id) + '"}'
  }`)

/** The same, in JavaScript, where `{"wait":ms}` waits, `{"never":true}` never ends, and `{"all":n}` waits until n wait. */
export const javascript: Uint8Array = Buffer.from(`
  let waiting = 0
  const all = Promise.withResolvers()
  export async function main({ wait, never, crash, say, all: n, exit }, { activation, log }) {
    if (say !== undefined) log.info(say)
    if (exit) process.exit(3)
    if (crash) throw new Error('crashed')
    if (never) await new Promise(() => {})
    if (wait) await new Promise((resolve) => setTimeout(resolve, wait))
    if (n !== undefined) {
      if (++waiting === n) all.resolve()
      await all.promise
    }
    if (say !== undefined) log.info(say + ' again')
    return { id: activation.activation_id ?? '' }
  }`)

/** Code as it is posted. */
export const posted = (bytes: Uint8Array): { bytes: Uint8Array; main: string; env: Record<string, string> } => ({
  bytes,
  main: 'main',
  env: {},
})

/** A request for the guests above. */
export const request = (value: object, id = '', fields: object = {}): string =>
  JSON.stringify({ value, activation_id: id, ...fields })

/** An answer by its fields. */
export function read(answer: string): ReadonlyMap<string, unknown> {
  const value: unknown = JSON.parse(answer)
  return new Map(Object.entries(value ?? {}))
}

/** Functions, with all lines that they wrote. */
export function functionsWithLines(options: FunctionsOptions = {}): { functions: Functions; lines: ActivationLine[] } {
  const lines: ActivationLine[] = []
  const functions = new Functions({ allow: ['esm', 'process'], ...options, log: (line) => void lines.push(line) })
  return { functions, lines }
}
