import { type Export, fileOffset, type Image, readLong, readName, type Segment } from './image.ts'

// Apple, mach-o/loader.h, mach-o/nlist.h and mach-o/fat.h.
const machines: Readonly<Record<number, string>> = { 0x1000007: 'x64', 0x100000c: 'arm64' }
const fatMagic = 0xcafebabe
const magic64 = 0xfeedfacf
const commands = { symbols: 2, segment: 0x19 } as const
const pureInstructions = 0x80000000
const external = 1
const typeMask = 0xe
const inSection = 0xe

/**
 * Reads a 64-bit dynamic library; of a universal one the part for this machine.
 *
 * @throws RangeError where the file ends before what it promises
 */
export function readMachO(bytes: Uint8Array<ArrayBuffer>, machine: string = process.arch): Image {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, false) === fatMagic) return readMachO(slice(bytes, view, machine), machine)
  const number = view.getUint32(4, true)
  const image = { format: 'Mach-O', machine: machines[number] ?? `machine ${number}`, bytes, stays: undefined } as const
  if (view.getUint32(0, true) !== magic64) return { ...image, exports: new Map() }
  const segments: Segment[] = []
  const code: boolean[] = []
  let symbols: number | undefined
  let at = 32
  for (let left = view.getUint32(16, true); left > 0; left--) {
    const command = view.getUint32(at, true)
    if (command === commands.segment) {
      const segment = {
        address: readLong(view, at + 24),
        offset: readLong(view, at + 40),
        size: readLong(view, at + 48),
      }
      if (segment.offset + segment.size > bytes.length)
        throw new RangeError('a segment ends behind the end of the file')
      segments.push(segment)
      for (let index = 0; index < view.getUint32(at + 64, true); index++) {
        code.push((view.getUint32(at + 72 + 80 * index + 64, true) & pureInstructions) !== 0)
      }
    } else if (command === commands.symbols) symbols = at
    at += Math.max(8, view.getUint32(at + 4, true))
  }
  return { ...image, exports: symbols === undefined ? new Map() : readSymbols(bytes, view, segments, code, symbols) }
}

/** The library for a machine out of a universal one. */
function slice(bytes: Uint8Array<ArrayBuffer>, view: DataView, machine: string): Uint8Array<ArrayBuffer> {
  for (let index = 0; index < view.getUint32(4, false); index++) {
    const at = 8 + 20 * index
    const offset = view.getUint32(at + 8, false)
    const part = bytes.subarray(offset, offset + view.getUint32(at + 12, false))
    if (machines[view.getUint32(at, false)] === machine && part[0] === (magic64 & 0xff)) return part
  }
  throw new RangeError(`it has no part for ${machine}`)
}

function readSymbols(
  bytes: Uint8Array,
  view: DataView,
  segments: readonly Segment[],
  code: readonly boolean[],
  command: number,
): Map<string, Export> {
  const exports = new Map<string, Export>()
  const start = view.getUint32(command + 8, true)
  const count = view.getUint32(command + 12, true)
  const names = view.getUint32(command + 16, true)
  for (let at = start; at < start + 16 * count; at += 16) {
    const type = view.getUint8(at + 4)
    const name = readName(bytes, names + view.getUint32(at, true))
    if ((type & external) === 0 || (type & typeMask) !== inSection || name === undefined) continue
    // C's names begin with an underscore here.
    exports.set(name.slice(1), {
      type: code[view.getUint8(at + 5) - 1] === true ? 'function' : 'data',
      offset: fileOffset(segments, readLong(view, at + 8)),
    })
  }
  return exports
}
