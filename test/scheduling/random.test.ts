import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { builtIn, Cluster, Simulation, type Outcome, type SchedulerPlugin } from 'mortise/scheduling'
import { randomOf } from '../support/random.ts'
import { nodesNamed, podNamed } from './cluster.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const names = ['a', 'b', 'c', 'd']

/** What a plugin did for one pod. */
interface Done {
  reserved: number
  unreserved: number
  bound: number
}

/** Plugins that answer by chance, and now and then throw; the same ones for the same seed. */
class RandomPlugins {
  open = 0
  readonly done = new Map<string, Done>()
  readonly #random: () => number

  constructor(from: number) {
    this.#random = randomOf(from)
  }

  plugin(name: string): SchedulerPlugin {
    const made = builtIn(
      name,
      [
        ...(['preFilter', 'filter', 'postFilter', 'preScore', 'score', 'normalizeScore', 'addPod'] as const),
        ...(['reserve', 'unreserve', 'permit', 'preBind', 'bind', 'postBind'] as const),
      ],
      ({ pod }) => {
        const done = { reserved: 0, unreserved: 0, bound: 0 }
        this.done.set(`${name} ${JSON.stringify(pod['metadata'])}`, done)
        return {
          preFilter: () => ({ status: this.#status(), nodeNames: this.#often(0.2) ? this.#some() : undefined }),
          filter: () => this.#status(),
          postFilter: () => ({
            status: this.#status(),
            nominatedNode: this.#one(),
            nominatingMode: this.#often(0.5) ? 1 : 0,
          }),
          preScore: () => this.#status(),
          score: () => ({
            status: this.#status(),
            score: Math.floor(this.#random() * (this.#often(0.05) ? 300 : 101)),
          }),
          normalizeScore: (scores) => ({ status: this.#status(), scores }),
          addPod: () => this.#status(),
          reserve: () => {
            done.reserved++
            return this.#status()
          },
          unreserve: () => void done.unreserved++,
          permit: () => ({ status: this.#status(), timeout: Math.floor(this.#random() * 2 ** 32) }),
          preBind: () => this.#status(),
          bind: () => this.#status(),
          postBind: () => void done.bound++,
        }
      },
    )
    return {
      ...made,
      lease: async (attempt) => {
        const { hooks } = await made.lease(attempt)
        this.open++
        return { hooks, [Symbol.asyncDispose]: async () => void this.open-- }
      },
    }
  }

  /** As a rule success, else any code, and now and then an error. */
  #status(): { code: number; reason: string } {
    if (this.#often(0.01)) throw new Error('by chance')
    return { code: this.#often(0.93) ? 0 : Math.floor(this.#random() * 8), reason: 'by chance' }
  }

  readonly #often = (share: number): boolean => this.#random() < share
  readonly #one = (): string => names[Math.floor(this.#random() * names.length)] ?? ''
  readonly #some = (): string[] => names.filter(() => this.#often(0.7))
}

/** One simulation of some pods through three plugins. */
async function simulate(
  from: number,
  permit: 'timeout' | 'allow',
): Promise<readonly [readonly Outcome[], Cluster, RandomPlugins]> {
  const cluster = new Cluster(nodesNamed(...names))
  const plugins = new RandomPlugins(from)
  const profile = ['x', 'y', 'z'].map((name, index) => ({ plugin: plugins.plugin(name), weight: index + 1 }))
  const simulation = new Simulation(cluster, profile, { seed: from, permit, waiting: 2 })
  const pods = Array.from({ length: 8 }, (_, index) => podNamed(`pod-${index}`, { priority: index % 3 }))
  return [await simulation.run(pods), cluster, plugins]
}

describe(`whatever plugins answer, with seed ${seed}`, () => {
  it('a pod is on one node or none, what was reserved is bound or unreserved, and every lease ends', () =>
    fc.assert(
      fc.asyncProperty(fc.integer(), fc.constantFrom('timeout', 'allow'), async (from, permit) => {
        const [outcomes, cluster, plugins] = await simulate(from, permit)
        assert.equal(outcomes.length, 8)
        assert.equal(plugins.open, 0)
        for (const outcome of outcomes) {
          const on = names.filter((name) => cluster.podsOn(name).includes(outcome.pod))
          assert.deepEqual(on, outcome.node === undefined ? [] : [outcome.node])
          assert.equal(outcome.result === 'bound', outcome.node !== undefined)
          checkNodes(outcome)
          for (const name of ['x', 'y', 'z'])
            checkDone(outcome, plugins.done.get(`${name} ${JSON.stringify(outcome.pod['metadata'])}`))
        }
      }),
      { seed, numRuns: 150 },
    ))

  it('equal seeds have equal outcomes', () =>
    fc.assert(
      fc.asyncProperty(fc.integer(), async (from) => {
        const said = async (): Promise<readonly string[]> =>
          (await simulate(from, 'timeout'))[0].map(({ message }) => message)
        assert.deepEqual(await said(), await said())
      }),
      { seed, numRuns: 30 },
    ))
})

/** Nodes are feasible or refused, never both, and the one that was selected has the highest total. */
function checkNodes({ filtered, scored, selected, node }: Outcome): void {
  if (filtered === undefined) return
  assert.ok(filtered.feasible.every((name) => !filtered.refused.has(name)))
  if (selected === undefined) return
  assert.ok(filtered.feasible.includes(selected.node))
  assert.ok(node === undefined || node === selected.node)
  for (const [name, total] of scored?.totals ?? []) {
    const sum = scored?.plugins.reduce((all, { normalized, weight }) => all + (normalized[name] ?? 0) * weight, 0)
    assert.equal(total, sum)
    assert.ok(total <= (scored?.totals.get(selected.node) ?? 0))
  }
}

function checkDone({ result, selected }: Outcome, done: Done | undefined): void {
  assert.ok(done !== undefined && done.reserved <= 1)
  assert.equal(done.unreserved, selected !== undefined && result !== 'bound' ? 1 : 0)
  assert.equal(done.bound, result === 'bound' ? 1 : 0)
}
