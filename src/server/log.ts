import type { ActivationLine } from '../functions/functions.ts'
import type { Log } from './access.ts'

/** What Fastify's logger writes to. */
export interface LogStream {
  write(line: string): void
}

/** Passes on lines of `pino` for people: time, level, what happened, and what goes with it. */
export function prettyStream(out: (text: string) => void): LogStream {
  return {
    write(line) {
      const parsed: unknown = JSON.parse(line)
      if (typeof parsed !== 'object' || parsed === null) return
      const { time, level, msg, ...facts } = Object.fromEntries(Object.entries(parsed))
      const clock = new Date(Number(time)).toISOString().slice(11, 23)
      const rest = Object.entries(facts)
        .filter(([name]) => !said.has(name))
        .map(([name, value]) => `${name}=${show(value)}`)
      out(`${[clock, levels[Number(level)] ?? 'info ', msg, ...rest].join(' ')}\n`)
    },
  }
}

/** What a person knows already, or reads in the message. */
const said: ReadonlySet<string> = new Set(['pid', 'hostname', 'method', 'url', 'status'])

/** Logs the lines of functions. */
export function logLine(log: Log, { function: name, activation, late, source, level, text }: ActivationLine): void {
  log[level]({ function: name, activation, source, ...(late && { late }) }, text)
}

const levels: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info ', 40: 'warn ', 50: 'error' }

function show(value: unknown): string {
  if (typeof value === 'number') return String(Math.round(value * 100) / 100)
  if (typeof value === 'object' && value !== null && 'message' in value) return JSON.stringify(value.message)
  return typeof value === 'string' ? value : JSON.stringify(value)
}
