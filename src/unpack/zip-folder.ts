import { readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { ZipFile } from 'yazl'
import { failed } from './refused.ts'

/** Every entry may be executed, as OpenWhisk's `-compile` has it. */
const mode = 0o755
const linkMode = 0o120_755

/** The same folder gives the same bytes, whenever its files were written. The clock of a zip archive begins here. */
const mtime = new Date(1980, 0, 1)

/**
 * Writes all of a folder as a zip archive: entries by name, deflated, of mode 0755, links as links.
 *
 * @param keep - whether what has a name goes in, in whatever folder it is; default: everything does
 * @throws MortiseError `CODE_FOLDER` where something can't be read
 */
export async function zipFolder(folder: string, keep: Keep = () => true): Promise<Uint8Array> {
  const zip = new ZipFile()
  const { promise: broken, reject } = Promise.withResolvers<never>()
  broken.catch(() => {})
  zip.on('error', reject)
  try {
    const collected = collect(zip.outputStream)
    await add(zip, folder, '', keep)
    zip.end()
    return await Promise.race([collected, broken])
  } catch (error) {
    throw failed(error)
  }
}

type Keep = (name: string) => boolean

async function add(zip: ZipFile, folder: string, prefix: string, keep: Keep): Promise<void> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => keep(name))
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    const name = `${prefix}${entry.name}`
    if (entry.isSymbolicLink()) zip.addBuffer(Buffer.from(await readlink(path)), name, { mode: linkMode, mtime })
    else if (entry.isFile()) zip.addFile(path, name, { mode, mtime, forceDosTimestamp: true })
    else if (entry.isDirectory()) {
      zip.addEmptyDirectory(name, { mode, mtime })
      await add(zip, path, `${name}/`, keep)
    }
  }
}

async function collect(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}
