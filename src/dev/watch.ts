import { type FSWatcher, statSync, type WatchEventType, watch } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { MortiseError, reasonOf } from '../errors.ts'
import { Ignored } from './ignored.ts'

/** What is watched. */
export interface WatchOptions {
  /** A folder, with all that is in it but what is ignored. Default: what {@link Watch.follow} is told of, alone. */
  readonly root?: string
  /** Whether a change of this file means something. */
  readonly counts: (path: string) => boolean
}

/** Files that were saved, made or removed. */
export interface Changes {
  /** Absolute paths. */
  readonly files: readonly string[]
  /** When the first of them was heard of, by `performance.now()`. */
  readonly at: number
}

/** A save is several events (truncate, write, rename, attributes): they are one when they come this close, in milliseconds. */
const quiet = 10

/** Events that never stop are told of after so long. */
const longest = 200

/** So many folders are watched: a system has a limit, too, and everybody shares it. */
const mostFolders = 4096

const tooMany = `there are more than ${mostFolders} folders. Give the guest a folder of its own, or ignore some`
const systemLimit = 'the system watches as many folders as it may. Raise its limit (fs.inotify), or ignore some'

/**
 * Waits for changes below a folder. Folders that come are watched as well, and what git ignores is not. Editors replace files, so it is
 * folders that are watched.
 */
export class Watch {
  readonly #options: WatchOptions
  readonly #ignored: Ignored
  readonly #folders = new Map<string, FSWatcher>()
  readonly #changed = new Set<string>()
  #told = Promise.withResolvers<void>()
  #since = 0
  #timer: NodeJS.Timeout | undefined
  #failure: MortiseError | undefined
  #open = true

  private constructor(options: WatchOptions) {
    const { root } = options
    this.#options = { ...options, ...(root !== undefined && { root: resolve(root) }) }
    this.#ignored = new Ignored(resolve(root ?? '.'))
  }

  /**
   * Watches a folder from now on.
   *
   * @throws MortiseError `WATCH_FAILED`
   */
  static async open(options: WatchOptions): Promise<Watch> {
    const watch = new Watch(options)
    const { root } = watch.#options
    if (root !== undefined) await watch.#enter(root, false)
    watch.#raise()
    return watch
  }

  /** Watches the folders of files that lie elsewhere, too, and folders themselves, but not those in them. */
  follow(paths: readonly string[]): void {
    for (const path of paths) {
      const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
      const folder = isFolder ? path : dirname(path)
      if (!this.#isInside(folder)) this.#listen(folder)
    }
  }

  /**
   * Resolves once something has changed since the last call, which may have been before this one; with `undefined` when it is closed.
   *
   * @throws MortiseError `WATCH_FAILED` where a folder came that cannot be watched; all others are
   */
  async next(): Promise<Changes | undefined> {
    await this.#told.promise
    this.#raise()
    if (!this.#open) return undefined
    const changes = { files: [...this.#changed], at: this.#since }
    this.#changed.clear()
    this.#since = 0
    this.#told = Promise.withResolvers()
    return changes
  }

  /** Says that there is something to do, though no file has changed. */
  poke(): void {
    this.#since ||= performance.now()
    this.#told.resolve()
  }

  /** Stops watching; who waits is let go. */
  close(): void {
    this.#open = false
    for (const watcher of this.#folders.values()) watcher.close()
    this.#folders.clear()
    clearTimeout(this.#timer)
    this.#told.resolve()
  }

  /** Watches a folder and those in it. @param isNew - what is in it was made just now, before anybody watched */
  async #enter(folder: string, isNew: boolean): Promise<void> {
    if (!this.#open || !this.#listen(folder)) return
    this.#ignored.read(folder)
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (this.#ignored.has(path, entry.isDirectory())) continue
      if (entry.isDirectory()) await this.#enter(path, isNew)
      else if (isNew) this.#note(path)
    }
  }

  /** Of all that is below a folder, watches no more what is ignored, and what is not. */
  async #rule(folder: string): Promise<void> {
    this.#ignored.read(folder)
    for (const path of this.#below(folder)) if (path !== folder && this.#ignored.has(path, true)) this.#leave(path)
    await this.#enter(folder, false)
  }

  /** Stops watching a folder and those in it. */
  #leave(folder: string): void {
    for (const path of this.#below(folder)) {
      this.#folders.get(path)?.close()
      this.#folders.delete(path)
    }
  }

  /** What is watched of a folder. */
  #below(folder: string): readonly string[] {
    return [...this.#folders.keys()].filter((path) => path === folder || path.startsWith(folder + sep))
  }

  /** @returns whether it is watched now */
  #listen(folder: string): boolean {
    if (this.#folders.has(folder)) return true
    if (this.#failure !== undefined) return false
    if (this.#folders.size >= mostFolders) {
      this.#fail(folder, tooMany)
      return false
    }
    try {
      const watcher = watch(folder, (event, name) => void this.#heard(folder, event, name))
      // It is of a folder that is gone; the one above says so, too.
      watcher.on('error', () => watcher.close())
      this.#folders.set(folder, watcher)
      return true
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
      // Gone again, or not for us to see.
      if (folder === this.#options.root || (code !== 'ENOENT' && code !== 'EACCES'))
        this.#fail(folder, code === 'ENOSPC' || code === 'EMFILE' ? systemLimit : reasonOf(cause), cause)
      return false
    }
  }

  async #heard(folder: string, event: WatchEventType, name: string | null): Promise<void> {
    const at = performance.now()
    // Some systems say no name where too much happens at once.
    if (name === null) return this.#note(folder, at)
    const path = join(folder, name)
    if (Ignored.rules(path) && this.#isInside(folder)) return this.#rule(folder)
    const found = await lstat(path).catch(() => undefined)
    const isFolder = found?.isDirectory() ?? this.#folders.has(path)
    // What is followed was named, and is meant, whatever git ignores.
    if (!this.#open || (this.#options.root !== undefined && this.#ignored.has(path, isFolder))) return
    if (!isFolder || found === undefined) this.#note(path, at)
    // Where a folder was, there is another one now, or none.
    if (isFolder && event === 'rename' && this.#isInside(path)) {
      this.#leave(path)
      await this.#enter(path, true)
    }
  }

  #note(path: string, at = performance.now()): void {
    if (!this.#open || !(this.#folders.has(path) || this.#options.counts(path))) return
    this.#changed.add(path)
    this.#since ||= at
    clearTimeout(this.#timer)
    const wait = Math.min(quiet, this.#since + longest - performance.now())
    this.#timer = setTimeout(() => this.#changed.size > 0 && this.#told.resolve(), wait)
  }

  #isInside(path: string): boolean {
    const { root } = this.#options
    return root !== undefined && (path === root || path.startsWith(root.endsWith(sep) ? root : root + sep))
  }

  /** Who waits is told once. */
  #fail(folder: string, why: string, cause?: unknown): void {
    const message = `Cannot watch '${folder}' for changes: ${why}`
    this.#failure = new MortiseError('WATCH_FAILED', message, cause === undefined ? {} : { cause })
    this.#told.resolve()
  }

  #raise(): void {
    const failure = this.#failure
    if (failure === undefined) return
    this.#failure = undefined
    throw failure
  }
}
