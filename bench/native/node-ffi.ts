import { wrong } from '../engine/work.ts'
import { load } from '../harness/peer.ts'
import type { Bench, Subject } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { path } from './library.ts'
import { bench } from './run.ts'
import { UserCodec } from './user.ts'

// What is used of it.
interface NodeFfi {
  dlopen(
    path: string,
    signatures: Readonly<Record<string, object>>,
  ): { readonly functions: Readonly<Record<string, unknown>> }
  getRawPointer(memory: ArrayBufferView): bigint
  toString(pointer: bigint): string
}

const ffi = (): Promise<NodeFfi> => load<NodeFfi>('node:ffi')

async function find<F extends (...args: never[]) => unknown>(
  name: string,
  result: string,
  parameters: readonly string[],
): Promise<F> {
  const { functions } = (await ffi()).dlopen(path, { [name]: { arguments: parameters, return: result } })
  // oxlint-disable-next-line no-unsafe-type-assertion -- the C types are the caller's
  return functions[name] as F
}

async function texts(): Promise<Bench> {
  const { toString } = await ffi()
  const text = await find<() => bigint>('name', 'pointer', [])
  return bench.textOut(() => toString(text()))
}

async function users(): Promise<Bench> {
  const arena = new Uint8Array(2 ** 20)
  const view = new DataView(arena.buffer)
  view.setUint32(4, arena.length, true)
  const init = await find<(arena: bigint) => void>('mortise_init', 'void', ['pointer'])
  init((await ffi()).getRawPointer(arena))
  const call = await find<() => number>('mortise_hook_get_user', 'u32', [])
  const codec = new UserCodec(arena)
  return bench.user((id) => {
    view.setUint32(0, codec.lower(id), true)
    const at = call()
    return at === 0 ? wrong(at) : codec.lift(at)
  })
}

export const subject: Subject = {
  name: 'node:ffi',
  url: import.meta.url,
  role: 'reference',
  flags: ['--no-warnings'],
  cases: {
    [cases.none]: { '': async () => bench.none(await find('seven', 'i32', [])) },
    [cases.add]: { '': async () => bench.add(await find('add', 'i32', ['i32', 'i32'])) },
    [cases.textIn]: { '': async () => bench.textIn(await find('measure', 'u32', ['string'])) },
    [cases.textOut]: { '': texts },
    [cases.user]: { '': users },
  },
}
