import { chmod, link, mkdir, open, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Entry, FileEntry } from './entry.ts'
import type { UnpackLimits } from './limits.ts'
import { parsePath } from './path.ts'
import { damaged, quote, tooLarge, unsafe } from './refused.ts'
import { Tree } from './tree.ts'

/** Permissions are kept; set-user bits and the like are not, and this user can always read, write and remove. */
const kept = 0o777
const fileLeast = 0o600
const folderLeast = 0o700

/**
 * Writes entries into a folder that nothing but this has touched. Links are made last, so that nothing is written
 * through one, whatever the archive or the file system makes of names.
 */
export class Writer {
  readonly #folder: string
  readonly #limits: UnpackLimits
  readonly #tree: Tree
  readonly #folders = new Set<string>()
  /** By path: of two the last one counts. */
  readonly #links = new Map<string, { readonly names: readonly string[]; readonly target: string }>()
  readonly #hardLinks = new Map<string, { readonly names: readonly string[]; readonly target: readonly string[] }>()
  #entries = 0
  #bytes = 0

  /** @param folder - an empty one */
  constructor(folder: string, limits: UnpackLimits) {
    this.#folder = folder
    this.#limits = limits
    this.#tree = new Tree(limits.outsideLinks)
  }

  async take(entry: Entry): Promise<void> {
    const limit = this.#limits.entries
    if (++this.#entries > limit) throw tooLarge(`more than ${limit} files, folders and links`, this.#entries, limit)
    const names = parsePath(entry.path, this.#limits)
    if (names.length === 0) {
      if (entry.kind === 'folder') return
      throw unsafe(`it holds a ${entry.kind} by the name ${quote(entry.path)}`)
    }
    this.#tree.add(names, entry)
    await this.#makeFolder(entry.kind === 'folder' ? names : names.slice(0, -1))
    if (entry.kind === 'folder') await chmod(this.#at(names), (entry.mode & kept) | folderLeast)
    else if (entry.kind === 'file') await this.#write(this.#at(names), entry)
    else if (entry.kind === 'link') this.#links.set(this.#at(names), { names, target: entry.target })
    else this.#hardLinks.set(this.#at(names), { names, target: parsePath(entry.target, this.#limits) })
  }

  /** Makes the links, once all entries are known. */
  async finish(): Promise<void> {
    for (const [path, { names, target }] of this.#hardLinks) {
      if (!this.#tree.isFile(target))
        throw unsafe(`the hard link ${quote(names.join('/'))} is to no file of it, but to ${quote(target.join('/'))}`)
      await link(this.#at(target), path)
    }
    for (const { names, target } of this.#links.values()) this.#tree.checkLink(names, target)
    for (const [path, { target }] of this.#links) await symlink(target, path)
  }

  async #write(path: string, { path: name, size, mode, body }: FileEntry): Promise<void> {
    const limit = this.#limits.unpacked
    const total = this.#bytes + size
    if (!(total <= limit)) throw tooLarge(`${total} bytes`, total, limit)
    const file = await open(path, 'w', fileLeast)
    try {
      for await (const chunk of body) {
        this.#bytes += chunk.length
        if (this.#bytes > total) break
        await file.writeFile(chunk)
      }
      if (this.#bytes !== total) throw damaged(`${quote(name)} does not have the ${size} bytes that it says`)
      await file.chmod((mode & kept) | fileLeast)
    } finally {
      await file.close()
    }
  }

  async #makeFolder(names: readonly string[]): Promise<void> {
    const path = this.#at(names)
    if (this.#folders.has(path)) return
    await mkdir(path, { recursive: true })
    this.#folders.add(path)
  }

  #at(names: readonly string[]): string {
    return join(this.#folder, ...names)
  }
}
