import type { Log } from '../access.ts'
import { prettyStream } from '../log.ts'
import type { LogStyle } from '../settings.ts'

const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const

/** A log to stdout, each line as the servers of functions write it; `undefined` for none. */
export function lineLog(style: LogStyle): Log | undefined {
  if (style === 'off') return undefined
  const out = (text: string): void => void process.stdout.write(text)
  const stream = style === 'json' ? { write: out } : prettyStream(out)
  const write =
    (level: number) =>
    (facts: object, msg: string): void =>
      stream.write(`${JSON.stringify({ level, time: Date.now(), pid: process.pid, ...facts, msg })}\n`)
  return { debug: write(levels.debug), info: write(levels.info), warn: write(levels.warn), error: write(levels.error) }
}
