import { type Export, fileOffset, type Image, readName, type Segment } from './image.ts'

// Microsoft, PE Format: "COFF File Header", "Optional Header Data Directories", "The .edata Section".
const machines: Readonly<Record<number, string>> = { 0x8664: 'x64', 0xaa64: 'arm64', 0x14c: 'ia32' }
const pe32Plus = 0x20b
const executes = 0x20000000

interface Section extends Segment {
  readonly code: boolean
}

/**
 * Reads a 64-bit DLL.
 *
 * @throws RangeError where the file ends before what it promises
 */
export function readPe(bytes: Uint8Array<ArrayBuffer>): Image {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const coff = view.getUint32(0x3c, true) + 4
  const number = view.getUint16(coff, true)
  const optional = coff + 20
  const first = optional + view.getUint16(coff + 16, true)
  const sections = Array.from({ length: view.getUint16(coff + 2, true) }, (_, index): Section => {
    const at = first + 40 * index
    const section = {
      address: view.getUint32(at + 12, true),
      size: view.getUint32(at + 16, true),
      offset: view.getUint32(at + 20, true),
      code: (view.getUint32(at + 36, true) & executes) !== 0,
    }
    if (section.offset + section.size > bytes.length) throw new RangeError('a section ends behind the end of the file')
    return section
  })
  const image = {
    format: 'PE',
    machine: machines[number] ?? `machine 0x${number.toString(16)}`,
    bytes,
    stays: undefined,
  } as const
  if (view.getUint16(optional, true) !== pe32Plus) return { ...image, exports: new Map() }
  const directory = fileOffset(sections, view.getUint32(optional + 112, true))
  return { ...image, exports: directory === undefined ? new Map() : readExports(bytes, view, sections, directory) }
}

function readExports(
  bytes: Uint8Array,
  view: DataView,
  sections: readonly Section[],
  directory: number,
): Map<string, Export> {
  const table = (at: number): number => {
    const offset = fileOffset(sections, view.getUint32(directory + at, true))
    if (offset === undefined) throw new RangeError('a table of exports lies in no section')
    return offset
  }
  const exports = new Map<string, Export>()
  const count = view.getUint32(directory + 24, true)
  if (count === 0) return exports
  const [functions, names, ordinals] = [table(28), table(32), table(36)]
  for (let index = 0; index < count; index++) {
    const place = fileOffset(sections, view.getUint32(names + 4 * index, true))
    const name = place === undefined ? undefined : readName(bytes, place)
    const address = view.getUint32(functions + 4 * view.getUint16(ordinals + 2 * index, true), true)
    const section = sections.find((one) => address >= one.address && address < one.address + one.size)
    if (name === undefined) continue
    exports.set(name, { type: section?.code === true ? 'function' : 'data', offset: fileOffset(sections, address) })
  }
  return exports
}
