import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import yauzl, { type Entry as ZipEntry, type ZipFile } from 'yauzl'
import type { Entry } from './entry.ts'
import { damaged, quote, unsafe } from './refused.ts'

/** The types of Unix, in the upper half of an entry's attributes. */
const typeMask = 0o170_000
const folderType = 0o040_000
const fileType = 0o100_000
const linkType = 0o120_000

/** Bytes that the target of a link may have, as in Linux. */
const longestTarget = 4096

/** What an entry is allowed where the archive does not say, because it was made on Windows. */
const standardFile = 0o644
const standardFolder = 0o755

/** Whether a zip archive holds a file of this name. */
export async function zipHolds(bytes: Uint8Array, name: string): Promise<boolean> {
  for await (const entry of (await openZip(bytes)).eachEntry()) if (pathOf(entry) === name) return true
  return false
}

/** Gives the entries of a zip archive one after another, in the order of its directory. */
export async function readZip(bytes: Uint8Array, take: (entry: Entry) => Promise<void>): Promise<void> {
  const zip = await openZip(bytes)
  for await (const entry of zip.eachEntry()) await take(await toEntry(zip, entry))
}

/** The reader leaves names as they are: the writer refuses those that lead out, and says so. */
function openZip(bytes: Uint8Array): Promise<ZipFile> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return yauzl.fromBufferPromise(buffer, { lazyEntries: true, decodeStrings: false })
}

/** The extra field of Info-ZIP that has a name in UTF-8. */
const unicodePath = 0x7075
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Without a flag a name is of the code page of MS-DOS, by the book. But most tools leave it out and write UTF-8. */
function pathOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: ZipEntry): string {
  try {
    if (!extraFields.some(({ id }) => id === unicodePath)) return utf8.decode(fileNameRaw)
  } catch {
    // It is none.
  }
  return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true)
}

async function toEntry(zip: ZipFile, entry: ZipEntry): Promise<Entry> {
  const { uncompressedSize: size } = entry
  const path = pathOf(entry)
  const attributes = entry.externalFileAttributes >>> 16
  const type = attributes & typeMask
  if (entry.isEncrypted()) throw damaged(`${quote(path)} is encrypted. Post it without a password`)
  if (path.endsWith('/') && type !== linkType)
    return { kind: 'folder', path, mode: attributes === 0 ? standardFolder : attributes }
  if (type !== 0 && type !== fileType && type !== linkType && type !== folderType)
    throw unsafe(`${quote(path)} is neither a file nor a folder nor a link`)
  if (type === folderType) return { kind: 'folder', path, mode: attributes }
  if (!entry.canDecodeFileData())
    throw damaged(`${quote(path)} is compressed by method ${entry.compressionMethod}. Use deflate`)
  if (type === linkType) {
    if (size > longestTarget) throw unsafe(`the link ${quote(path)} has a target of ${size} bytes`)
    return { kind: 'link', path, target: await text(verified(zip, entry)) }
  }
  return { kind: 'file', path, size, mode: attributes === 0 ? standardFile : attributes, body: verified(zip, entry) }
}

/** What an entry holds; the reader checks its length, and this its checksum. */
async function* verified(zip: ZipFile, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  let sum = 0
  const stream: Readable = await zip.openReadStreamPromise(entry)
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sum = crc32(chunk, sum)
    yield chunk
  }
  if (sum !== entry.crc32) throw damaged(`${quote(pathOf(entry))} does not have the checksum that it says`)
}

async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
