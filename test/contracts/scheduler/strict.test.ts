import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { guest, plugged, Texts } from '../../support/scheduler-guest.ts'
import { failure } from '../../support/wat.ts'
import type { ErrorCode } from 'mortise'

/** The bodies that fail, with the reason that the reference has for each. */
const traps: readonly (readonly [reason: string, body: string, code: ErrorCode])[] = [
  ['unreachable', 'unreachable', 'TRAP_UNREACHABLE'],
  ['out of bounds memory access', '(i32.load (i32.const 65536))', 'TRAP_OUT_OF_BOUNDS'],
  ['integer divide by zero', '(i32.div_s (i32.const 1) (local.get $n))', 'TRAP_DIVIDE_BY_ZERO'],
  ['integer divide by zero', '(i32.rem_u (i32.const 1) (local.get $n))', 'TRAP_DIVIDE_BY_ZERO'],
  [
    'integer overflow',
    '(local.set $n (i32.const -1)) (i32.div_s (i32.const -2147483648) (local.get $n))',
    'TRAP_INTEGER_OVERFLOW',
  ],
  ['invalid conversion to integer', '(i32.trunc_f32_s (f32.const nan))', 'TRAP_INVALID_CONVERSION'],
  ['invalid table access', '(call_indirect (result i32) (i32.const 7))', 'TRAP_TABLE_ACCESS'],
  ['indirect call type mismatch', '(call_indirect (result i32) (i32.const 0))', 'TRAP_INDIRECT_CALL'],
]
const table = '(table 2 funcref) (elem (i32.const 0) $void) (func $void)'

/** The number of the first function of a guest: its imports come before. */
const first = 23

describe('what strict says', () => {
  for (const [reason, body, code] of traps) {
    it(`of ${reason}: ${body}`, async () => {
      await using all = await plugged(guest({ filter: body }, table), { strict: true })
      const { message } = await all.attempt((hooks) => failure(code, () => hooks.filter('a')))
      assert.equal(message, `wasm: filter error: wasm error: ${reason}\nwasm stack trace:\n\tguest.$${first + 1}() i32`)
    })
  }

  it('of a stack: the names of functions, their types, and as many as thirty', async () => {
    const more = `(func $deep (param $left i32) (param i64) (result i32)
      (if (i32.eqz (local.get $left)) (then unreachable))
      (i32.add (i32.const 1) (call $deep (i32.sub (local.get $left) (i32.const 1)) (i64.const 0))))`
    for (const depth of [2, 27, 40]) {
      const source = guest({ filter: `(call $deep (i32.const ${depth}) (i64.const 0))` }, more)
      await using all = await plugged(source, { strict: true })
      const { message } = await all.attempt((hooks) => failure('TRAP_UNREACHABLE', () => hooks.filter('a')))
      const frames = message.split('\n').slice(2)
      assert(frames.slice(0, -1).every((frame) => frame === '\tguest.deep(i32,i64) i32'))
      if (depth < 30) assert.equal(frames.length, depth + 2)
      else assert(frames.length <= 30)
    }
  })

  it('of a stack that overflows, of an exit, and of a host function that fails', async () => {
    const more = '(func $deep (result i32) (i32.add (i32.const 1) (call $deep)))'
    const bodies = {
      filter: '(call $deep)',
      reserve: '(call $proc_exit (i32.const 7)) (i32.const 0)',
      bind: '(call $reject_waiting_pod (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 0)',
      unreserve: 'unreachable',
      score: 'unreachable',
    }
    const handle = {
      waitingPods: {
        get: () => undefined,
        reject: () => {
          throw new Error('nobody rejects here')
        },
      },
    }
    await using all = await plugged(guest(bodies, more), { strict: true, handle }, {}, { deadline: Infinity })
    const said = async (
      code: ErrorCode,
      name: 'filter' | 'reserve' | 'bind' | 'unreserve' | 'score',
    ): Promise<string> => all.attempt((hooks) => failure(code, () => hooks[name]('a')).message)
    assert.equal(await said('TRAP_STACK_OVERFLOW', 'filter'), 'wasm: filter error: stack overflow')
    assert.equal(await said('GUEST_EXIT', 'reserve'), 'wasm: reserve error: module closed with exit_code(7)')
    assert.match(
      await said('HOST_FUNCTION_FAILED', 'bind'),
      /^wasm: bind error: nobody rejects here \(recovered by wazero\)\nwasm stack trace:\n\tk8s\.io\/scheduler\.handle\.reject_waiting_pod\(i32,i32,i32,i32\)\n\tguest\.\$\d+\(\) i32$/,
    )
    assert.match(await said('TRAP_UNREACHABLE', 'unreserve'), /^wasm: unreserve error: .*\n.*\n\tguest\.\$\d+\(\)$/)
    assert.match(await said('TRAP_UNREACHABLE', 'score'), /^wasm: score error: .*\n.*\n\tguest\.\$\d+\(\) i64$/)
  })

  it('of what a guest wrote: both streams as they came, in this call', async () => {
    const texts = new Texts(256)
    const write = (stream: number, text: string): string => {
      const [at, length] = texts.put(text).match(/\d+(?=\))/g) ?? []
      return `(i32.store (i32.const 0) (i32.const ${at})) (i32.store (i32.const 4) (i32.const ${length}))
        (drop (call $fd_write (i32.const ${stream}) (i32.const 0) (i32.const 1) (i32.const 8)))`
    }
    const bodies = {
      prefilter: `${write(1, 'not this\n')} (i32.const 0)`,
      filter: `${write(2, 'one\n')} ${write(1, 'two')} ${write(2, ', three')} unreachable`,
    }
    const source = guest(bodies, texts.data)
    await using all = await plugged(source, { strict: true })
    const error = await all.attempt((hooks) => {
      hooks.preFilter()
      return failure('TRAP_UNREACHABLE', () => hooks.filter('a'))
    })
    assert(
      error.message.startsWith('wasm: filter error: one\ntwo, three\nwasm error: unreachable\nwasm stack trace:\n'),
    )
    assert.equal(error.details.written, 'one\ntwo, three')
    await using own = await plugged(source)
    const { message } = await own.attempt((hooks) => failure('TRAP_UNREACHABLE', () => hooks.filter('a')))
    assert.match(message, /^Cannot finish 'filter' of plugin 'guest': it ran into an 'unreachable' instruction/)
  })

  it('of nothing that the guest did not do', async () => {
    await using all = await plugged(guest({ filter: '(i32.const 0)' }), { strict: true })
    await all.attempt((hooks) => {
      // @ts-expect-error -- no name
      assert.match(failure('INPUT_INVALID', () => hooks.filter(7)).message, /^Cannot call 'filter'/)
    })
    assert.match(failure('ATTEMPT_ABSENT', () => all.plugin.hooks.filter('a')).message, /^Cannot call 'filter'/)
  })
})
