import { type Binding, type Contract, defineContract } from 'mortise/contract'
import { requireSymbols } from 'mortise/native'
import { type User, UserCodec, type UserId } from './user.ts'

/** What the library offers. */
export interface Users {
  readonly seven: () => number
  readonly add: (a: number, b: number) => number
  readonly measure: (text: string) => number
  readonly text: () => string | undefined
  readonly getUser: (id: UserId) => User | undefined
}

/** The contract, bound by hand. */
export const users: Contract<Users, { readonly native: Binding<Users, 'native', 'sync'> }> = defineContract<Users>()({
  name: 'users',
  pure: true,
  hooks: { seven: 0, add: 2, measure: 1, text: 0, getUser: 1 },
  bindings: {
    native: {
      mode: 'sync',
      check: requireSymbols({ hooks: ['get-user'], functions: ['seven', 'add', 'measure', 'name'] }),
      imports: () => ({}),
      bind({ guard, unit: { arena, hook, symbol } }) {
        const codec = new UserCodec(arena.bytes())
        const call = hook('get-user')
        return {
          seven: guard('seven', symbol('seven', [], 'i32')),
          add: guard('add', symbol('add', ['i32', 'i32'], 'i32')),
          measure: guard('measure', symbol('measure', ['text'], 'u32')),
          text: guard('text', symbol('name', [], 'text')),
          getUser: guard('getUser', (id: UserId) => {
            codec.lower(id)
            return codec.lift(call())
          }),
        }
      },
    },
  },
})
