import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { reasonOf } from '../errors.ts'
import { decode, encode, keyOf } from './rewrite-file.ts'
import { revision } from './rewrite/revision.ts'
import type { Features, Rewritten } from './rewrite/rewrite.ts'

/** What a rewritten module is called, and what one is called that is being written. Other files are none of ours. */
const kept = /^[0-9a-f]{64}\.rewritten(?:\.[0-9a-f]{16})?$/

/** Which rewriter this is: its revision, and the release, for what the modules of its test do not show. */
async function rewriter(): Promise<string> {
  const { default: said }: { default: { version: string } } = await import('mortise/package.json', {
    with: { type: 'json' },
  })
  return `${said.version} ${revision}`
}

/**
 * A folder with rewritten modules, which many processes may share. It is only ever a shortcut: what is missing, damaged or
 * of another rewriter is made anew, and what cannot be written is not kept, with one warning of the process.
 */
export class RewriteCache {
  readonly #folder: string
  readonly #size: number
  #warned = false

  /** @param size - bytes that all of it may take; what was not used for longest goes first */
  constructor(folder: string, size: number = 256 * 2 ** 20) {
    this.#folder = resolve(folder)
    this.#size = size
  }

  /** What was kept of an artifact under these features; undefined where nothing was that can be used. */
  async read(digest: string, features: Features): Promise<Rewritten | undefined> {
    const key = keyOf(digest, features, await rewriter())
    const file = this.#file(key)
    const bytes = await readFile(file).catch(() => undefined)
    const found = bytes === undefined ? undefined : decode(key, features, bytes)
    if (found === undefined) return undefined
    const now = new Date()
    // Who may only read the folder leaves it to others to say what is in use.
    await utimes(file, now, now).catch(() => {})
    return found
  }

  /** Keeps what was made, if that can be. */
  async write(digest: string, rewritten: Rewritten): Promise<void> {
    try {
      const key = keyOf(digest, rewritten.features, await rewriter())
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      await this.#replace(this.#file(key), encode(key, rewritten))
      await this.#evict()
    } catch (error) {
      this.#warn(reasonOf(error))
    }
  }

  #file(key: string): string {
    return join(this.#folder, `${key}.rewritten`)
  }

  /** Under another name first: who reads finds all of it or nothing. */
  async #replace(file: string, parts: readonly Uint8Array[]): Promise<void> {
    const own = `${file}.${randomBytes(8).toString('hex')}`
    try {
      {
        await using handle = await open(own, 'wx', 0o600)
        for (const part of parts) await handle.writeFile(part)
      }
      await rename(own, file)
    } catch (error) {
      await rm(own, { force: true })
      throw error
    }
  }

  async #evict(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => kept.test(name))
    const files = await Promise.all(
      names.map(async (name) => {
        const file = join(this.#folder, name)
        // Another process may have taken it away meanwhile.
        const found = await stat(file).catch(() => undefined)
        return { file, size: found?.size ?? 0, used: found?.mtimeMs ?? 0 }
      }),
    )
    let rest = files.reduce((sum, { size }) => sum + size, 0)
    for (const { file, size } of files.toSorted((a, b) => a.used - b.used)) {
      if (rest <= this.#size) return
      await rm(file, { force: true })
      rest -= size
    }
  }

  #warn(why: string): void {
    if (this.#warned) return
    this.#warned = true
    const text = `Cannot keep rewritten modules in '${this.#folder}': ${why}. They are rewritten in every process`
    process.emitWarning(text, { type: 'MortiseWarning', code: 'MORTISE_CACHE' })
  }
}
