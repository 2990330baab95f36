import { wat } from '../../support/wat.ts'

/**
 * A guest in WebAssembly that answers every request with a text, after it has slept: the path says for how many milliseconds, `/10`. On
 * `/loop` it is busy for ever, on `/crash` it traps.
 */
export function saying(text: string): Uint8Array {
  const data = [...Buffer.from(text)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
  return wat(`(module
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 2)
    (data (i32.const 2048) "${data}")
    (global $heap (mut i32) (i32.const 65536))
    (func (export "cabi_realloc") (param i32 i32 i32) (param $bytes i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
      (global.set $heap (i32.add (local.get $at) (local.get $bytes)))
      (local.get $at))
    (func (export "cabi_post_fetch") (param i32) (global.set $heap (i32.const 65536)))
    (func (export "fetch") (param i32 i32) (param $uri i32) (param $length i32) (param i32 i32 i32 i32) (result i32)
      (local $at i32) (local $digit i32) (local $wait i64)
      (if (i32.gt_u (local.get $length) (i32.const 1)) (then
        (if (i32.eq (i32.load8_u (i32.add (local.get $uri) (i32.const 1))) (i32.const 108)) (then (loop $ever (br $ever))))
        (if (i32.eq (i32.load8_u (i32.add (local.get $uri) (i32.const 1))) (i32.const 99)) (then unreachable))))
      (local.set $at (i32.const 1))
      (block $parsed (loop $digits
        (br_if $parsed (i32.ge_u (local.get $at) (local.get $length)))
        (local.set $digit (i32.sub (i32.load8_u (i32.add (local.get $uri) (local.get $at))) (i32.const 48)))
        (br_if $parsed (i32.gt_u (local.get $digit) (i32.const 9)))
        (local.set $wait (i64.add (i64.mul (local.get $wait) (i64.const 10))
          (i64.extend_i32_u (local.get $digit))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $digits)))
      (if (i64.ne (local.get $wait) (i64.const 0)) (then
        (i32.store (i32.const 528) (i32.const 1))
        (i64.store (i32.const 536) (i64.mul (local.get $wait) (i64.const 1000000)))
        (drop (call $poll (i32.const 512) (i32.const 600) (i32.const 1) (i32.const 640)))))
      (i32.store16 (i32.const 1024) (i32.const 200))
      (i32.store (i32.const 1028) (i32.const 0))
      (i32.store (i32.const 1032) (i32.const 0))
      (i32.store (i32.const 1036) (i32.const 2048))
      (i32.store (i32.const 1040) (i32.const ${text.length}))
      (i32.const 1024)))`)
}

/** The same, which says its number. */
export const answering = (number: number): Uint8Array => saying(`wasm ${number}\n`)

/** The same in JavaScript. */
export const script = (number: number): string => `
import { setTimeout } from 'node:timers/promises'

export default {
  async fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === '/loop') for (;;);
    if (pathname === '/crash') throw new Error('crashed <here>')
    await setTimeout(Number(pathname.slice(1)) || 0, undefined, { ref: false })
    return new Response('js ${number}\\n')
  },
}
`
