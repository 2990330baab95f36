import { MortiseError } from '../errors.ts'
import type { CustomSection } from '../units.ts'
import { Reader } from './binary/reader.ts'

/** The encodings of strings, by the number that `wit-component` gives them. */
const encodings = ['utf8', 'utf16', 'latin1+utf16'] as const

/**
 * The encoding of strings that a module was compiled for. Generators say it in a component in the custom section
 * `component-type`, in a section `wit-component-encoding`: a version, and the number of the encoding. Without one it is UTF-8.
 */
export function stringEncoding(sections: readonly CustomSection[]): (typeof encodings)[number] {
  for (const { name, bytes } of sections) {
    if (name !== 'component-type' && !name.startsWith('component-type:')) continue
    const encoding = encodings[encodingIn(bytes) ?? -1]
    if (encoding !== undefined) return encoding
  }
  return 'utf8'
}

/** A section that cannot be read to its end says nothing: it is not what makes a module valid. */
function encodingIn(component: Uint8Array): number | undefined {
  try {
    const reader = new Reader(component, preamble, component.length)
    while (!reader.done) {
      const id = reader.u8()
      const section = reader.part(reader.u32())
      if (id !== 0 || section.name() !== 'wit-component-encoding') continue
      section.u8()
      return section.u8()
    }
  } catch (error) {
    if (!MortiseError.is(error, 'MODULE_INVALID')) throw error
  }
  return undefined
}

/** Bytes of a component's magic number and version. */
const preamble = 8
