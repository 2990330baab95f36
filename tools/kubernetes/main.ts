import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { views } from './views.ts'

/** Writes the views of Kubernetes' objects that guests read them through, from the table of their fields. */
const folder = fileURLToPath(new URL('../../tenon/scheduler', import.meta.url))
await rm(join(folder, '_kubernetes'), { recursive: true, force: true })
for (const [name, text] of views()) {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
