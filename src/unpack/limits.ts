import { parseSize } from '../limits.ts'
import { checkKeys, checkOption } from '../options.ts'

/** What an archive may unpack to. */
export interface UnpackOptions {
  /** Bytes of all files together, and of a tar archive with its headers. Default 512 MiB. */
  readonly unpacked?: number | string
  /** How many files, folders and links. Default 100,000. */
  readonly entries?: number
  /** Bytes of one path, in UTF-8. Default 1,024. */
  readonly path?: number
  /** How many folders deep a file may lie. Default 64. */
  readonly depth?: number
  /**
   * Takes symbolic links that lead out of the folder, as a Python `venv` has them: only where all of the machine is the
   * archive's own, as in a container. Nothing is ever written through a link. Default: false.
   */
  readonly outsideLinks?: boolean
}

/** The same, parsed. */
export interface UnpackLimits {
  readonly unpacked: number
  readonly entries: number
  readonly path: number
  readonly depth: number
  readonly outsideLinks: boolean
}

const standard: UnpackLimits = {
  unpacked: 512 * 2 ** 20,
  entries: 100_000,
  path: 1024,
  depth: 64,
  outsideLinks: false,
}

/** The names of the options. */
export const unpackOptionNames: readonly string[] = Object.keys(standard)

/** The one parser of {@link UnpackOptions}: `OPTION_UNKNOWN`, `OPTION_INVALID`. */
export function parseUnpackOptions(options: UnpackOptions): UnpackLimits {
  checkKeys(options, unpackOptionNames, 'what an archive may unpack to')
  const {
    unpacked = standard.unpacked,
    entries = standard.entries,
    path = standard.path,
    depth = standard.depth,
    outsideLinks = standard.outsideLinks,
  } = options
  for (const [name, value] of Object.entries({ entries, path, depth }))
    checkOption(name, value, Number.isSafeInteger(value) && value >= 1, 'a whole number from 1')
  checkOption('outsideLinks', outsideLinks, typeof outsideLinks === 'boolean', 'true or false')
  return Object.freeze({ unpacked: parseSize('unpacked', unpacked, '512 MiB'), entries, path, depth, outsideLinks })
}
