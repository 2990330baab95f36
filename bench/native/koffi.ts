import koffi from 'koffi'
import { wrong } from '../engine/work.ts'
import type { Bench, Subject } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { path } from './library.ts'
import { bench, type CFunctions } from './run.ts'
import { UserCodec } from './user.ts'

/** The functions of the library, by their C types. */
function find(): CFunctions {
  const library = koffi.load(path)
  return {
    seven: library.func('seven', 'int32_t', []),
    add: library.func('add', 'int32_t', ['int32_t', 'int32_t']),
    measure: library.func('measure', 'uint32_t', ['const char *']),
    name: library.func('name', 'const char *', []),
    init: library.func('mortise_init', 'void', ['void *']),
    getUser: library.func('mortise_hook_get_user', 'uint32_t', []),
  }
}

function users(): Bench {
  const arena = new Uint8Array(2 ** 20)
  new DataView(arena.buffer).setUint32(4, arena.length, true)
  const { init, getUser } = find()
  init(koffi.address(arena))
  const codec = new UserCodec(arena)
  return bench.user((id) => {
    codec.lower(id)
    const at = getUser()
    return at === 0 ? wrong(at) : codec.lift(at)
  })
}

export const subject: Subject = {
  name: 'koffi',
  url: import.meta.url,
  role: 'reference',
  cases: {
    [cases.none]: { '': () => bench.none(find().seven) },
    [cases.add]: { '': () => bench.add(find().add) },
    [cases.textIn]: { '': () => bench.textIn(find().measure) },
    [cases.textOut]: { '': () => bench.textOut(find().name) },
    [cases.user]: { '': users },
  },
}
