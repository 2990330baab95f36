import type { Artifact } from '../../artifact.ts'
import { MortiseError, reasonOf } from '../../errors.ts'
import { readElf } from './elf.ts'
import type { Image } from './image.ts'
import { readMachO } from './mach-o.ts'
import { readPe } from './pe.ts'

const formats: Readonly<Partial<Record<NodeJS.Platform, Image['format']>>> = { darwin: 'Mach-O', win32: 'PE' }

/** Reads the file of a library that this process can load: `NATIVE_NOT_LOADED` for any other. */
export function readImage(artifact: Artifact): Image {
  const image = parse(artifact)
  const format = formats[process.platform] ?? 'ELF'
  if (image.format === format && image.machine === process.arch) return image
  throw new MortiseError(
    'NATIVE_NOT_LOADED',
    `Cannot load the native library: it is built for ${image.format} on ${image.machine}, and this process takes ${format} on ${process.arch}`,
  )
}

/** Reads the file of a library for any machine. */
export function parse({ bytes }: Artifact): Image {
  try {
    if (bytes[0] === 0x7f) return readElf(bytes)
    return bytes[0] === 0x4d ? readPe(bytes) : readMachO(bytes)
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new MortiseError(
      'NATIVE_NOT_LOADED',
      `Cannot load the native library: its file is damaged: ${reasonOf(cause)}`,
      {
        cause,
      },
    )
  }
}
