import { type FSWatcher, watch } from 'node:fs'
import { dirname, extname } from 'node:path'

/** A save is often several events (write, rename, attributes): they count as one when they come this close, in milliseconds. */
const settling = 20

/** Waits for saves of files of some kinds. Editors replace files, so it is their folders that are watched. */
export class Saves {
  readonly #watchers = new Map<string, FSWatcher>()
  #saved = Promise.withResolvers<void>()
  #timer: NodeJS.Timeout | undefined
  readonly #kinds: ReadonlySet<string>

  /** @param kinds - what the names of the files end in */
  constructor(kinds: readonly string[] = ['.ts']) {
    this.#kinds = new Set(kinds)
  }

  /** Watches the folders of some files, and folders themselves, from now on. */
  follow(files: readonly string[]): void {
    for (const folder of files.map((file) => (this.#kinds.has(extname(file)) ? dirname(file) : file))) {
      if (this.#watchers.has(folder)) continue
      const watcher = watch(folder, (_, name) => {
        if (this.#kinds.has(extname(name ?? ''))) this.#settle()
      })
      this.#watchers.set(folder, watcher)
    }
  }

  /** Resolves after the first save since the last call, which may have been before this one. */
  async next(): Promise<void> {
    await this.#saved.promise
    this.#saved = Promise.withResolvers<void>()
  }

  /** Stops watching; whoever waits is let go. */
  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close()
    clearTimeout(this.#timer)
    this.#saved.resolve()
  }

  #settle(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#saved.resolve(), settling)
  }
}
