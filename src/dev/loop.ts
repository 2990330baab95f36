import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, extname, relative, sep } from 'node:path'
import type { Source } from '../artifact.ts'
import type { Build } from '../build/build.ts'
import type { BuildOptions } from '../build/options.ts'
import { ResidentCompiler } from '../build/resident.ts'
import { MortiseError } from '../errors.ts'
import { Calls, type Invoke } from './calls.ts'
import type { DevEvent, Stage } from './events.ts'
import { findGuest, type Guest, type GuestWish, rootOf } from './guest.ts'
import { withPlaces } from './places.ts'
import type { Target } from './target.ts'
import { type Changes, Watch } from './watch.ts'

/** What a dev loop goes by. */
export interface DevOptions extends GuestWish {
  /** A file, or a folder with an `index.ts` or its kin. */
  readonly path: string
  readonly name: string
  /** What the second build is for; `none`: there is none. */
  readonly optimize: NonNullable<BuildOptions['optimize']>
  readonly gc: NonNullable<BuildOptions['gc']>
  /** Endings of files, such as `.html`, that count beside those of code. */
  readonly also: readonly string[]
  readonly target: Target
  /** Is called when something new is live, and once built. */
  readonly invoke: Invoke | undefined
  readonly tell: (event: DevEvent) => void
}

const endings: ReadonlySet<string> = new Set('.ts .mts .cts .js .mjs .cjs .json .wasm'.split(' '))

/** One build may take the compiler so long, in milliseconds. */
const longest = 60_000

/** What is built and live. */
interface Live {
  readonly version: number
  /** Of what was built in a hurry. */
  readonly digest: string | undefined
}

/**
 * Watches a guest and makes live whatever is saved: at once what needs no compiler; of AssemblyScript a build in a hurry, and behind it one
 * that takes its time. What fails is told of, and the last good version stays.
 */
export class DevLoop implements AsyncDisposable {
  readonly #options: DevOptions
  readonly #watch: Watch
  readonly #calls: Calls | undefined
  readonly #quick = new ResidentCompiler({ longest, idle: Infinity })
  readonly #thorough = new ResidentCompiler({ longest, idle: Infinity })
  #live: Live | undefined
  #broken = false
  /** Counts what was put or failed, so that what is built for something older is known. */
  #change = 0
  #behind: Promise<void> | undefined
  #open = true
  /** As it was when it was last looked at. */
  #guest: Guest

  private constructor(options: DevOptions, watch: Watch, guest: Guest) {
    this.#options = options
    this.#watch = watch
    this.#guest = guest
    this.#calls = options.invoke && new Calls(options.invoke, options.tell)
  }

  /** @throws MortiseError `WATCH_FAILED`, `ARTIFACT_UNREADABLE` */
  static async open(options: DevOptions): Promise<DevLoop> {
    const { path, also, target, name, tell } = options
    const guest = await findGuest(path, options)
    const own = basename(guest.entry)
    const counts = (file: string): boolean =>
      endings.has(extname(file)) || also.includes(extname(file)) || basename(file) === own
    const watch = await Watch.open({ root: await rootOf(path), counts })
    const { language, contract } = guest
    tell({ event: 'ready', name, language, contract, url: target.url(guest) })
    return new DevLoop(options, watch, guest)
  }

  /** Makes live what is there, then whatever is saved, until it is closed. */
  async run(): Promise<void> {
    const start: Changes = { files: [], at: performance.now() }
    for (let changes: Changes | undefined = start; changes !== undefined; changes = await this.#next())
      await this.#reload(changes)
  }

  /** Makes live what is there, though nothing has changed. */
  restart(): void {
    this.#watch.poke()
  }

  /** Calls the guest once more. */
  invoke(): void {
    const url = this.#options.target.url(this.#guest)
    if (url !== undefined && this.#live !== undefined) this.#calls?.begin(url, this.#guest, this.#live.version)
  }

  /** Stops; what is being built is given up. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false
    this.#calls?.abort()
    this.#watch.close()
    await Promise.all([this.#quick, this.#thorough].map((compiler) => compiler[Symbol.asyncDispose]()))
    await this.#behind
  }

  async #next(): Promise<Changes | undefined> {
    for (;;) {
      try {
        const changes = await this.#watch.next()
        if (changes !== undefined) {
          const files = changes.files.map((file) => relative('', file).split(sep).join('/'))
          this.#options.tell({ event: 'changed', files })
        }
        return changes
      } catch (error) {
        this.#failed(error)
      }
    }
  }

  async #reload({ files, at }: Changes): Promise<void> {
    const began = performance.now()
    try {
      const guest = await findGuest(this.#options.path, this.#options)
      this.#guest = guest
      if (guest.language !== 'assemblyscript') {
        this.#change++
        await this.#put(guest, guest.entry, 'source', { at, wait: began - at })
        return
      }
      const { wasm, sources, warnings, milliseconds } = await this.#build(this.#quick, guest, 'none')
      this.#watch.follow(sources)
      if (warnings.length > 0) this.#options.tell({ event: 'warning', diagnostics: warnings })
      const digest = createHash('sha256').update(wasm).digest('hex')
      if (digest === this.#live?.digest && files.length > 0 && !this.#broken) {
        this.#options.tell({ event: 'unchanged' })
        return
      }
      const change = ++this.#change
      await this.#put(guest, wasm, 'quick', { at, wait: began - at, build: milliseconds, digest })
      this.#behind = this.#improve(guest, change, at)
    } catch (error) {
      this.#change++
      this.#failed(error)
    }
  }

  /** Builds once more, and for good, unless something newer comes meanwhile. */
  async #improve(guest: Guest, change: number, at: number): Promise<void> {
    const { optimize } = this.#options
    if (optimize === 'none') return
    // Only the last one is worth its time.
    await this.#behind
    if (change !== this.#change) return
    try {
      const { wasm, milliseconds } = await this.#build(this.#thorough, guest, optimize)
      if (change !== this.#change || !this.#open) return
      await this.#put(guest, wasm, 'optimized', { at, build: milliseconds, digest: this.#live?.digest })
    } catch (error) {
      if (change === this.#change) this.#failed(error)
    }
  }

  #build(compiler: ResidentCompiler, { entry }: Guest, optimize: DevOptions['optimize']): Promise<Build> {
    return compiler.build(relative('', entry), { optimize, gc: this.#options.gc })
  }

  async #put(guest: Guest, source: Source, stage: Stage, { at, digest, ...before }: Before): Promise<void> {
    const { target, tell } = this.#options
    const { version, sent, took } = await target.put(guest, source)
    if (!this.#open) return
    const total = performance.now() - at
    this.#live = { version, digest }
    this.#broken = false
    const { length: bytes } = source instanceof Uint8Array ? source : await readFile(source)
    tell({ event: 'live', stage, version, bytes, sent, took: { ...before, ...took, total } })
    if (stage !== 'optimized') this.invoke()
  }

  #failed(error: unknown): void {
    if (!MortiseError.is(error)) throw error
    if (!this.#open) return
    const { target, tell } = this.#options
    const located = withPlaces(error)
    this.#broken = true
    target.broken(this.#guest, located)
    tell({ event: 'failed', error: located, live: this.#live?.version })
  }
}

/** What is known of code before it is put. */
interface Before {
  readonly at: number
  readonly wait?: number
  readonly build?: number
  readonly digest?: string | undefined
}
