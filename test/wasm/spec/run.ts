import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { combinations, nameOf } from '../fuzz/subject.ts'
import { readScript } from './script.ts'
import { type Outcome, World } from './world.ts'

/**
 * Runs the test suite of the WebAssembly specification on rewritten modules: every assertion that holds for the original has
 * to hold with every combination of features. The suite (github.com/WebAssembly/testsuite) and `wasm-tools`, which takes its
 * scripts apart, come from the machine.
 */
const { values } = parseArgs({
  options: {
    suite: { type: 'string' },
    tool: { type: 'string', default: 'wasm-tools' },
    only: { type: 'string', default: '' },
  },
})
const { suite, tool } = values

function absent(): string | undefined {
  if (suite === undefined || !existsSync(suite)) return 'there is no suite: give its folder with --suite'
  try {
    execFileSync(tool, ['--version'], { stdio: 'pipe' })
    return undefined
  } catch {
    return `there is no '${tool}': install wasm-tools, or say where it is with --tool`
  }
}

const reason = absent()
if (reason !== undefined || suite === undefined) {
  console.log(`Skipped: ${reason}`)
  process.exit(0)
}

/** What is known to differ, and why that is as it should be. */
const explained: readonly (readonly [RegExp, string])[] = [
  [/^(?:imports4|memory_grow|memory_size\d)\.wast/, 'a memory beyond the first stays as large as it begins'],
  [/^linking0?\.wast.*fuel.*unreachable/, 'a function of an instance that failed before it was ever given fuel'],
]

const features = combinations(4 * 2 ** 30)
const assertions = { scripts: 0, all: 0, hold: 0, compared: 0, explained: 0, unlike: 0 }
const reasons = new Map<string, number>()
for (const file of globSync('**/*.wast', { cwd: suite }).toSorted()) {
  if (!file.includes(values.only)) continue
  const folder = mkdtempSync(join(tmpdir(), 'mortise-spec-'))
  try {
    runScript(join(suite, file), folder)
  } catch (thrown) {
    const what = thrown instanceof Error ? thrown.message.replaceAll(/\n\s*/g, ' ') : String(thrown)
    console.log(`${file}: cannot be taken apart: ${what.slice(0, 200)}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runScript(file: string, folder: string): void {
  const commands = readScript(tool, file, folder)
  assertions.scripts++
  const run = (world: World): readonly Outcome[] => commands.map((command) => world.run(command))
  const original = run(new World(folder))
  const rewritten = features.map((each) => [nameOf(each), run(new World(folder, each))] as const)
  for (const [index, { type, line }] of commands.entries()) {
    if (!type.startsWith('assert_')) continue
    assertions.all++
    const before = original[index]
    if (before?.holds !== true) {
      const why = before?.holds === undefined ? (before?.what ?? '') : 'V8 itself does something else'
      reasons.set(why, (reasons.get(why) ?? 0) + 1)
      continue
    }
    assertions.hold++
    for (const [name, outcomes] of rewritten) {
      const after = outcomes[index]
      if (after?.holds === undefined) {
        reasons.set(after?.what ?? '', (reasons.get(after?.what ?? '') ?? 0) + 1)
        continue
      }
      assertions.compared++
      if (after.holds) continue
      const what = `${relative(suite ?? '', file)}:${line} ${type} with ${name}: '${after.what}', and the original: '${before.what}'`
      const [, why] = explained.find(([known]) => known.test(what)) ?? []
      if (why !== undefined) {
        assertions.explained++
        reasons.set(why, (reasons.get(why) ?? 0) + 1)
        continue
      }
      assertions.unlike++
      console.log(`✖ ${what}`)
    }
  }
}

console.log(
  `${assertions.scripts} scripts with ${assertions.all} assertions, of which ${assertions.hold} hold for the original; ` +
    `${assertions.compared} were tried on a rewritten module, and ${assertions.unlike} of them do not hold, beside ${assertions.explained} for a known reason`,
)
for (const [why, count] of [...reasons].toSorted(([, a], [, b]) => b - a).slice(0, 25))
  console.log(`${count} not compared: ${why}`)
if (assertions.unlike > 0) process.exitCode = 1
