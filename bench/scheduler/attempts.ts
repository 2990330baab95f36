import { readFileSync } from 'node:fs'
import { Mortise, type Plugin, type PlugOptions } from 'mortise'
import {
  type Attempt,
  NodeSnapshot,
  scheduler,
  type SchedulerHooks,
  type SchedulerValues,
  type Status,
} from 'mortise/scheduler'
import { threaded } from 'mortise/scheduling/threads'
import { wasm } from 'mortise/wasm'
import { wrong } from '../engine/work.ts'
import type { Bench } from '../harness/suite.ts'
import { nodeCount } from './cases.ts'
import type { Guest } from './guests.ts'
import { makeNode, makePod } from './objects.ts'

type SchedulerPlugin = Plugin<SchedulerHooks, SchedulerValues, Attempt>

/** The limits that all rows run under: a deadline, as by default, and room for guests that collect late. */
export const limits = { memory: '64 MiB', deadline: '1 s' } as const

const nodes = new NodeSnapshot(Array.from({ length: nodeCount }, (_, index) => makeNode(index)))
const pods = Array.from({ length: 64 }, (_, index) => makePod(index))

/** The attempt at one pod after the other. */
const attemptAt = (index: number): Attempt => ({ pod: pods[index % pods.length] ?? {}, nodes })

const contractOf = ({ args }: Guest): ReturnType<typeof scheduler> => scheduler({ args, severity: 'fatal' })

async function plug(guest: Guest, options: PlugOptions<'wasm'> = {}): Promise<SchedulerPlugin> {
  const host = new Mortise({ runtimes: [wasm(limits)] })
  return host.plug('guest', readFileSync(guest.path), contractOf(guest), options)
}

function need({ values }: SchedulerPlugin, ...hooks: readonly (keyof SchedulerHooks)[]): void {
  for (const hook of hooks) if (!values.hooks.includes(hook)) throw new Error(`The guest has no hook '${hook}'`)
}

function check({ code, reason }: Status): void {
  if (code !== 0) wrong(`${code} ${reason}`)
}

/** Attempts with a plugin, one after another. */
async function attempts(plugin: SchedulerPlugin, run: (hooks: SchedulerHooks) => void): Promise<Bench> {
  let next = 0
  return {
    async run(count) {
      for (let index = 0; index < count; index++) {
        const lease = await plugin.lease(attemptAt(next++))
        run(lease.hooks)
        await lease.end()
      }
    },
  }
}

/** Scores all nodes. */
export async function scoring(guest: Guest): Promise<Bench> {
  const plugin = await plug(guest)
  need(plugin, 'score')
  return attempts(plugin, (hooks) => {
    check(hooks.preFilter().status)
    check(hooks.preScore(nodes.names))
    let matching = 0
    for (const name of nodes.names) if (hooks.score(name).score > 0) matching++
    if (matching === 0) wrong(matching)
  })
}

/** Filters all nodes. */
export async function filtering(guest: Guest): Promise<Bench> {
  const plugin = await plug(guest)
  need(plugin, 'filter')
  return attempts(plugin, (hooks) => {
    check(hooks.preFilter().status)
    let passing = 0
    for (const name of nodes.names) if (hooks.filter(name).code === 0) passing++
    if (passing === 0) wrong(passing)
  })
}

/** Filters all nodes on two threads. */
export async function threading({ path, args }: Guest): Promise<Bench> {
  const plugin = await threaded('guest', readFileSync(path), {
    threads: 1,
    scheduler: { args, severity: 'fatal' },
    limits,
  })
  let next = 0
  return {
    async run(count) {
      for (let index = 0; index < count; index++) {
        const lease = await plugin.lease(attemptAt(next++))
        check(lease.hooks.preFilter().status)
        const statuses = (await lease.filterAll?.(nodes.names)) ?? []
        if (!statuses.some(({ code }) => code === 0)) wrong(statuses.length)
        await lease[Symbol.asyncDispose]()
      }
    },
  }
}

/** Calls every hook. */
export async function cycling(guest: Guest): Promise<Bench> {
  const plugin = await plug(guest)
  const [name, other] = ['node-1', makePod(99)]
  const [codes, scores] = [{ [name]: 0 }, { [name]: 10 }]
  return attempts(plugin, (hooks) => {
    hooks.enqueue()
    hooks.preFilter()
    hooks.filter(name)
    hooks.postFilter(codes)
    hooks.addPod(other, name)
    hooks.removePod(other, name)
    hooks.preScore([name])
    hooks.score(name)
    hooks.normalizeScore(scores)
    hooks.reserve(name)
    hooks.unreserve(name)
    hooks.permit(name)
    hooks.preBind(name)
    hooks.bind(name)
    hooks.postBind(name)
    hooks.addPod(other, name)
    check(hooks.removePod(other, name))
  })
}

/** Begins attempts and ends them. */
export async function leasing(guest: Guest): Promise<Bench> {
  return attempts(await plug(guest), () => {})
}

/** One call on an instance as new. */
export async function restoring(guest: Guest): Promise<Bench> {
  const plugin = await plug(guest, { limits: { restore: 'every-lease' } })
  need(plugin, 'score')
  return attempts(plugin, (hooks) => check(hooks.score('node-1').status))
}

/** One call of a guest that was plugged in for it. */
export async function plugging(guest: Guest, calls: number): Promise<Bench> {
  const host = new Mortise({ runtimes: [wasm(limits)] })
  const bytes = readFileSync(guest.path)
  // What is in use stays compiled.
  await host.plug('kept', bytes, contractOf(guest))
  let next = 0
  return {
    async run(count) {
      for (let index = 0; index < count; index++) {
        const plugin = await host.plug('guest', bytes, contractOf(guest))
        if (calls > 0) {
          const lease = await plugin.lease(attemptAt(next++))
          check(lease.hooks.score('node-1').status)
          await lease.end()
        }
        await plugin.unplug()
      }
    },
  }
}
