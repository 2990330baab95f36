import { type FSWatcher, statSync, watch } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { MortiseError, reasonOf } from '../errors.ts'

/** A save is often several events (write, rename, attributes): they count as one when they come this close, in milliseconds. */
const settling = 20

/** Waits for saves of TypeScript and of named files. Editors replace files, so it is their folders that are watched. */
export class Saves {
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #files = new Set<string>()
  #saved = Promise.withResolvers<void>()
  #timer: NodeJS.Timeout | undefined

  /** Watches some files, all TypeScript beside them, and that in folders, from now on. @param paths - absolute. `INPUT_INVALID` where there is none */
  follow(paths: readonly string[]): void {
    for (const path of paths) {
      const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? path : dirname(path)
      this.#files.add(path)
      if (this.#watchers.has(folder)) continue
      this.#watchers.set(folder, this.#watch(folder))
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

  #watch(folder: string): FSWatcher {
    try {
      return watch(folder, (_, name) => {
        if (name !== null && (extname(name) === '.ts' || this.#files.has(join(folder, name)))) this.#settle()
      })
    } catch (cause) {
      throw new MortiseError('INPUT_INVALID', `Cannot watch '${folder}' for saves: ${reasonOf(cause)}`, { cause })
    }
  }

  #settle(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#saved.resolve(), settling)
  }
}
