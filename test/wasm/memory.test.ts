import assert from 'node:assert/strict'
import { constants } from 'node:buffer'
import { it } from 'node:test'
import { MemoryViews } from '../../src/wasm/memory.ts'

const page = 65_536
const most = constants.MAX_STRING_LENGTH

it('text that is longer than a string may be is a fault of the guest', () => {
  const pages = Math.ceil((2 * most) / page) + 1
  const memory = new MemoryViews(pages * page)
  memory.attach(new WebAssembly.Memory({ initial: pages, maximum: pages }))
  const says = { code: 'GUEST_RESULT', message: new RegExp(`${most + 1} units, and a string has at most ${most}`) }
  assert.throws(() => memory.readUtf8(0, most + 1), says)
  assert.throws(() => memory.readUtf16(0, 2 * (most + 1)), says)
})
