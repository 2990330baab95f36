import { readFile, realpath } from 'node:fs/promises'
import { sep } from 'node:path'
import { type ArtifactKind, artifactKind } from '../artifact.ts'

/** What a file is, and where it lies. */
export interface FoundFile {
  readonly path: string
  readonly kind: ArtifactKind
  readonly bytes: Uint8Array
}

/** Reads a file that really lies in a folder, whatever links lead to it; `undefined` where there is none. */
export async function readInside(folder: string, path: string): Promise<FoundFile | undefined> {
  const [root, real] = await Promise.all([folder, path].map((one) => orAbsent(realpath(one))))
  return root !== undefined && real?.startsWith(root + sep) === true ? readFound(path) : undefined
}

/** Reads a file, wherever links to it lead; `undefined` where there is none. */
export async function readFound(path: string): Promise<FoundFile | undefined> {
  const bytes = await orAbsent(readFile(path))
  return bytes === undefined ? undefined : { path, bytes, kind: artifactKind(bytes) }
}

async function orAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (error instanceof Error && 'code' in error && absent.has(error.code)) return undefined
    throw error
  }
}

/** There can't be such a file, too: its name is too long, or holds a zero byte. */
const absent: ReadonlySet<unknown> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ERR_INVALID_ARG_VALUE',
])

const native: Readonly<Record<string, ArtifactKind>> = { darwin: 'mach-o', win32: 'pe' }

/** Whether this system starts such a file. */
export function isProgram(kind: ArtifactKind): boolean {
  if (kind === 'script') return process.platform !== 'win32'
  return kind === (native[process.platform] ?? 'elf')
}
