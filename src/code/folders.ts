import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { folderFailed } from './refused.ts'

/** Folders by number. Numbers only grow, from the highest that was there at the beginning, whatever becomes of the folders. */
export class Folders {
  readonly #root: string
  #last: number | undefined

  constructor(root: string) {
    this.#root = root
  }

  /**
   * Makes the next one.
   *
   * @returns its path
   * @throws MortiseError `CODE_FOLDER`
   */
  async next(): Promise<string> {
    try {
      const highest = this.#last ?? (await highestIn(this.#root))
      this.#last = Math.max(highest, this.#last ?? 0) + 1
      const folder = join(this.#root, String(this.#last))
      await mkdir(folder)
      return folder
    } catch (error) {
      // Somebody else counts in the same folder.
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return this.next()
      throw folderFailed(error)
    }
  }
}

async function highestIn(root: string): Promise<number> {
  await mkdir(root, { recursive: true })
  const numbers = (await readdir(root)).filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number)
  return Math.max(0, ...numbers)
}
