import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { MortiseError, reasonOf } from '../errors.ts'

/** An upload that no version is made of yet is left alone for an hour: its deploy may be under way. */
const grace = 3_600_000

const isDigest = (name: string): boolean => /^[0-9a-f]{64}$/.test(name)

/** Files under the digests of their bytes. A file is there whole, or not at all. */
export class ArtifactFiles {
  readonly #folder: string
  /** Where files are written until they are whole. */
  readonly #unfinished: string

  private constructor(folder: string) {
    this.#folder = join(folder, 'artifacts')
    this.#unfinished = join(folder, 'unfinished')
  }

  /** Opens the files of a folder; what was unfinished when its last owner ended is removed. */
  static async open(folder: string): Promise<ArtifactFiles> {
    const files = new ArtifactFiles(folder)
    await rm(files.#unfinished, { recursive: true, force: true })
    for (const path of [files.#folder, files.#unfinished]) await mkdir(path, { recursive: true, mode: 0o700 })
    return files
  }

  async put(bytes: Uint8Array): Promise<string> {
    const digest = digestOf(bytes)
    if (await this.#isWhole(digest)) return digest
    const unfinished = join(this.#unfinished, randomUUID())
    try {
      await write(unfinished, bytes)
      await rename(unfinished, join(this.#folder, digest))
      await settle(this.#folder)
    } catch (cause) {
      await rm(unfinished, { force: true })
      const full = reasonOf(cause).includes('ENOSPC')
      throw new MortiseError(
        full ? 'STORE_FULL' : 'STORE_FAILED',
        `Cannot keep an artifact of ${bytes.length} bytes: ${full ? 'the disk is full' : reasonOf(cause)}`,
        { cause },
      )
    }
    return digest
  }

  async has(digest: string): Promise<boolean> {
    return (await this.size(digest)) !== undefined
  }

  async size(digest: string): Promise<number | undefined> {
    if (!isDigest(digest)) return undefined
    return stat(join(this.#folder, digest)).then(
      ({ size }) => size,
      () => undefined,
    )
  }

  async read(digest: string): Promise<Uint8Array<ArrayBuffer>> {
    if (!(await this.has(digest))) throw absent(digest)
    const bytes = await readFile(join(this.#folder, digest))
    if (digestOf(bytes) === digest) return bytes
    throw new MortiseError(
      'STORE_CORRUPT',
      `Cannot read the artifact ${digest}: its file holds other bytes than were put there. Deploy it again from its source`,
    )
  }

  /** Removes what is in no use, but for what was written just now. */
  async collect(used: ReadonlySet<string>): Promise<number> {
    const before = Date.now() - grace
    let count = 0
    for (const name of await readdir(this.#folder)) {
      if (used.has(name)) continue
      const path = join(this.#folder, name)
      const { mtimeMs } = await stat(path)
      if (mtimeMs > before) continue
      await rm(path)
      count++
    }
    return count
  }

  /** It is there as it was put, and counts as new again. One that was damaged since is written anew. */
  async #isWhole(digest: string): Promise<boolean> {
    try {
      await this.read(digest)
    } catch (error) {
      if (MortiseError.is(error)) return false
      throw error
    }
    const now = new Date()
    await utimes(join(this.#folder, digest), now, now)
    return true
  }
}

export function absent(digest: string): MortiseError {
  return new MortiseError('ARTIFACT_ABSENT', `The store has no artifact ${digest.slice(0, 80)}. Put it first`)
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'wx', 0o600)
  await file.writeFile(bytes)
  await file.sync()
}

/** Without it a file that was moved here may be gone after a loss of power. Windows opens no folders. */
async function settle(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using handle = await open(folder)
  await handle.sync()
}
