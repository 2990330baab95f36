import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { main } from '../bench/main.ts'
import { command, root } from './check/command.ts'

const folder = join(root, 'bench')

/** The peers that a benchmark compares with burden no install: they come with the first benchmark, and when others are pinned. */
async function install(): Promise<void> {
  const { dependencies } = read('package.json')
  if (
    Object.entries(dependencies).every(([name, wanted]) =>
      wanted.endsWith(read(`node_modules/${name}/package.json`).version),
    )
  )
    return
  console.error('installing the peers into bench/node_modules …')
  // Without install scripts: what is native in a peer is in its package, built.
  const npm = command('npm', ['--prefix', folder, 'ci', '--ignore-scripts'])
  await npm.catch((error: unknown) => console.error(error instanceof Error ? error.message : error))
}

function read(file: string): { readonly version: string; readonly dependencies: Readonly<Record<string, string>> } {
  try {
    // oxlint-disable-next-line no-unsafe-type-assertion -- npm writes both, and wants them in the one that is ours
    return JSON.parse(readFileSync(join(folder, file), 'utf8')) as ReturnType<typeof read>
  } catch {
    return { version: 'none', dependencies: {} }
  }
}

await install()
process.exitCode = await main(process.argv.slice(2))
