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
  try {
    const root = await realpath(folder)
    if (!(await realpath(path)).startsWith(root + sep)) return undefined
    const bytes = await readFile(path)
    return { path, bytes, kind: artifactKind(bytes) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && absent.has(error.code)) return undefined
    throw error
  }
}

const absent: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP'])

const native: Readonly<Record<string, ArtifactKind>> = { darwin: 'mach-o', win32: 'pe' }

/** Whether this system starts such a file. */
export function isProgram(kind: ArtifactKind): boolean {
  if (kind === 'script') return process.platform !== 'win32'
  return kind === (native[process.platform] ?? 'elf')
}
