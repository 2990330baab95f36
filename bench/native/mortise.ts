import { Mortise, type Plugin } from 'mortise'
import { native } from 'mortise/native'
import { wrong } from '../engine/work.ts'
import type { Bench, Subject } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { type Users, users } from './contract.ts'
import { library } from './library.ts'
import { bench } from './run.ts'
import { typedBench } from './typed.ts'

const plug = (): Promise<Plugin<Users>> => new Mortise({ runtimes: [native()] }).plug('users', library(), users)

/** Libraries that differ in their last bytes, made off the clock. */
async function reload(): Promise<Bench> {
  const plugin = await plug()
  let version = 0
  let next: Uint8Array[] = []
  return {
    most: 50,
    before(count) {
      next = Array.from({ length: count }, () => library(++version))
    },
    async run() {
      for (const bytes of next) {
        await plugin.swap(bytes)
        if (plugin.hooks.seven() !== 7) wrong(version)
      }
    },
  }
}

export const subject: Subject = {
  name: 'mortise/native',
  url: import.meta.url,
  role: 'ours',
  cases: {
    [cases.none]: { '': async () => bench.none((await plug()).hooks.seven) },
    [cases.add]: { '': async () => bench.add((await plug()).hooks.add) },
    [cases.textIn]: { '': async () => bench.textIn((await plug()).hooks.measure) },
    [cases.textOut]: { '': async () => bench.textOut((await plug()).hooks.text) },
    [cases.user]: {
      'typed contract': typedBench,
      'bound by hand': async () => bench.user((await plug()).hooks.getUser),
    },
    [cases.reload]: { '': reload },
  },
}
