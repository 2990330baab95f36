import { type Export, fileOffset, type Image, readLong, readName, type Segment } from './image.ts'

// Names and numbers: System V ABI, gABI 4.1 chapters 4 and 5; GNU's additions: elf.h of glibc.
const machines: Readonly<Record<number, string>> = {
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
  21: 'ppc64',
}
const segmentTypes = { load: 1, dynamic: 2 } as const
const dynamicSymbols = 11
const flags1Tag = 0x6ffffffb
const noDelete = 8
const symbolTypes: Readonly<Record<number, Export['type']>> = {
  0: 'function',
  1: 'data',
  2: 'function',
  10: 'function',
}
const uniqueBinding = 10
const threadDestructors = new Set(['__cxa_thread_atexit_impl', '__cxa_thread_atexit'])

/**
 * Reads a 64-bit little-endian shared library.
 *
 * @throws RangeError where the file ends before what it promises
 */
export function readElf(bytes: Uint8Array<ArrayBuffer>): Image {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes[4] !== 2 || bytes[5] !== 1)
    return { format: 'ELF', machine: '32-bit or big-endian', bytes, exports: new Map(), stays: undefined }
  const number = view.getUint16(18, true)
  const segments: Segment[] = []
  let flags = 0
  for (const at of entries(view, readLong(view, 32), view.getUint16(54, true), view.getUint16(56, true))) {
    const type = view.getUint32(at, true)
    const segment = { offset: readLong(view, at + 8), address: readLong(view, at + 16), size: readLong(view, at + 32) }
    // The system maps what is missing too, and the process dies once it is touched.
    if (segment.offset + segment.size > bytes.length) throw new RangeError('a segment ends behind the end of the file')
    if (type === segmentTypes.load) segments.push(segment)
    if (type === segmentTypes.dynamic) flags = dynamicFlags(view, segment)
  }
  const symbols = readSymbols(bytes, view, segments)
  return {
    format: 'ELF',
    machine: machines[number] ?? `machine ${number}`,
    bytes,
    ...symbols,
    stays: (flags & noDelete) !== 0 ? 'it is linked with -z nodelete, as Go links every library' : symbols.stays,
  }
}

function dynamicFlags(view: DataView, { offset, size }: Segment): number {
  for (let at = offset; at < offset + size; at += 16) {
    if (readLong(view, at) === flags1Tag) return view.getUint32(at + 8, true)
  }
  return 0
}

function readSymbols(
  bytes: Uint8Array,
  view: DataView,
  segments: readonly Segment[],
): Pick<Image, 'exports' | 'stays' | 'mayStay'> {
  const exports = new Map<string, Export>()
  let stays: string | undefined
  let mayStay: string | undefined
  const sections = [...entries(view, readLong(view, 40), view.getUint16(58, true), view.getUint16(60, true))]
  const table = sections.find((at) => view.getUint32(at + 4, true) === dynamicSymbols)
  const strings = table === undefined ? undefined : sections[view.getUint32(table + 40, true)]
  if (table === undefined || strings === undefined) return { exports, stays, mayStay }
  const names = readLong(view, strings + 24)
  const start = readLong(view, table + 24)
  const end = start + readLong(view, table + 32)
  for (let at = start; at + 24 <= end; at += 24) {
    const info = view.getUint8(at + 4)
    const defined = view.getUint16(at + 6, true) !== 0
    const name = readName(bytes, names + view.getUint32(at, true))
    if (name === undefined || info >> 4 === 0) continue
    if (!defined && threadDestructors.has(name)) mayStay = 'it has thread-local objects with destructors'
    if (!defined) continue
    if (info >> 4 === uniqueBinding) stays = `it has unique symbols, such as '${name}': compile it with -fno-gnu-unique`
    const type = symbolTypes[info & 15]
    if (type !== undefined) exports.set(name, { type, offset: fileOffset(segments, readLong(view, at + 8)) })
  }
  return { exports, stays, mayStay }
}

/** The offsets of a table's entries. */
function* entries(view: DataView, start: number, size: number, count: number): Generator<number> {
  if (start + size * count > view.byteLength) throw new RangeError('a table ends behind the end of the file')
  for (let index = 0; index < count; index++) yield start + index * size
}
