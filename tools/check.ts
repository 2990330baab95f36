import { tool } from './check/command.ts'
import { lock } from './check/lock.ts'
import { Package } from './check/package.ts'

await using ours = await Package.create()

/** `npm run check` runs all of them, `npm run check -- types lint` the named ones. */
const steps: Readonly<Record<string, () => Promise<unknown>>> = {
  types: async () => {
    await tool('typescript/bin/tsc', '-p', '.')
    // What is published needs types that are declared, too.
    await tool('typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noEmit')
  },
  lint: () => tool('oxlint/bin/oxlint'),
  format: () => tool('oxfmt/bin/oxfmt', '--check', '.'),
  unused: () => tool('knip/bin/knip.js', '--no-progress', '--treat-config-hints-as-errors'),
  lock,
  publint: () => ours.publint(),
  attw: () => ours.attw(),
  install: () => ours.install(),
}

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !Object.hasOwn(steps, name))
if (unknown.length > 0) {
  console.error(`There is no check '${unknown.join("', '")}'. The checks are ${Object.keys(steps).join(', ')}`)
  process.exit(2)
}

for (const [name, step] of Object.entries(steps)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const start = performance.now()
  const failure = await step().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${failure === undefined ? '✔' : '✖'} ${name} (${seconds} s)`)
  if (failure === undefined) continue
  console.log(failure)
  process.exitCode = 1
}
