import type { Artifact } from '../artifact.ts'
import { MortiseError } from '../errors.ts'
import { parseLimits, parseSize } from '../limits.ts'
import { checkKeys, checkOption } from '../options.ts'
import type { Code, Instance, LimitsOf, Runtime, Setting, Surface } from '../runtime.ts'
import { abiVersion, names } from './abi.ts'
import { loadFfi } from './ffi.ts'
import type { Image } from './image/image.ts'
import { readImage } from './image/read.ts'
import { surfaceOf, versionOf } from './image/surface.ts'
import { NativeInstance, type NativeParts } from './instance.ts'

/** Options of the `native` runtime. */
export interface NativeOptions {
  /** Bytes of the memory for the arguments and the result of one call: a number or `'1 MiB'`, 4 KiB to 1 GiB. Default 1 MiB. */
  readonly arena?: number | string
  /** Where the copies lie that are loaded; code must be allowed to run from there. Default: the system's folder for temporary files. */
  readonly folder?: string
  /** What to do with a library whose file says that it can never be unloaded: `warn` when it should have been, or refuse it. Default `warn`. */
  readonly nodelete?: 'warn' | 'refuse'
}

const smallest = 4096
const largest = 2 ** 30

/**
 * The runtime for native shared libraries with a C ABI: in process, on the caller's thread, and trusted more than any other code. A
 * library that crashes ends the process, and no limit holds it. It needs the package `koffi`.
 *
 * A library exports the symbols of `native/mortise.h`, and nothing of it runs before they were checked. It is unloaded when its
 * plugin is swapped or unplugged; where the system keeps it all the same, the process gets a warning `NATIVE_NOT_UNLOADED`.
 *
 * @param options - `arena` (default 1 MiB), `folder` (the system's), `nodelete` (`warn`)
 * @returns a runtime for the list of a `Mortise`
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { native } from 'mortise/native'
 *
 * await using host = new Mortise({ runtimes: [native({ arena: '64 KiB', nodelete: 'refuse' })] })
 * ```
 */
export function native(options: NativeOptions = {}): Runtime<'native'> {
  checkKeys(options, ['arena', 'folder', 'nodelete'], 'native()')
  const { arena: written = '1 MiB', folder, nodelete = 'warn' } = options
  const arena = parseSize('arena', written, '1 MiB')
  checkOption('arena', written, arena >= smallest && arena <= largest, '4 KiB to 1 GiB')
  checkOption('folder', folder, folder === undefined || typeof folder === 'string', 'the path of a folder')
  checkOption('nodelete', nodelete, nodelete === 'warn' || nodelete === 'refuse', 'warn or refuse')
  return Object.freeze({
    kind: 'native',
    async prepare(artifact: Artifact, narrowed: LimitsOf<'native'>) {
      parseLimits(narrowed, [], "the limits of a plugin on 'native'")
      const image = readImage(artifact)
      checkAbi(image)
      if (nodelete === 'refuse' && image.stays !== undefined) {
        throw new MortiseError(
          'NATIVE_NOT_UNLOADED',
          `Cannot load the native library: it could not be unloaded, and the option 'nodelete' refuses that: ${image.stays}`,
        )
      }
      return new NativeCode({ ffi: await loadFfi(), image, digest: artifact.digest, arena, folder })
    },
  })
}

class NativeCode implements Code<'native'> {
  readonly digest: string
  readonly surface: Surface
  readonly #parts: NativeParts

  constructor(parts: NativeParts) {
    this.digest = parts.digest
    this.surface = surfaceOf(parts.image)
    this.#parts = parts
  }

  instantiate(setting: Setting<'native'>): Promise<Instance<'native'>> {
    return Promise.resolve(this.instantiateSync(setting))
  }

  instantiateSync(setting: Setting<'native'>): Instance<'native'> {
    return new NativeInstance(this.#parts, setting)
  }
}

/** The version is a constant in the file: what is not made for this ABI never gets to run, not even its constructors. */
function checkAbi(image: Image): void {
  const version = versionOf(image)
  if (version === abiVersion) return
  if (version === undefined) {
    throw new MortiseError(
      'NATIVE_ABI_MISSING',
      `Cannot load the native library: it exports no constant '${names.version}'. Build it with mortise.h, and MORTISE_PLUGIN in one file`,
    )
  }
  throw new MortiseError(
    'NATIVE_ABI_VERSION',
    `Cannot load the native library: it has version ${version} of the ABI, and this host knows ${abiVersion}. Build it with this host's mortise.h`,
  )
}

export { requireSymbols, type WantedSymbols } from './image/surface.ts'
export type { NativeArena, NativeFunction, NativeResult, NativeType, NativeUnit } from '../units.ts'
