import { chmod, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findEntry } from '../../code/entry.ts'
import { MortiseError } from '../../errors.ts'
import { type Placed, type Posted, placeProgram, placed, privateFolder } from '../../handover/posted.ts'
import { archiveKind, unpack } from '../../unpack/unpack.ts'

/**
 * Writes what was posted to where it can be started from: `ARTIFACT_UNKNOWN`. Of an archive that is the file `exec`, or what its
 * `package.json` names, or `index.js`: `CODE_ARCHIVE`, `CODE_UNSAFE`, `CODE_TOO_LARGE`, `CODE_NOT_RUNNABLE`.
 */
export async function place(posted: Posted): Promise<Placed> {
  if (archiveKind(posted.bytes) === undefined) return placeProgram(posted)
  const folder = await privateFolder()
  try {
    const unpacked = join(folder, 'bin')
    await unpack(posted.bytes, unpacked)
    const { kind, file } = await findEntry(unpacked, 'main')
    if (kind === 'program') await chmod(file.path, 0o700)
    else if (kind !== 'javascript')
      throw new MortiseError('CODE_NOT_RUNNABLE', 'Cannot start what was posted: WebAssembly cannot be a server')
    return await placed(folder, file.path, kind === 'javascript')
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}
