import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const cache = join(root, 'bench/.cache')

/** The command line, as an installed package has it: compiled. */
export const mortise: string = join(cache, 'mortise.mjs')

/** Compiles Mortise as it is published: what a checkout runs is read as TypeScript first. */
export function compileMortise(): void {
  mkdirSync(cache, { recursive: true })
  execFileSync(process.execPath, [join(root, 'tools/build.ts')], { cwd: root, stdio: 'inherit' })
  const main = join(root, 'dist/cli/main.js')
  writeFileSync(
    mortise,
    `import { main } from ${JSON.stringify(main)}\nprocess.exitCode = await main(process.argv.slice(2))\n`,
  )
}
