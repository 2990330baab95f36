import type { Json } from '../contracts/action/json.ts'

/** What a version is made of. */
export interface Deployment {
  /** SHA-256 of the artifact, in hexadecimal, which the store has. */
  readonly digest: string
  /** Whatever else goes with it, such as limits and configuration: the store keeps it and never looks at it. */
  readonly settings: Json
}

/** One version of a plugin. */
export interface StoredVersion extends Deployment {
  readonly plugin: string
  /** From 1, and never used again for another version of the plugin. */
  readonly version: number
  /** Bytes of the artifact. */
  readonly size: number
  /** When it was deployed, in milliseconds since 1970, and by whom. */
  readonly at: number
  readonly by: string
}

/** A version became the live one of its plugin, or the plugin was removed. */
export interface Activation {
  readonly plugin: string
  /** `undefined` where the plugin was removed. */
  readonly version: number | undefined
  readonly at: number
  readonly by: string
}

/** A line of the audit: somebody has tried to change something. */
export interface AuditEntry {
  readonly at: number
  /** Who: the name of a token, or of a part of the server. */
  readonly by: string
  /** Where the request came from. */
  readonly from: string
  /** What was to be done: `deploy`, `rollback`, `remove`, … */
  readonly action: string
  readonly plugin: string | undefined
  readonly digest: string | undefined
  /** `done`, or the code of the error. */
  readonly outcome: string
}

/** An audit line with its number, which grows by one. */
export interface AuditLine extends AuditEntry {
  readonly number: number
}

/**
 * Where artifacts and versions live, so that a server that was killed starts again with what it had answered for.
 *
 * A promise that has resolved is kept, whatever happens to the process afterwards. Who makes a store of its own keeps to that.
 */
export interface Store extends AsyncDisposable {
  /** Keeps an artifact, and says its digest. One that is there already is not written again. */
  put(bytes: Uint8Array): Promise<string>
  /** Whether it has an artifact. */
  has(digest: string): Promise<boolean>
  /**
   * An artifact, checked against its digest.
   *
   * @throws MortiseError `ARTIFACT_ABSENT`; `STORE_CORRUPT` where the bytes are no longer those that were put
   */
  read(digest: string): Promise<Uint8Array<ArrayBuffer>>
  /**
   * Makes a new version of a plugin the live one. Versions beyond those that are kept are forgotten, the oldest first.
   *
   * @param by - who does it
   * @param from - where they asked for it: then a line of the audit is written with the change, or neither of them is
   * @throws MortiseError `ARTIFACT_ABSENT`
   */
  deploy(plugin: string, deployment: Deployment, by: string, from?: string): Promise<StoredVersion>
  /**
   * Makes a kept version the live one again. `by` and `from` as in `deploy`.
   *
   * @throws MortiseError `VERSION_ABSENT`
   */
  activate(plugin: string, version: number, by: string, from?: string): Promise<StoredVersion>
  /**
   * Takes a plugin out; its versions are forgotten. `by` and `from` as in `deploy`.
   *
   * @throws MortiseError `VERSION_ABSENT` where there is none
   */
  remove(plugin: string, by: string, from?: string): Promise<void>
  /** The live version of every plugin, by the plugins' names. */
  live(): Promise<readonly StoredVersion[]>
  /** The versions of a plugin that are kept, the newest first. */
  versions(plugin: string): Promise<readonly StoredVersion[]>
  /** What became live when, the newest first. */
  activations(plugin: string, most: number): Promise<readonly Activation[]>
  /** Adds a line to the audit, and forgets the oldest beyond those that are kept. */
  audit(entry: AuditEntry): Promise<void>
  /** The lines of the audit below a number, the newest first. */
  audits(most: number, below?: number): Promise<readonly AuditLine[]>
  /** Removes artifacts that no version is made of, and says how many. */
  collect(): Promise<number>
}

export type { Json }
