import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Parser } from 'tar/parse'
import type { ReadEntry } from 'tar/read-entry'
import type { Entry } from './entry.ts'
import { damaged, quote, tooLarge, unsafe } from './refused.ts'

/** Bytes of what describes one entry, such as its long name. */
const longestHeader = 65_536
const chunkSize = 65_536

/** What the parser would unpack by itself, without a bound. */
const compressed: readonly (readonly number[])[] = [
  [0x1f, 0x8b],
  [0x28, 0xb5, 0x2f, 0xfd],
]

/**
 * Gives the entries of a tar archive one after another.
 *
 * @param bytes - the archive, or what gzip made of one
 * @param most - bytes that the archive may have without gzip
 */
export async function readTar(
  bytes: Uint8Array,
  gzip: boolean,
  most: number,
  take: (entry: Entry) => Promise<void>,
): Promise<void> {
  const sink = (archive: AsyncIterable<Uint8Array>): Promise<void> => parse(archive, most, take)
  await (gzip ? pipeline(chunksOf(bytes), createGunzip(), sink) : sink(chunksOf(bytes)))
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize)
}

/** The parser hands out an entry once the one before was read to its end, and takes no more meanwhile. */
async function parse(
  archive: AsyncIterable<Uint8Array>,
  most: number,
  take: (entry: Entry) => Promise<void>,
): Promise<void> {
  const parser = new Parser({ strict: true, maxMetaEntrySize: longestHeader })
  const { promise: failure, reject: fail } = Promise.withResolvers<never>()
  failure.catch(() => {})
  let current: ReadEntry | undefined
  let taken = Promise.resolve()
  let complete = false
  parser.on('error', fail)
  parser.on('eof', () => (complete = true))
  parser.on('ignoredEntry', ({ path, type }: ReadEntry) =>
    fail(unsafe(`${quote(path)} is of a type that is not known here, ${type}`)),
  )
  parser.on('entry', (entry: ReadEntry) => {
    current = entry
    entry.on('error', () => {})
    // The next one may come when this one was read, but not written yet.
    taken = taken.then(() => consume(entry, take))
    taken.catch(fail)
  })
  const ended = once(parser, 'end')
  ended.catch(fail)
  let total = 0
  try {
    for await (const chunk of archive) {
      if (total === 0 && compressed.some((magic) => magic.every((byte, index) => chunk[index] === byte)))
        throw damaged('what gzip made is compressed once more')
      total += chunk.length
      if (total > most) throw tooLarge(`more than ${most} bytes`, total, most)
      // What comes after the end is only counted: the parser would keep all of it.
      if (!complete && !parser.write(Buffer.from(chunk))) await Promise.race([once(parser, 'drain'), failure])
    }
    parser.end()
    await Promise.race([ended, failure])
    await taken
    if (!complete) throw damaged('it ends too early')
  } catch (error) {
    current?.destroy(error)
    await Promise.allSettled([taken])
    throw error
  }
}

async function consume(entry: ReadEntry, take: (entry: Entry) => Promise<void>): Promise<void> {
  await take(toEntry(entry))
  entry.resume()
}

function toEntry(entry: ReadEntry): Entry {
  const { path, type, size, mode, linkpath: target = '' } = entry
  switch (type) {
    case 'Directory':
    case 'GNUDumpDir':
      return { kind: 'folder', path, mode: mode ?? 0o755 }
    case 'File':
    case 'OldFile':
    case 'ContiguousFile':
      return { kind: 'file', path, size, mode: mode ?? 0o644, body: entry }
    case 'SymbolicLink':
      return { kind: 'link', path, target }
    case 'Link':
      return { kind: 'hard link', path, target }
    default:
      throw unsafe(`${quote(path)} is neither a file nor a folder nor a link, but a ${type}`)
  }
}
