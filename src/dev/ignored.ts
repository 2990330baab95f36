import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import createIgnore, { type Ignore } from 'ignore'

const file = '.gitignore'

/**
 * What in a folder is nobody's source: what git ignores there, by the `.gitignore` of each folder up to the one of the repository;
 * installed packages; and names that begin with a dot, as repositories, caches and the locks of editors have.
 */
export class Ignored {
  /** The rules of each folder that has some. */
  readonly #rules = new Map<string, Ignore>()

  /** @param root - an absolute path, whose folders are the ones asked about. Rules that leave out all of it count for nothing in it. */
  constructor(root: string) {
    const above: string[] = []
    for (let folder = root; ; folder = dirname(folder)) {
      this.read(folder)
      if (folder !== root) above.push(folder)
      if (existsSync(join(folder, '.git')) || folder === dirname(folder)) break
    }
    if (this.#leavesOut(root, true)) for (const folder of above) this.#rules.delete(folder)
  }

  /** Whether a file is one that rules are read from. */
  static rules(path: string): boolean {
    return basename(path) === file
  }

  /** Reads the rules of a folder, which may have changed. */
  read(folder: string): void {
    try {
      this.#rules.set(folder, createIgnore().add(readFileSync(join(folder, file), 'utf8')))
    } catch {
      // There are none, or none that can be read: git goes on without them, too.
      this.#rules.delete(folder)
    }
  }

  /** Whether something is left out whose folder is not. */
  has(path: string, isFolder: boolean): boolean {
    const name = basename(path)
    return name.startsWith('.') || name === 'node_modules' || this.#leavesOut(path, isFolder)
  }

  /** Whether git ignores it. */
  #leavesOut(path: string, isFolder: boolean): boolean {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const rules = this.#rules.get(folder)
      if (rules !== undefined) {
        const found = rules.test(relative(folder, path).split(sep).join('/') + (isFolder ? '/' : ''))
        if (found.ignored || found.unignored) return found.ignored
      }
      if (folder === dirname(folder)) return false
    }
  }
}
