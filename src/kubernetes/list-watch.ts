import { MortiseError, reasonOf } from '../errors.ts'
import type { ApiClient } from './api-client.ts'
import { Backoff, type Waits } from './backoff.ts'
import { fieldOf, isNamed, type NamedObject, keyOf, versionOf } from './objects.ts'
import { Gone, watchEvents } from './watch-events.ts'

/** Objects of one page of a list. */
const page = 500
/** In milliseconds, as Kubernetes' own clients wait. */
const usualWaits: Waits = { first: 800, most: 30_000 }
/** A watch that ends as soon, in milliseconds, and told nothing is one that failed. */
const short = 1000

/** What a {@link ListWatch} keeps, and how. */
export interface ListWatchOptions {
  /** Where the objects are: `/api/v1/nodes`. */
  readonly path: string
  /** What is kept of an object. Default: all of it. */
  readonly keep?: (object: NamedObject) => NamedObject
  /** Objects that there may be. Default 50,000. */
  readonly most?: number
  /** A watch lasts so long before the next one, in seconds. Default 300 to 600, by chance. */
  readonly seconds?: number
  /** Default 0.8 s, and 30 s at most. */
  readonly waits?: Waits
  /** Told of what went wrong; it is tried again. */
  readonly failed?: (error: MortiseError) => void
}

/**
 * All objects of one kind, as the API server has them: listed once in pages, then watched from there on. Where the connection ends, the
 * watch goes on from the version that it was at; where the server knows that version no longer, everything is listed anew.
 */
export class ListWatch implements AsyncDisposable {
  readonly #client: ApiClient
  readonly #options: ListWatchOptions
  readonly #end = new AbortController()
  readonly #backoff: Backoff
  readonly #synced = Promise.withResolvers<void>()
  readonly #running: Promise<void>
  #objects = new Map<string, NamedObject>()
  /** That of the whole list; `undefined` where it has to be listed. */
  #version: string | undefined
  #changes = 0
  #ready = false

  constructor(client: ApiClient, options: ListWatchOptions) {
    this.#client = client
    this.#options = options
    this.#backoff = new Backoff(options.waits ?? usualWaits)
    this.#running = this.#run()
  }

  /** The objects by their names, those with a namespace by `namespace/name`. An object that did not change is the same one. */
  get objects(): ReadonlyMap<string, NamedObject> {
    return this.#objects
  }

  /** Grows with every change of an object. */
  get changes(): number {
    return this.#changes
  }

  /** Everything was listed once. */
  get ready(): boolean {
    return this.#ready
  }

  /** Resolves once everything was listed, or this was ended before. */
  get synced(): Promise<void> {
    return this.#synced.promise
  }

  /** Watches no longer. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort()
    await this.#running
    this.#synced.resolve()
  }

  async #run(): Promise<void> {
    const { signal } = this.#end
    while (!signal.aborted) {
      try {
        this.#version ??= await this.#list()
        if (await this.#watch(this.#version)) continue
      } catch (error) {
        if (signal.aborted) return
        if (isGone(error)) this.#version = undefined
        this.#options.failed?.(asOurs(error, this.#options.path))
      }
      await this.#backoff.wait(signal)
    }
  }

  /** @returns the version from which on to watch */
  async #list(): Promise<string> {
    const { path, keep = (object) => object, most = 50_000 } = this.#options
    const objects = new Map<string, NamedObject>()
    let rest = ''
    for (;;) {
      const query = `limit=${page}${rest === '' ? '' : `&continue=${encodeURIComponent(rest)}`}`
      const list = await this.#client.ask({ path: `${path}?${query}`, signal: this.#end.signal })
      const items = fieldOf(list, 'items') ?? []
      if (!Array.isArray(items)) throw new Error('the answer is no list')
      for (const item of items) {
        if (!isNamed(item)) throw new Error('the list has an object without a name')
        const known = this.#objects.get(keyOf(item))
        const same = known !== undefined && versionOf(item) !== '' && versionOf(known) === versionOf(item)
        objects.set(keyOf(item), same ? known : keep(item))
      }
      if (objects.size > most) throw new Error(`there are more than ${most} objects`)
      const next = fieldOf(fieldOf(list, 'metadata'), 'continue')
      if (typeof next !== 'string' || next === '') {
        this.#objects = objects
        this.#changes++
        this.#ready = true
        this.#synced.resolve()
        return versionOf(list)
      }
      rest = next
    }
  }

  /** @returns whether it is worth while to go on at once */
  async #watch(from: string): Promise<boolean> {
    const { path, seconds = Math.round(300 + 300 * Math.random()) } = this.#options
    const query = `watch=1&allowWatchBookmarks=true&timeoutSeconds=${seconds}&resourceVersion=${encodeURIComponent(from)}`
    const began = performance.now()
    const stream = await this.#client.stream({ path: `${path}?${query}`, signal: this.#end.signal })
    let told = false
    for await (const event of watchEvents(stream, (seconds + 30) * 1000)) {
      told = true
      this.#backoff.reset()
      if (event.type !== 'BOOKMARK') this.#take(event.type === 'DELETED', event.object)
      if (event.version !== '') this.#version = event.version
    }
    return told || performance.now() - began > short
  }

  #take(deleted: boolean, object: NamedObject): void {
    const { keep = (whole) => whole, most = 50_000 } = this.#options
    const key = keyOf(object)
    if (deleted) this.#objects.delete(key)
    else this.#objects.set(key, keep(object))
    this.#changes++
    if (this.#objects.size > most) throw new Error(`there are more than ${most} objects`)
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Gone || (MortiseError.is(error, 'API_SERVER_FAILED') && error.details.status === 410)

function asOurs(error: unknown, path: string): MortiseError {
  if (MortiseError.is(error)) return error
  return new MortiseError('API_SERVER_FAILED', `Cannot follow ${path} of the API server: ${reasonOf(error)}`, {
    cause: error,
  })
}
