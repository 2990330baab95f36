import { type ErrorCode, MortiseError } from 'mortise'
import type { WasmOptions } from 'mortise/wasm'
import { fresh, wrong } from '../engine/work.ts'
import type { Bench, Subject, Variants } from '../harness/suite.ts'
import { cases, type Written, written } from './cases.ts'
import { inside, plugState } from './state.ts'

const restore = 'every-lease'
const mostPages = 1600

/** Calls of a plugin that is restored after each, less the same calls of one that is not. */
async function writtenBench({ size, pages, apart }: Written): Promise<Bench> {
  const { touch } = (await plugState(size, { deadline: Infinity, restore })).hooks
  const { touch: plain } = (await plugState(size, { deadline: Infinity, restore: 'on-error' })).hooks
  let sum = 0
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const result = touch(pages, apart * 4096)
        if (result !== pages) wrong(result)
      }
    },
    without(count) {
      for (let n = 0; n < count; n++) {
        sum = (sum + pages) | 0
        const result = plain(pages, apart * 4096)
        if (result !== sum) wrong(result)
      }
    },
  }
}

async function grownBench(options: WasmOptions, what: 'restore' | 'zeroing'): Promise<Bench> {
  const { bump, fill } = (await plugState(32, { deadline: Infinity, memory: '100 MiB', ...options })).hooks
  let time = 0
  return {
    most: 1,
    run() {
      const size = fill(mostPages, 17_920)
      const left = inside.to
      const result = bump()
      time = performance.now() - left
      if (size !== mostPages || result !== fresh) wrong(result)
      if (what === 'restore') return
      if (fill(mostPages, 0) !== mostPages) wrong(size)
      time = inside.to - inside.from
    },
    clock: () => time,
  }
}

async function freshBench(options: WasmOptions): Promise<Bench> {
  const { bump } = (await plugState(1, options)).hooks
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const result = bump()
        if (result !== fresh) wrong(result)
      }
    },
  }
}

type Failing = 'crash' | 'spin' | 'exhaust'

/** The user does nothing about the failure but catch it. */
async function failureBench(hook: Failing, code: ErrorCode, more = 0, deadline = 100): Promise<Bench> {
  const { hooks } = await plugState(1, { restore: 'on-error', memory: '16 MiB', deadline })
  const { bump } = hooks
  const fail = hook === 'exhaust' ? () => hooks.exhaust(more) : hooks[hook]
  let time = 0
  return {
    ...(hook === 'spin' && { most: 1 }),
    run(count) {
      const start = performance.now()
      for (let n = 0; n < count; n++) {
        try {
          wrong(fail())
        } catch (error) {
          if (!MortiseError.is(error) || error.code !== code) throw error
        }
        const result = bump()
        if (result !== fresh) wrong(result)
      }
      time = performance.now() - start - (hook === 'spin' ? count * deadline : 0)
    },
    clock: () => time,
  }
}

export const subject: Subject = {
  name: 'mortise/wasm',
  url: import.meta.url,
  role: 'ours',
  cases: {
    ...Object.fromEntries(written.map((one): [string, Variants] => [one.name, { '': () => writtenBench(one) }])),
    [cases.grown]: {
      'when-full': () => grownBench({ restore: 'when-full' }, 'restore'),
      'every-lease': () => grownBench({ restore }, 'restore'),
    },
    [cases.zeroing]: { 'when-full': () => grownBench({ restore: 'when-full' }, 'zeroing') },
    [cases.fresh]: {
      'every-lease': () => freshBench({ deadline: Infinity, restore }),
      'all limits on': () => freshBench({ restore, fuel: '1e6' }),
    },
    [cases.trap]: { '': () => failureBench('crash', 'TRAP_UNREACHABLE') },
    [cases.deadline]: { '': () => failureBench('spin', 'DEADLINE', 0, 1) },
    [cases.memory]: {
      '': () => failureBench('exhaust', 'TRAP_OUT_OF_MEMORY'),
      'after it grew': () => failureBench('exhaust', 'TRAP_OUT_OF_MEMORY', 1),
    },
  },
}
