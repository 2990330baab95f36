import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { MortiseError, reasonOf } from './errors.ts'
import { isLibrary } from './executable.ts'

/** What an artifact is, by its bytes alone: `elf`, `mach-o` and `pe` are programs, with `-library` what a program loads. */
export type ArtifactKind =
  | 'wasm-module'
  | 'wasm-component'
  | 'elf'
  | 'elf-library'
  | 'mach-o'
  | 'mach-o-library'
  | 'pe'
  | 'pe-library'
  | 'script'
  | 'zip'
  | 'gzip'
  | 'javascript'
  | 'unknown'

/** The bytes that a user ships, with what they are. */
export interface Artifact {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly kind: ArtifactKind
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly digest: string
  /** Where the bytes were read from, as a `file:` URL; absent when they were handed over. */
  readonly url: string | undefined
}

/** A path (relative to the working directory), a `file:` URL, or the bytes themselves. */
export type Source = string | URL | Uint8Array

/**
 * Reads a source, tells its kind from its bytes, never from its name, and takes its digest.
 *
 * @param source - a path, a `file:` URL, or bytes, which are copied
 * @throws MortiseError `ARTIFACT_UNREADABLE` when there is no such file, or it can't be read
 */
export async function readArtifact(source: Source): Promise<Artifact> {
  const bytes = source instanceof Uint8Array ? Uint8Array.from(source) : await readSource(source)
  return {
    bytes,
    kind: artifactKind(bytes),
    digest: createHash('sha256').update(bytes).digest('hex'),
    url: source instanceof Uint8Array ? undefined : pathToFileURL(path(source)).href,
  }
}

const path = (source: string | URL): string => (typeof source === 'string' ? resolve(source) : fileURLToPath(source))

async function readSource(source: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return Uint8Array.from(await readFile(path(source)))
  } catch (cause) {
    const why = reasonOf(cause)
    throw new MortiseError(
      'ARTIFACT_UNREADABLE',
      `Cannot read the artifact '${String(source)}': ${why}. Give the path of a file, or its bytes`,
      { cause },
    )
  }
}

const signatures = [
  ['wasm-module', [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]],
  ['wasm-component', [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]],
  ['elf', [0x7f, 0x45, 0x4c, 0x46]],
  ['mach-o', [0xcf, 0xfa, 0xed, 0xfe]],
  ['mach-o', [0xce, 0xfa, 0xed, 0xfe]],
  ['mach-o', [0xfe, 0xed, 0xfa, 0xcf]],
  ['mach-o', [0xfe, 0xed, 0xfa, 0xce]],
  ['mach-o', [0xca, 0xfe, 0xba, 0xbe]],
  ['pe', [0x4d, 0x5a]],
  ['script', [0x23, 0x21]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['zip', [0x50, 0x4b, 0x07, 0x08]],
  ['gzip', [0x1f, 0x8b]],
] as const satisfies readonly (readonly [ArtifactKind, readonly number[]])[]

const magic = [0x00, 0x61, 0x73, 0x6d]

/** The kind of some bytes. Text without control characters counts as JavaScript, of which TypeScript is a spelling. */
export function artifactKind(bytes: Uint8Array): ArtifactKind {
  const begins = (prefix: readonly number[]): boolean => prefix.every((byte, index) => bytes[index] === byte)
  const [known] = signatures.find(([, prefix]) => begins(prefix)) ?? []
  if (known === 'elf' || known === 'mach-o' || known === 'pe')
    return isLibrary(known, bytes) ? `${known}-library` : known
  if (known !== undefined) return known
  // A damaged or newer module is still a module: the reader then says at which byte it goes wrong.
  if (begins(magic)) return 'wasm-module'
  return isText(bytes) ? 'javascript' : 'unknown'
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // oxlint-disable-next-line no-control-regex -- control characters are what tells binary data from text
    return !/[\u0000-\u0008\u000e-\u001f]/.test(text)
  } catch {
    return false
  }
}
