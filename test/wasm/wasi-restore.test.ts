import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Mortise, MortiseError } from 'mortise'
import { defineContract } from 'mortise/contract'
import { requireSurface, wasm, wasmFunction } from 'mortise/wasm'
import wabt from 'wabt'

const closer = `
(module
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\10\\00\\00\\00\\06\\00\\00\\00")
  (data (i32.const 16) "hello\\n")
  (func (export "print") (result i32) (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
  (func (export "close") (result i32) (call $close (i32.const 1)))
  (func (export "fail") (result i32) unreachable))`

interface Closer {
  print(): number
  close(): number
  fail(): number
}

const closing = defineContract<Closer>()({
  name: 'closing',
  pure: false,
  hooks: { print: 0, close: 0, fail: 0 },
  bindings: {
    wasm: {
      mode: 'sync',
      check: requireSurface({
        exports: { print: 'func () -> (i32)', close: 'func () -> (i32)', fail: 'func () -> (i32)' },
      }),
      imports: () => ({}),
      bind: (instance) => {
        const hook = (name: string): (() => number) => instance.guard(name, wasmFunction(instance.unit.exports, name))
        return { print: hook('print'), close: hook('close'), fail: hook('fail') }
      },
    },
  },
})

test('a guest that closed its output and then failed has it back after its restore', async () => {
  const lines: string[] = []
  await using host = new Mortise({ runtimes: [wasm()], log: ({ text }) => lines.push(text) })
  const module = (await wabt()).parseWat('closer.wat', closer)
  const { hooks } = await host.plug('closer', new Uint8Array(module.toBinary({}).buffer), closing)
  assert.equal(hooks.print(), 0)
  assert.equal(hooks.close(), 0)
  assert.equal(hooks.print(), 8)
  assert.throws(
    () => hooks.fail(),
    (error) => MortiseError.is(error, 'TRAP_UNREACHABLE'),
  )
  assert.equal(hooks.print(), 0)
  assert.deepEqual(lines, ['hello', 'hello'])
})
