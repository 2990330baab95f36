import { Mortise } from 'mortise'
import { asyncExtensions, AsyncStateKind, extensions, type Row, type State, StateKind } from 'mortise/extension'
import { wasm } from 'mortise/wasm'
import { wrong } from '../engine/work.ts'
import type { Bench, MakeBench, Subject } from '../harness/suite.ts'
import { type CaseName, calls, collecting, type Filled, filled, waiting } from './cases.ts'
import { collectingGuest, guest } from './guest.ts'

const contract = extensions({
  doNothing: {},
  oneKey1call: {},
  oneGetNoIntents2calls: {},
  oneGetOneIntent5calls: {},
  oneGetLongStr3calls: {},
  appendMuch: {},
  touchMuch: {},
})
const collector = extensions({ simple: {}, litter: {}, collect: {} })
const asyncContract = asyncExtensions({ doNothing: {}, oneGetNoIntents2calls: {} })

/** What the reference's stub gives: an object made for each get, the long text made once. */
const long = 'x'.repeat(500)
let gets = 0
const event = (): Row => {
  gets++
  return { qname: 'sys.InvitationAccepted', arg: { UserEmail: 'email@user.com' }, offs: 12_345 }
}
const kind = new StateKind({
  name: 'Bench',
  storages: {
    'sys.Event': { get: event },
    'sys.Test': {
      get: () => {
        gets++
        return { '500c': long }
      },
    },
    'sys.Test2': { get: () => ({}) },
    'sys.SendMail': { insert: () => undefined },
  },
})

/** With a deadline, and restored after a failure: as it comes. */
async function bench(name: CaseName): Promise<Bench> {
  const host = new Mortise({ runtimes: [wasm()] })
  const plugin = await host.plug('bench', guest(), contract)
  const hook = plugin.hooks[name]
  const getsOnce = name.startsWith('oneGet') ? 1 : 0
  const intents = name === 'oneGetOneIntent5calls' ? 1 : 0
  return {
    run(count) {
      const state = kind.open(undefined)
      gets = 0
      for (let index = 0; index < count; index++) {
        hook(state)
        if (intents > 0) settle(state)
      }
      if (gets !== getsOnce * count) wrong(gets)
    },
  }
}

function settle(state: State): void {
  if (state.intents.length !== 1 || state.intents[0]?.fields.get('from') !== 'test@gmail.com')
    wrong(state.intents.length)
  state.clear()
}

/** Each call finds no room, is restored and run again. */
async function recovering(one: Filled): Promise<Bench> {
  const host = new Mortise({ runtimes: [wasm({ memory: '128 MiB', deadline: '10 s' })] })
  const plugin = await host.plug('bench', guest(one), contract)
  const { appendMuch, touchMuch } = plugin.hooks
  const state = kind.open(undefined)
  appendMuch(state)
  return {
    run(count) {
      const before = plugin.stats().restores
      for (let index = 0; index < count; index++) appendMuch(state)
      if (plugin.stats().restores - before !== count) wrong(plugin.stats().restores - before)
    },
    without(count) {
      for (let index = 0; index < 2 * count; index++) touchMuch(state)
    },
  }
}

async function collected({ before, hook }: (typeof collecting)[number]): Promise<Bench> {
  const host = new Mortise({ runtimes: [wasm({ deadline: '10 s', restore: 'on-error' })] })
  const { hooks } = await host.plug('bench', collectingGuest(), collector)
  const state = kind.open(undefined)
  const calls = (count: number, call: (() => void) | undefined): void => {
    for (let index = 0; index < count; index++) {
      if (before !== undefined) hooks[before](state)
      call?.()
    }
  }
  const run = (count: number): void => calls(count, () => hooks[hook](state))
  return before === undefined ? { run } : { run, without: (count) => calls(count, undefined) }
}

const answer = Promise.resolve({ qname: 'sys.InvitationAccepted', offs: 12_345 })

async function suspended({ hook, flights }: (typeof waiting)[number]): Promise<Bench> {
  const host = new Mortise({ runtimes: [wasm()] })
  const plugin = await host.plug('bench', guest(), asyncContract)
  const call = plugin.hooks[hook]
  let asked = 0
  const slow = new AsyncStateKind<undefined>({
    name: 'Bench',
    storages: {
      'sys.Event': {
        async: true,
        get() {
          asked++
          return answer
        },
      },
    },
  })
  const state = slow.open(undefined)
  const some = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++) await call(state)
  }
  return {
    async run(count) {
      asked = 0
      const each = Math.ceil(count / flights)
      await Promise.all(
        Array.from({ length: flights }, (_, index) => some(Math.min(each, Math.max(0, count - index * each)))),
      )
      if (asked !== (hook === 'doNothing' ? 0 : count)) wrong(asked)
    },
  }
}

const usual = (make: MakeBench): Readonly<Record<'', MakeBench>> => ({ '': make })

export const subject: Subject = {
  name: 'mortise/wasm',
  url: import.meta.url,
  role: 'ours',
  cases: Object.fromEntries([
    ...calls.map((name) => [name, usual(() => bench(name))] as const),
    ...filled.map((one) => [one.name, usual(() => recovering(one))] as const),
    ...collecting.map((one) => [one.name, usual(() => collected(one))] as const),
    ...waiting.map((one) => [one.name, usual(() => suspended(one))] as const),
  ]),
}
