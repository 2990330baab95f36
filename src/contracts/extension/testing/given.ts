import type { Source } from '../../../artifact.ts'
import type { LimitsOf } from '../../../runtime.ts'
import type { Argument } from '../../../storages/argument.ts'
import type { Event, RecordChange } from '../../../storages/event.ts'
import type { Subject } from '../../../storages/request-subject.ts'
import type { Schema } from '../../../storages/schema/schema.ts'
import type { Declaration } from '../declaration.ts'
import type { FieldValue, QName } from '../fields.ts'
import type { BlobGiven, FederationGiven } from './federation.ts'
import type { HttpGiven } from './http.ts'

/** Fields by name. An integer of 64 bits may be a number, as long as that holds it exactly. */
export type Fields = Readonly<Record<string, FieldValue>>

/** The application that the tested extensions belong to: the same for all of its tests. */
export interface TestedApp {
  /** What `extensions` is given: which storages each extension may use. Default: all that there are. */
  readonly extensions?: Readonly<Record<string, Declaration>>
  /** Full paths of packages, by their local names. Default: tests call every package as the guest does. */
  readonly packages?: Readonly<Record<string, string>>
  /** The records and views of the application. Default: whatever a test gives, and guests may write any field. */
  readonly schema?: Schema
  /** The workspace of all that is given. Default 1. */
  readonly workspace?: bigint
  /** Limits of the guest, as `wasm` takes them. */
  readonly limits?: LimitsOf<'wasm'>
}

/** An extension that is tested. */
export interface TestedExtension {
  readonly source: Source
  /** The name of the extension. */
  readonly name: string
  readonly app: TestedApp
}

/** What a test gives to the extension. */
export interface Given {
  readonly subject: Subject
  readonly argument: Argument | undefined
  readonly unlogged: Argument | undefined
  readonly unixTime: bigint
  readonly event: Event | undefined
  readonly cuds: readonly RecordChange[]
  readonly records: readonly RecordGiven[]
  readonly views: readonly ViewGiven[]
  readonly logged: readonly Event[]
  readonly secrets: Readonly<Record<string, string>>
  readonly http: readonly HttpGiven[]
  readonly federation: readonly FederationGiven[]
  readonly blobs: readonly BlobGiven[]
  /** Why no mail is taken; empty where all are. */
  readonly mailError: string
}

/** A record that is there. */
export interface RecordGiven {
  readonly entity: string
  readonly id: bigint
  readonly singleton: boolean
  readonly fields: Fields
}

/** A row of a view that is there. */
export interface ViewGiven {
  readonly entity: string
  readonly key: Fields
  readonly value: Fields
}

/** What a test begins with. */
export const nothingGiven: Given = {
  subject: { kind: 'user', name: 'test', profile: 1n, token: '' },
  argument: undefined,
  unlogged: undefined,
  unixTime: 0n,
  event: undefined,
  cuds: [],
  records: [],
  views: [],
  logged: [],
  secrets: {},
  http: [],
  federation: [],
  blobs: [],
  mailError: '',
}

/** `pkg.Entity` in its two parts. */
export function nameOf(entity: string): QName {
  const dot = entity.lastIndexOf('.')
  return { pkg: entity.slice(0, Math.max(dot, 0)), entity: entity.slice(dot + 1) }
}
