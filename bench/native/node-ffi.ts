import { wrong } from '../engine/work.ts'
import { load } from '../harness/peer.ts'
import type { Bench, Subject } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { path } from './library.ts'
import { bench, type CFunctions } from './run.ts'
import { UserCodec } from './user.ts'

// What is used of it.
interface NodeFfi {
  dlopen(
    path: string,
    signatures: Readonly<Record<string, object>>,
  ): { readonly functions: Readonly<Record<string, unknown>> }
  readonly getRawPointer: (memory: ArrayBufferView) => bigint
  readonly toString: (pointer: bigint) => string
}

const ffi = (): Promise<NodeFfi> => load<NodeFfi>('node:ffi')

/** The functions of the library, by their C types: a text that is returned is a pointer. */
async function find(): Promise<Omit<CFunctions, 'name'> & { readonly name: () => bigint }> {
  const { functions } = (await ffi()).dlopen(path, {
    seven: { arguments: [], return: 'i32' },
    add: { arguments: ['i32', 'i32'], return: 'i32' },
    measure: { arguments: ['string'], return: 'u32' },
    name: { arguments: [], return: 'pointer' },
    mortise_init: { arguments: ['pointer'], return: 'void' },
    mortise_hook_get_user: { arguments: [], return: 'u32' },
  })
  const { mortise_init: init, mortise_hook_get_user: getUser, ...others } = functions
  // oxlint-disable-next-line no-unsafe-type-assertion -- the types are those of the signatures
  return { ...others, init, getUser } as Awaited<ReturnType<typeof find>>
}

async function texts(): Promise<Bench> {
  const { toString: textAt } = await ffi()
  const { name } = await find()
  return bench.textOut(() => textAt(name()))
}

async function users(): Promise<Bench> {
  const arena = new Uint8Array(2 ** 20)
  new DataView(arena.buffer).setUint32(4, arena.length, true)
  const { init, getUser } = await find()
  init((await ffi()).getRawPointer(arena))
  const codec = new UserCodec(arena)
  return bench.user((id) => {
    codec.lower(id)
    const at = getUser()
    return at === 0 ? wrong(at) : codec.lift(at)
  })
}

export const subject: Subject = {
  name: 'node:ffi',
  url: import.meta.url,
  role: 'reference',
  flags: ['--no-warnings'],
  cases: {
    [cases.none]: { '': async () => bench.none((await find()).seven) },
    [cases.add]: { '': async () => bench.add((await find()).add) },
    [cases.textIn]: { '': async () => bench.textIn((await find()).measure) },
    [cases.textOut]: { '': texts },
    [cases.user]: { '': users },
  },
}
