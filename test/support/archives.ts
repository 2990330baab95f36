import { crc32, deflateRawSync, gzipSync } from 'node:zlib'

/** An entry of an archive as a test wants it, however wrong. */
export interface Made {
  readonly path: string
  /** What a file holds, or where a link leads. */
  readonly text?: string | Uint8Array
  /** Default: `folder` for a path that ends in `/`, else `file`. */
  readonly kind?: 'file' | 'folder' | 'link' | 'hard link' | 'device' | 'fifo'
  readonly mode?: number
  /** How many bytes it says that it has, where that is a lie. */
  readonly size?: number
  readonly encrypted?: boolean
  /** Made on a system without permissions. */
  readonly dos?: boolean
  readonly stored?: boolean
  /** The path in a zip archive, where it is not in UTF-8 with the flag for it. */
  readonly raw?: Uint8Array
}

const kindOf = ({ kind, path }: Made): NonNullable<Made['kind']> => kind ?? (path.endsWith('/') ? 'folder' : 'file')

const bits = { file: 0o100_000, folder: 0o040_000, link: 0o120_000, 'hard link': 0, device: 0o020_000, fifo: 0o010_000 }
const flags = { file: '0', 'hard link': '1', link: '2', device: '3', folder: '5', fifo: '6' } as const

/** Writes a zip archive by the book, but for what an entry asks to be wrong. With `zip64` all sizes are in 64 bits. */
export function zip(entries: readonly Made[], { zip64 = false }: { zip64?: boolean } = {}): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const { path, text = '', mode = kindOf(entry) === 'folder' ? 0o755 : 0o644, stored = false } = entry
    const name = Buffer.from(entry.raw ?? path)
    const content = Buffer.from(text)
    const data = stored ? content : deflateRawSync(content)
    const size = entry.size ?? content.length
    const flag = (entry.raw === undefined ? 0x800 : 0) | (entry.encrypted === true ? 1 : 0)
    const wide = Buffer.alloc(28)
    wide.writeUInt16LE(1, 0)
    wide.writeUInt16LE(24, 2)
    wide.writeBigUInt64LE(BigInt(size), 4)
    wide.writeBigUInt64LE(BigInt(data.length), 12)
    wide.writeBigUInt64LE(BigInt(offset), 20)
    const extra = zip64 ? wide : Buffer.alloc(0)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(45, 0)
    common.writeUInt16LE(flag, 2)
    common.writeUInt16LE(stored ? 0 : 8, 4)
    common.writeUInt32LE(crc32(content), 10)
    common.writeUInt32LE(zip64 ? 0xffffffff : data.length, 14)
    common.writeUInt32LE(zip64 ? 0xffffffff : size, 18)
    common.writeUInt16LE(name.length, 22)
    common.writeUInt16LE(extra.length, 24)
    const made = Buffer.from([63, entry.dos === true ? 0 : 3])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(entry.dos === true ? 0 : ((bits[kindOf(entry)] | mode) << 16) >>> 0, 6)
    tail.writeUInt32LE(zip64 ? 0xffffffff : offset, 10)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, extra, data])
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), made, common, tail, name, extra]))
    locals.push(local)
    offset += local.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(zip64 ? 0xffffffff : offset, 16)
  return Buffer.concat([...locals, listed, zip64 ? end64(entries.length, listed.length, offset) : Buffer.alloc(0), end])
}

function end64(count: number, length: number, offset: number): Buffer {
  const record = Buffer.alloc(56)
  record.write('PK\x06\x06')
  record.writeBigUInt64LE(44n, 4)
  record.writeUInt16LE(45, 12)
  record.writeUInt16LE(45, 14)
  record.writeBigUInt64LE(BigInt(count), 24)
  record.writeBigUInt64LE(BigInt(count), 32)
  record.writeBigUInt64LE(BigInt(length), 40)
  record.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.write('PK\x06\x07')
  locator.writeBigUInt64LE(BigInt(offset + length), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([record, locator])
}

/** Writes a tar archive in the format of POSIX. */
export function tar(entries: readonly Made[]): Buffer {
  return Buffer.concat([...entries.flatMap(tarEntry), Buffer.alloc(1024)])
}

function tarEntry(entry: Made): readonly Buffer[] {
  const { path, text = '', mode = kindOf(entry) === 'folder' ? 0o755 : 0o644 } = entry
  if (Buffer.byteLength(path) > 100)
    return [...longName(path), ...tarEntry({ ...entry, path: 'its name comes before' })]
  const kind = kindOf(entry)
  const content = kind === 'file' ? Buffer.from(text) : Buffer.alloc(0)
  const header = tarHeader(path, flags[kind], entry.size ?? content.length, mode, kind === 'file' ? '' : text)
  return [header, padded(content)]
}

/** What comes before an entry in the format of GNU whose path is long. */
const longName = (path: string): readonly Buffer[] => {
  const name = Buffer.from(`${path}\0`)
  return [tarHeader('././@LongLink', 'L', name.length, 0o644, ''), padded(name)]
}

function tarHeader(path: string, type: string, size: number, mode: number, target: string | Uint8Array): Buffer {
  const header = Buffer.alloc(512)
  const octal = (value: number, at: number, length: number): number =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at)
  header.write(path, 0)
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  header.write(`        ${type}`, 148)
  header.set(Buffer.from(target).subarray(0, 100), 157)
  header.write('ustar\x0000', 257)
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  )
  return header
}

const padded = (content: Uint8Array): Buffer =>
  Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)])

/** The same, compressed. */
export const tarGz = (entries: readonly Made[]): Buffer => gzipSync(tar(entries))
