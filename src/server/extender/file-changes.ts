import { type FSWatcher, watch } from 'node:fs'
import { dirname } from 'node:path'
import { reasonOf } from '../../errors.ts'
import type { Log } from '../access.ts'

/** A change is often several events, and a file that is being written is not whole: they have to be over for so long, in milliseconds. */
const settling = 100

/**
 * Tells that something changed in the folders of some files. Files are replaced as a rule, and those that Kubernetes mounts are links
 * that are moved all at once, so it is for whoever is told to see what changed.
 */
export class FileChanges implements Disposable {
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #changed: () => void
  readonly #log: Log | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param changed - called once a change has settled */
  constructor(changed: () => void, log: Log | undefined) {
    this.#changed = changed
    this.#log = log
  }

  /** Watches the folders of these files from now on, and no other ones. */
  follow(files: readonly string[]): void {
    const folders = new Set(files.map((file) => dirname(file)))
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watch(folder)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        clearTimeout(this.#timer)
        this.#timer = setTimeout(this.#changed, settling).unref()
      })
      watcher.on('error', (error) => this.#warn(folder, error))
      this.#watchers.set(folder, watcher)
    } catch (error) {
      this.#warn(folder, error)
    }
  }

  #warn(folder: string, error: unknown): void {
    this.#log?.warn({ folder }, `Cannot watch '${folder}': ${reasonOf(error)}. What changes there is not seen`)
  }
}
