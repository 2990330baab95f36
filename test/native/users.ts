import { readFile } from 'node:fs/promises'
import { type Binding, type Contract, defineContract } from 'mortise/contract'
import { type NativeArena, requireSymbols } from 'mortise/native'
import type { Instance } from '../../src/runtime.ts'

/** What the library of test/guests/native/users.c offers. */
export interface Users {
  revision(): number
  count(): number
  repeatText(text: string, times: number): string
  fail(text: string): void
  ask(key: number): number
  add(a: number, b: number): number
}

/**
 * A contract that is bound by hand.
 *
 * @param lookup - the host function
 */
export function users(
  lookup: (key: number) => number = (key) => key,
): Contract<Users, { native: Binding<Users, 'native', 'sync'> }> {
  return defineContract<Users>()({
    name: 'users',
    pure: false,
    hooks: { revision: 0, count: 0, repeatText: 2, fail: 1, ask: 1, add: 2 },
    bindings: {
      native: {
        mode: 'sync',
        check: requireSymbols({
          hooks: ['revision', 'count', 'repeat-text', 'fail', 'ask'],
          functions: ['add'],
          hostFunctions: ['lookup'],
        }),
        imports: (instance) => ({
          host: {
            lookup(at: number): number {
              const view = instance().unit.arena.view()
              view.setUint32(at, lookup(view.getUint32(at, true)), true)
              return at
            },
          },
        }),
        bind,
      },
    },
  })
}

function bind(instance: Instance<'native'>): Users {
  const { guard, unit } = instance
  const { arena } = unit
  const view = arena.view()
  const revision = unit.hook('revision')
  const count = unit.hook('count')
  const fail = unit.hook('fail')
  const ask = unit.hook('ask')
  return {
    ...bindRepeat(instance, 'repeat-text'),
    revision: guard('revision', () => view.getUint32(revision(), true)),
    count: guard('count', () => view.getUint32(count(), true)),
    fail: guard('fail', (written: string) => {
      writeText(arena, arena.allocate(8, 4), written)
      fail()
    }),
    ask: guard('ask', (key: number) => {
      view.setUint32(arena.allocate(4, 4), key, true)
      return view.getUint32(ask(), true)
    }),
    add: guard('add', unit.symbol('add', ['i32', 'i32'], 'i32')),
  }
}

/** A hook that takes a text and a number, and gives a text. */
export function bindRepeat({ guard, unit }: Instance<'native'>, name: string): Pick<Users, 'repeatText'> {
  const { arena } = unit
  const view = arena.view()
  const repeat = unit.hook(name)
  return {
    repeatText: guard('repeatText', (written: string, times: number) => {
      const at = arena.allocate(12, 4)
      writeText(arena, at, written)
      view.setUint32(at + 8, times, true)
      const result = repeat()
      return arena.readUtf8(view.getUint32(result, true), view.getUint32(result + 4, true))
    }),
  }
}

function writeText(arena: NativeArena, at: number, text: string): void {
  const room = Buffer.byteLength(text)
  const start = arena.allocate(room, 1)
  arena.view().setUint32(at, start, true)
  arena.view().setUint32(at + 4, arena.writeUtf8(start, room, text), true)
}

/** The same library with another revision, and so another digest. */
export function withRevision(library: Uint8Array, revision: number): Uint8Array<ArrayBuffer> {
  const changed = Buffer.from(library)
  const mark = Buffer.alloc(4)
  mark.writeUint32LE(0x6d6f7274)
  changed.writeUint32LE(revision, changed.indexOf(mark) + 4)
  return Uint8Array.from(changed)
}

/** How many mappings of libraries of ours this process has. */
export async function mapped(): Promise<number> {
  return (await readFile('/proc/self/maps', 'utf8')).split('\n').filter((line) => line.includes('/mortise-native-'))
    .length
}
