import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { artifactKind, readArtifact } from '../artifact.ts'
import { build } from '../build/build.ts'
import { importsTenon } from '../code/javascript.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { zipFolder } from '../unpack/zip-folder.ts'

/** What is sent to a server. */
export interface Shipment {
  readonly bytes: Uint8Array
  /** What was done to it first. */
  readonly made: 'built' | 'packed' | 'read'
  /** What its compiler said. */
  readonly warnings: readonly string[]
}

/**
 * Makes what can be sent of what a user has: AssemblyScript is built, another folder is packed, and any other file is sent as it is.
 *
 * @param path - a file, or a folder
 * @param wasm - TypeScript is built whatever it imports; else what imports the SDK is
 * @throws MortiseError `ARTIFACT_UNREADABLE`, `CODE_FOLDER`, and what a source does not build with
 */
export async function readShipment(path: string, wasm: boolean): Promise<Shipment> {
  const names = await namesIn(path)
  if (names === undefined) {
    const { bytes } = await readArtifact(path)
    return isGuest(bytes, wasm) ? built(path) : { bytes, made: 'read', warnings: [] }
  }
  if (names.includes('index.ts') && isGuest((await readArtifact(join(path, 'index.ts'))).bytes, wasm))
    return built(path)
  const bytes = await zipFolder(path, (name) => !name.startsWith('.'))
  return { bytes, made: 'packed', warnings: [] }
}

async function built(path: string): Promise<Shipment> {
  const { wasm, warnings } = await build(path)
  return {
    bytes: wasm,
    made: 'built',
    warnings: warnings.map(({ file = '', line = 1, column = 1, message }) => `${file}:${line}:${column} ${message}`),
  }
}

const isGuest = (bytes: Uint8Array, wasm: boolean): boolean =>
  artifactKind(bytes) === 'javascript' && (wasm || importsTenon(Buffer.from(bytes).toString()))

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
