import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { openStore, type Store, type StoredVersion } from 'mortise/store'
import { killUnderLoad } from '../../support/kill.ts'
import { changeOf, contentOf } from './changes.ts'

/** How often one store is gone on with, before the next is begun. */
const roundsPerStore = 10

type Live = ReadonlyMap<string, StoredVersion>

/**
 * Kills a program that deploys, rolls back and removes at random points, and checks after each kill that exactly what was answered is
 * live, but for the one change that was under way, and that every version can be read.
 *
 * @returns what is not as it has to be, and how many changes were answered
 */
export async function killDeploys(
  rounds: number,
  seed: number,
  random: () => number,
  progress: (done: number, of: number) => void = () => {},
): Promise<{ readonly unlike: readonly string[]; readonly answered: number }> {
  const unlike: string[] = []
  let answered = 0
  let folder = ''
  let number = 0
  let live: Live = new Map()
  for (let round = 0; round < rounds; round++) {
    if (round % roundsPerStore === 0) {
      if (folder !== '') await rm(folder, { recursive: true })
      folder = await mkdtemp(join(tmpdir(), 'mortise-kill-'))
      live = new Map()
    }
    const delay = random() < 0.2 ? -20 - random() * 200 : random() * 40
    const program = join(import.meta.dirname, 'child.ts')
    const { lines, stderr } = await killUnderLoad(program, [folder, String(seed), String(number)], delay)
    const found: string[] = stderr === '' ? [] : [stderr]
    const expected = new Map(live)
    const ended = lines.filter((line) => line.startsWith('end'))
    for (const line of ended) apply(expected, seed, line)
    const pending = lines.at(-1)?.startsWith('begin') === true ? changeOf(seed, number + ended.length) : undefined
    number += ended.length + (pending === undefined ? 0 : 1)
    answered += ended.length
    await using store = await openStore({ folder, versions: 5 })
    const now = new Map((await store.live()).map((version) => [version.plugin, version]))
    for (const plugin of new Set([...expected.keys(), ...now.keys()])) {
      if (isDeepStrictEqual(expected.get(plugin), now.get(plugin))) continue
      if (pending?.plugin === plugin && isOutcome(pending.what, now.get(plugin))) continue
      found.push(`${plugin}: ${show(now.get(plugin))} is live, and ${show(expected.get(plugin))} was answered`)
    }
    found.push(...(await unreadable(store, now)), ...(await leftOvers(folder)))
    unlike.push(...found.map((what) => `round ${round}, ${delay.toFixed(1)} ms: ${what}`))
    live = now
    progress(round + 1, rounds)
  }
  await rm(folder, { recursive: true, force: true })
  return { unlike, answered }
}

/** What a change that was answered does to what is live. */
function apply(live: Map<string, StoredVersion>, seed: number, line: string): void {
  const [, number = '', ...rest] = line.split(' ')
  const text = rest.join(' ')
  const { what, plugin } = changeOf(seed, Number(number))
  if (what === 'collect' || text === '"absent"') return
  if (what === 'remove') live.delete(plugin)
  // oxlint-disable-next-line no-unsafe-type-assertion -- the program prints what the store answered
  else live.set(plugin, JSON.parse(text) as StoredVersion)
}

/** Whether this may be live after a change that was under way: a deploy made a version, a removal took it away. */
function isOutcome(what: ReturnType<typeof changeOf>['what'], now: StoredVersion | undefined): boolean {
  return what === 'remove' ? now === undefined : what !== 'collect' && now !== undefined
}

/** Every version that is kept is made of the very bytes that were put. */
async function unreadable(store: Store, live: Live): Promise<readonly string[]> {
  const unlike: string[] = []
  for (const plugin of live.keys()) {
    for (const { version, digest, settings } of await store.versions(plugin)) {
      const content = Number(Reflect.get(Object(settings), 'content'))
      const bytes = await store.read(digest).catch((error: unknown) => String(error))
      if (typeof bytes === 'string') unlike.push(`${plugin} ${version}: ${bytes}`)
      else if (Buffer.compare(bytes, contentOf(content)) !== 0) unlike.push(`${plugin} ${version} is of other bytes`)
    }
  }
  return unlike
}

async function leftOvers(folder: string): Promise<readonly string[]> {
  return (await readdir(join(folder, 'unfinished'))).map((name) => `${name} was left behind`)
}

const show = (version: StoredVersion | undefined): string => JSON.stringify(version) ?? 'nothing'
