import koffi from 'koffi'
import { wrong } from '../engine/work.ts'
import type { Bench, Subject } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { path } from './library.ts'
import { bench } from './run.ts'
import { UserCodec } from './user.ts'

/** A function by its C types; koffi has no types of its own for what it makes. */
function find<F extends (...args: never[]) => unknown>(name: string, result: string, parameters: readonly string[]): F {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the C types are the caller's
  return koffi.load(path).func(name, result, [...parameters]) as unknown as F
}

function users(): Bench {
  const arena = new Uint8Array(2 ** 20)
  const view = new DataView(arena.buffer)
  view.setUint32(4, arena.length, true)
  find<(arena: bigint) => void>('mortise_init', 'void', ['void *'])(koffi.address(arena))
  const call = find<() => number>('mortise_hook_get_user', 'uint32_t', [])
  const codec = new UserCodec(arena)
  return bench.user((id) => {
    view.setUint32(0, codec.lower(id), true)
    const at = call()
    return at === 0 ? wrong(at) : codec.lift(at)
  })
}

export const subject: Subject = {
  name: 'koffi',
  url: import.meta.url,
  role: 'reference',
  cases: {
    [cases.none]: { '': () => bench.none(find('seven', 'int32_t', [])) },
    [cases.add]: { '': () => bench.add(find('add', 'int32_t', ['int32_t', 'int32_t'])) },
    [cases.textIn]: { '': () => bench.textIn(find('measure', 'uint32_t', ['const char *'])) },
    [cases.textOut]: { '': () => bench.textOut(find('name', 'const char *', [])) },
    [cases.user]: { '': users },
  },
}
