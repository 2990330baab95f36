/**
 * Whether a native binary is a library, which something else loads, and no program: by its headers alone.
 *
 * @param bytes - they begin with the signature of the format; where a header is cut off or damaged, it is no library
 */
export function isLibrary(format: 'elf' | 'mach-o' | 'pe', bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return formats[format](view)
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

const formats: Readonly<Record<'elf' | 'mach-o' | 'pe', (view: DataView) => boolean>> = { elf, 'mach-o': machO, pe }

/** `ET_DYN`, which a program that can lie anywhere in memory (PIE) is too. */
const dynamicObject = 3
const interpreterSegment = 3
const dynamicSegment = 2
const dynamicFlags = 0x6fff_fffb
const positionIndependentProgram = 0x0800_0000
const mostEntries = 1000

/**
 * A program says which interpreter loads it; one that needs none (static PIE) has a flag in its dynamic section.
 *
 * Layout: System V ABI, chapter 5; the flag is `DF_1_PIE` of the GNU linker.
 */
function elf(view: DataView): boolean {
  const wide = view.getUint8(4) === 2
  const little = view.getUint8(5) === 1
  const half = (at: number): number => view.getUint16(at, little)
  const word = (at: number): number => (wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little))
  if (half(16) !== dynamicObject) return false
  const headers = word(wide ? 32 : 28)
  const size = half(wide ? 54 : 42)
  const count = half(wide ? 56 : 44)
  for (let index = 0; index < count; index++) {
    const header = headers + index * size
    const type = view.getUint32(header, little)
    if (type === interpreterSegment) return false
    if (type !== dynamicSegment) continue
    const step = wide ? 16 : 8
    const start = word(header + (wide ? 8 : 4))
    const end = start + Math.min(word(header + (wide ? 32 : 16)), mostEntries * step)
    // The interpreter comes before it, and a file has one such section: what a damaged one says costs no time.
    for (let entry = start; entry + step <= end && word(entry) !== 0; entry += step) {
      const value = word(entry + step / 2)
      if (word(entry) === dynamicFlags) return Math.floor(value / positionIndependentProgram) % 2 === 0
    }
    return true
  }
  return true
}

/** `MH_DYLIB` and `MH_BUNDLE`; of a file for several processors the first part counts. */
function machO(view: DataView): boolean {
  const magic = view.getUint32(0)
  if (magic === 0xcafe_babe) {
    const start = view.getUint32(16)
    return view.getUint32(start) !== magic && machO(new DataView(view.buffer, view.byteOffset + start))
  }
  const little = magic === 0xcffa_edfe || magic === 0xcefa_edfe
  return [6, 8].includes(view.getUint32(12, little))
}

/** `IMAGE_FILE_DLL` of the COFF header. */
function pe(view: DataView): boolean {
  const start = view.getUint32(0x3c, true)
  return view.getUint32(start) === 0x5045_0000 && (view.getUint16(start + 22, true) & 0x2000) !== 0
}
