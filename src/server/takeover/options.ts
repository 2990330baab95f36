import type { IncomingMessage } from 'node:http'
import type { Writable } from 'node:stream'
import { parseTimer } from '../../limits.ts'
import { checkKeys, checkOption } from '../../options.ts'
import type { Place } from '../listener.ts'

/** How a {@link serveTakeover} server serves. */
export interface TakeoverOptions {
  /** Port to listen on; 0 for any. Default 8080. */
  readonly port?: number
  /** Address to listen at. Default `127.0.0.1`. */
  readonly host?: string
  /** A socket that listens already, in place of a port and an address. Default: none. */
  readonly descriptor?: number
  /** What all programs find in their environment, beside what is posted with them. Default: `PATH` of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** Milliseconds, or text like `'10 s'`, that a program has to get ready. Default 10 s. */
  readonly ready?: number | string
  /** Milliseconds that requests have to end when a program is replaced or the server closed. Default 10 s. */
  readonly drain?: number | string
  /** Milliseconds until a program behind the server has to begin its answer. Default 60 s. */
  readonly deadline?: number | string
  /** How often in a row a program that ends is started again. Default 10. */
  readonly restarts?: number
  /** Throws for a request that is refused: for every one that comes through the server, and for each `/init`. Default: none. */
  readonly admit?: (request: IncomingMessage) => void
  /** Get what programs print. Default: those of this process. */
  readonly stdout?: Writable
  readonly stderr?: Writable
  /** Is told what happens to programs, a sentence each. */
  readonly watch?: (what: string) => void
}

/** All options, parsed: durations in milliseconds. */
export interface TakeoverSettings {
  readonly place: Place
  readonly env: Readonly<Record<string, string>>
  readonly ready: number
  readonly drain: number
  readonly deadline: number
  readonly restarts: number
  readonly admit: (request: IncomingMessage) => void
  readonly stdout: Writable
  readonly stderr: Writable
  readonly watch: (what: string) => void
}

const longest = 2 ** 31 - 1

/** The one parser of these options: `OPTION_UNKNOWN`, `OPTION_INVALID`. */
export function parseTakeover(options: TakeoverOptions): TakeoverSettings {
  const standard = {
    port: 8080,
    host: '127.0.0.1',
    env: { PATH: process.env['PATH'] ?? '' },
    ready: 10_000,
    drain: 10_000,
    deadline: 60_000,
    restarts: 10,
    admit() {},
    stdout: process.stdout,
    stderr: process.stderr,
    watch() {},
  }
  checkKeys(options, [...Object.keys(standard), 'descriptor'], 'serveTakeover()')
  const { descriptor, port, host, ...given } = { ...standard, ...options }
  const { restarts, env } = given
  const isWhole = (value: unknown, most: number): boolean =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most
  checkOption('port', port, isWhole(port, 65_535), 'a port from 0 to 65535')
  checkOption('host', host, typeof host === 'string' && host !== '', 'an address')
  checkOption('descriptor', descriptor, descriptor === undefined || isWhole(descriptor, longest), 'a descriptor')
  checkOption('restarts', restarts, isWhole(restarts, longest), 'a whole number from 0')
  checkOption('env', env, typeof env === 'object' && env !== null, 'an object of texts')
  for (const name of ['admit', 'watch'] as const)
    checkOption(name, given[name], typeof given[name] === 'function', 'a function')
  return Object.freeze({
    ...given,
    place: descriptor === undefined ? { host, port } : { descriptor },
    ready: parseTimer('ready', given.ready),
    drain: parseTimer('drain', given.drain),
    deadline: parseTimer('deadline', given.deadline),
  })
}
