import { MortiseError } from '../errors.ts'
import { fieldsOf } from './failure.ts'

/** A version that became live by a deploy. */
export interface Deployed {
  readonly plugin: string
  readonly version: number
  /** SHA-256 of its artifact, in hexadecimal. */
  readonly digest: string
  /** `wasm`, `esm` or `process`. */
  readonly runtime: string
  /** Milliseconds of each step on the server: `load`, `smoke`, `store`, `swap`. */
  readonly timings: Timings
}

/** A version that is live again. */
export interface RolledBack {
  readonly plugin: string
  readonly version: number
  readonly digest: string
  /** Whether the server had it ready; else it was loaded anew. */
  readonly kept: boolean
  /** Milliseconds of each step on the server: `load`, `store`, `swap`. */
  readonly timings: Timings
}

/** Milliseconds by the names of steps, in their order. */
export type Timings = Readonly<Record<string, number>>

/** A version of a plugin that the server keeps. */
export interface KeptVersion {
  readonly plugin: string
  readonly version: number
  readonly digest: string
  /** Bytes of its artifact. */
  readonly size: number
  /** When it was deployed, in milliseconds since 1970, and by the token of which name. */
  readonly at: number
  readonly by: string
  /** What it is served as: `action` or `http`. */
  readonly contract: string
  /** Of `http`: the path that it answers at. */
  readonly mount: string | undefined
}

/** A plugin, its versions and what became live when, the newest first. */
export interface KeptPlugin {
  readonly plugin: string
  /** The version that is live. */
  readonly live: number
  readonly versions: readonly KeptVersion[]
  /** Without a `version` where the plugin was removed. */
  readonly activations: readonly { readonly version: number | undefined; readonly at: number; readonly by: string }[]
}

/** A line that a plugin wrote. */
export interface LoggedLine {
  /** When the server got it, in milliseconds since 1970. */
  readonly at: number
  readonly text: string
  /** `stdout`, `stderr` or `log`. */
  readonly source: string
  /** Of a `log`: `debug`, `info`, `warn` or `error`. */
  readonly level: string | undefined
  /** The activation that wrote it. */
  readonly activation: string | undefined
}

/** Something that has happened on a server. */
export interface ServerEvent {
  /** `deploy`, `rollback`, `remove`, or `failed`. */
  readonly event: string
  readonly plugin: string
  /** What goes with it: `version`, `digest`, `by`; of a failure also the `action` that was tried, and the `code` of its error. */
  readonly data: Readonly<Record<string, unknown>>
}

export const deployed = (fields: Fields): Deployed => ({
  plugin: text(fields, 'plugin'),
  version: number(fields, 'version'),
  digest: text(fields, 'digest'),
  runtime: text(fields, 'runtime'),
  timings: timings(fields),
})

export const rolledBack = (fields: Fields): RolledBack => ({
  plugin: text(fields, 'plugin'),
  version: number(fields, 'version'),
  digest: text(fields, 'digest'),
  kept: fields['kept'] === true,
  timings: timings(fields),
})

export const keptPlugins = (fields: Fields): readonly KeptVersion[] => list(fields, 'plugins').map(keptVersion)

export const keptPlugin = (fields: Fields): KeptPlugin => ({
  plugin: text(fields, 'plugin'),
  live: number(fields, 'live'),
  versions: list(fields, 'versions').map(keptVersion),
  activations: list(fields, 'activations').map((each) => ({
    version: each['version'] === undefined ? undefined : number(each, 'version'),
    at: number(each, 'at'),
    by: text(each, 'by'),
  })),
})

export const loggedLine = (fields: Fields): LoggedLine => ({
  at: number(fields, 'at'),
  text: text(fields, 'text'),
  source: text(fields, 'source'),
  level: optional(fields, 'level'),
  activation: optional(fields, 'activation'),
})

export const serverEvent = (event: string, data: Fields): ServerEvent => ({ event, plugin: text(data, 'plugin'), data })

/** The fields of an object that came as JSON. */
export type Fields = Readonly<Record<string, unknown>>

const keptVersion = (fields: Fields): KeptVersion => ({
  plugin: text(fields, 'plugin'),
  version: number(fields, 'version'),
  digest: text(fields, 'digest'),
  size: number(fields, 'size'),
  at: number(fields, 'at'),
  by: text(fields, 'by'),
  contract: text(fields, 'contract'),
  mount: optional(fields, 'mount'),
})

function timings(fields: Fields): Timings {
  const all = fieldsOf(fields['timings'])
  return Object.fromEntries(Object.keys(all).map((name) => [name, number(all, name)]))
}

function text(fields: Fields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : refuse(name)
}

function number(fields: Fields, name: string): number {
  const value = fields[name]
  return typeof value === 'number' ? value : refuse(name)
}

function list(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name]
  return Array.isArray(value) ? value.map(fieldsOf) : refuse(name)
}

function optional(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' ? value : undefined
}

const refuse = (name: string): never => refuseAnswer(`no '${name}', or another one than there should be`)

/** @throws MortiseError `SERVER_ANSWER` */
export function refuseAnswer(what: string): never {
  throw new MortiseError('SERVER_ANSWER', `The server sent ${what}. Are both of the same version of Mortise?`)
}
