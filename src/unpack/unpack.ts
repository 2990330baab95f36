import { mkdir, rm } from 'node:fs/promises'
import { artifactKind } from '../artifact.ts'
import { parseUnpackOptions, type UnpackOptions } from './limits.ts'
import { damaged, failed } from './refused.ts'
import { Writer } from './writer.ts'

/** By this a tar archive is known, in the format of POSIX and in that of GNU, at this place. */
const tarMagic = 'ustar'
const tarMagicAt = 257

type ArchiveKind = 'zip' | 'tar' | 'tar.gz'

/** The kind of an archive, by its bytes; `undefined` for what is none. */
export function archiveKind(bytes: Uint8Array): ArchiveKind | undefined {
  const kind = artifactKind(bytes)
  if (kind === 'zip') return 'zip'
  if (kind === 'gzip') return 'tar.gz'
  const magic = Buffer.from(bytes.subarray(tarMagicAt, tarMagicAt + tarMagic.length)).toString('latin1')
  return magic === tarMagic ? 'tar' : undefined
}

/**
 * Unpacks a zip, tar or tar.gz archive that nobody vouches for: all of it, or nothing is left.
 *
 * Permissions are kept, missing folders made, and links made where they stay inside. Of two files by one name the last one counts.
 *
 * @param archive - its bytes
 * @param folder - does not exist yet; its parent does
 * @param options - limits
 * @throws MortiseError `CODE_ARCHIVE` for one that is damaged, cut short, encrypted or none; `CODE_UNSAFE` for one with
 *   paths or links that lead out, devices, or a name that is two things; `CODE_TOO_LARGE` for one beyond a limit; `CODE_FOLDER`
 *   where the disk fails; `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export async function unpack(archive: Uint8Array, folder: string, options: UnpackOptions = {}): Promise<void> {
  const limits = parseUnpackOptions(options)
  const kind = archiveKind(archive)
  if (kind === undefined) throw damaged('it is neither a zip archive nor a tar archive')
  try {
    await mkdir(folder)
  } catch (error) {
    throw failed(error)
  }
  try {
    const writer = new Writer(folder, limits)
    await read(kind, archive, limits.unpacked, writer.take.bind(writer))
    await writer.finish()
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw failed(error)
  }
}

/** The readers are loaded with the first archive: a server starts without them. */
async function read(kind: ArchiveKind, archive: Uint8Array, most: number, take: Writer['take']): Promise<void> {
  if (kind === 'zip') {
    const { readZip } = await import('./zip.ts')
    return readZip(archive, take)
  }
  const { readTar } = await import('./tar.ts')
  return readTar(archive, kind === 'tar.gz', most, take)
}
