import { Mortise } from 'mortise'
import { extensions, type Row, type State, StateKind } from 'mortise/extension'
import { wasm } from 'mortise/wasm'
import { wrong } from '../engine/work.ts'
import type { Bench, Subject } from '../harness/suite.ts'
import { type CaseName, described } from './cases.ts'
import { guest } from './guest.ts'

const contract = extensions({
  doNothing: {},
  oneKey1call: {},
  oneGetNoIntents2calls: {},
  oneGetOneIntent5calls: {},
  oneGetLongStr3calls: {},
})

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

export const subject: Subject = {
  name: 'mortise/wasm',
  url: import.meta.url,
  role: 'ours',
  cases: Object.fromEntries(
    described.map(({ name }) => [name, { '': () => bench(isCase(name) ? name : wrong(name)) }]),
  ),
}

const isCase = (name: string): name is CaseName => Object.hasOwn(contract.hooks, name)
