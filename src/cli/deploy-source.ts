import { readdir } from 'node:fs/promises'
import { artifactKind, readArtifact } from '../artifact.ts'
import { build } from '../build/build.ts'
import { findGuest, type Guest, type GuestWish } from '../dev/guest.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { zipFolder } from '../unpack/zip-folder.ts'

/** What is sent to a server. */
export interface Shipment {
  readonly bytes: Uint8Array
  /** What was done to it first. */
  readonly made: 'built' | 'packed' | 'read'
  /** What it is for, where that can be told. */
  readonly contract: Guest['contract'] | undefined
  /** What its compiler said. */
  readonly warnings: readonly string[]
}

/**
 * Makes what can be sent of what a user has: AssemblyScript is built, another folder is packed, and any other file is sent as it is.
 *
 * @param path - a file, or a folder
 * @throws MortiseError `ARTIFACT_UNREADABLE`, `CODE_FOLDER`, and what a source does not build with
 */
export async function readShipment(path: string, wish: GuestWish): Promise<Shipment> {
  const names = await namesIn(path)
  if (names !== undefined) {
    const guest = names.some((name) => /^index\.m?[jt]s$/.test(name)) ? await findGuest(path, wish) : undefined
    if (guest?.language === 'assemblyscript') return built(path, guest)
    const bytes = await zipFolder(path, (name) => !name.startsWith('.'))
    return { bytes, made: 'packed', contract: guest?.contract ?? wish.contract, warnings: [] }
  }
  const { bytes } = await readArtifact(path)
  const known = ['javascript', 'wasm-module'].includes(artifactKind(bytes))
  const guest = known ? await findGuest(path, wish) : undefined
  if (guest?.language === 'assemblyscript') return built(path, guest)
  return { bytes, made: 'read', contract: guest?.contract ?? wish.contract, warnings: [] }
}

async function built(path: string, { contract }: Guest): Promise<Shipment> {
  const { wasm, warnings } = await build(path)
  const lines = warnings.map(({ file = '', line = 1, column = 1, message }) => `${file}:${line}:${column} ${message}`)
  return { bytes: wasm, made: 'built', contract, warnings: lines }
}

/** The names in a folder; `undefined` for what is none. */
async function namesIn(path: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(path)
  } catch (cause) {
    // What is not there is said where files are read.
    if (cause instanceof Error && 'code' in cause && ['ENOTDIR', 'ENOENT'].includes(String(cause.code)))
      return undefined
    throw new MortiseError('ARTIFACT_UNREADABLE', `Cannot read '${path}': ${reasonOf(cause)}`, { cause })
  }
}
