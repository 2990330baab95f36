import { createHash } from 'node:crypto'
import type { Features, Rewritten } from './rewrite/rewrite.ts'

// A kept module is a line with the digest of all that follows, a line of JSON with its key and what a checkpoint must know,
// and the bytes.
const lineEnd = 0x0a
const digestLength = 64

/** SHA-256 in hexadecimal. */
const sha256 = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/**
 * The name under which a rewritten module is kept.
 *
 * @param digest - of the artifact
 * @param rewriter - which rewriter made it
 */
export function keyOf(digest: string, features: Features, rewriter: string): string {
  return sha256(JSON.stringify([digest, rewriter, Object.entries(features).toSorted(byName)]))
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)

/** A rewritten module as a file. */
export function encode(key: string, { bytes, scan, references, maxPages }: Rewritten): readonly Uint8Array[] {
  const facts = { key, scan: { ...scan, writtenTables: [...scan.writtenTables] }, references, maxPages }
  const line = Buffer.from(`${JSON.stringify(facts)}\n`)
  return [Buffer.from(`${sha256(line, bytes)}\n`), line, bytes]
}

/** The same back; undefined for what is damaged, or is not what was kept under this key. */
export function decode(key: string, features: Features, file: Uint8Array<ArrayBuffer>): Rewritten | undefined {
  const end = file.indexOf(lineEnd, digestLength + 1)
  if (end < 0 || file[digestLength] !== lineEnd) return undefined
  const said = Buffer.from(file.subarray(0, digestLength)).toString('latin1')
  if (said !== sha256(file.subarray(digestLength + 1))) return undefined
  const facts = parse(Buffer.from(file.subarray(digestLength + 1, end)).toString())
  if (facts['key'] !== key) return undefined
  const { scan, references, maxPages } = facts
  if (!isObject(scan) || !isReferences(references) || !isNumbers(maxPages) || !isNumbers(scan['writtenTables']))
    return undefined
  return {
    bytes: new Uint8Array(file.buffer, file.byteOffset + end + 1, file.length - end - 1),
    features,
    scan: {
      sizesMemory: scan['sizesMemory'] === true,
      writtenTables: new Set(scan['writtenTables']),
      bulk: scan['bulk'] === true,
      dropsSegments: scan['dropsSegments'] === true,
    },
    references,
    maxPages,
  }
}

type Facts = Readonly<Record<string, unknown>>

function parse(line: string): Facts {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

const isObject = (value: unknown): value is Facts => typeof value === 'object' && value !== null

const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number')

const isReferences = (value: unknown): value is Rewritten['references'] =>
  Array.isArray(value) &&
  value.every((item) => isObject(item) && typeof item['index'] === 'number' && typeof item['value'] === 'string')
