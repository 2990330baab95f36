import { Mortise, type Plugin } from 'mortise'
import { contract, record, s32 } from 'mortise/contract'
import { esm } from 'mortise/esm'
import type { Bench, Subject } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { source } from './guest.ts'
import { bench, type Calls } from './run.ts'

const sum = { a: s32, b: s32 }
const calls = contract('calls', {
  noop: { params: {} },
  add: { params: sum, result: s32 },
  pass: { params: sum, result: record('sum', sum) },
})

const plug = (): Promise<Plugin<Calls>> =>
  new Mortise({ runtimes: [esm()] }).plug('calls', Buffer.from(source(-1, 0, false)), calls)

async function reload(bytes: number, typed: boolean): Promise<Bench> {
  const plugin = await plug()
  const { add } = plugin.hooks
  return bench.reload(bytes, typed, async (text) => {
    await plugin.swap(Buffer.from(text))
    return add
  })
}

export const subject: Subject = {
  name: 'mortise/esm',
  url: import.meta.url,
  role: 'ours',
  cases: {
    [cases.noop]: { '': async () => bench.noop((await plug()).hooks) },
    [cases.add]: { '': async () => bench.add((await plug()).hooks) },
    [cases.pass]: { '': async () => bench.pass((await plug()).hooks) },
    [cases.small]: { '': () => reload(3e3, false) },
    [cases.smallTyped]: { '': () => reload(3e3, true) },
    [cases.large]: { '': () => reload(200e3, false) },
    [cases.largeTyped]: { '': () => reload(200e3, true) },
  },
}
