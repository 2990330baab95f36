import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { describe, test } from 'node:test'
import { wasi } from '../../src/wasm/wasi/wasi.ts'
import { FakeWasiHost, setUp, size } from './fake-wasi-host.ts'
import { call } from './imports.ts'

const [success, fault] = [0, 21]

describe('WASI reading and writing', () => {
  test('standard input is at its end', () => {
    const { host, run } = setUp()
    host.put(0, 100, 50)
    host.put(40, 77)
    assert.equal(run('fd_read', 0, 0, 1, 40), success)
    assert.equal(host.u32(40), 0)
  })

  test('standard input fills buffer after buffer, as far as it goes', () => {
    const { host, run } = setUp()
    host.input = Buffer.from('Hello, world')
    host.put(0, 100, 7, 0, 0, 200, 3)
    assert.equal(run('fd_read', 0, 0, 3, 40), success)
    assert.deepEqual([host.u32(40), host.left], [10, 2])
    assert.equal(Buffer.from(host.bytes().subarray(100, 107)).toString(), 'Hello, ')
    assert.equal(Buffer.from(host.bytes().subarray(200, 204)).toString(), 'wor\0')
    assert.equal(run('fd_read', 0, 0, 3, 40), success)
    assert.deepEqual([host.u32(40), host.left], [2, 0])
    assert.equal(Buffer.from(host.bytes().subarray(100, 107)).toString(), 'ldllo, ')
  })

  test('standard input goes to the buffers that the call named, whatever it writes over them', () => {
    const { host, run } = setUp()
    host.input = Buffer.from('x'.repeat(20))
    // The first buffer is the list of buffers itself.
    host.put(0, 0, 16, 100, 4)
    assert.equal(run('fd_read', 0, 0, 2, 40), success)
    assert.equal(host.u32(40), 20)
    assert.equal(Buffer.from(host.bytes().subarray(100, 104)).toString(), 'xxxx')
  })

  test('a buffer outside memory refuses the whole call before anything was read', () => {
    const { host, run } = setUp()
    host.input = Buffer.from('Hello')
    host.put(0, 100, 2, size - 2, 3)
    assert.equal(run('fd_read', 0, 0, 2, 40), fault)
    assert.equal(host.left, 5)
  })

  test('all buffers go out in order, to the stream that was named', () => {
    const { host, run } = setUp()
    host.bytes().set(Buffer.from('Hello, world'), 100)
    host.put(0, 100, 7, 0, 0, 107, 5)
    assert.equal(run('fd_write', 1, 0, 3, 40), success)
    assert.equal(host.u32(40), 12)
    assert.equal(run('fd_write', 2, 16, 1, 40), success)
    assert.deepEqual(host.written, [
      { stream: 'stdout', text: 'Hello, ' },
      { stream: 'stdout', text: 'world' },
      { stream: 'stderr', text: 'world' },
    ])
  })

  test('one buffer outside memory refuses the whole call before anything went out', () => {
    const { host, run } = setUp()
    host.put(0, 100, 5, size - 4, 5)
    assert.equal(run('fd_write', 1, 0, 2, 40), fault)
    host.put(0, 100, 5, 0xffff_ffff, 0xffff_ffff)
    assert.equal(run('fd_write', 1, 0, 2, 40), fault)
    assert.equal(run('fd_read', 0, 0, 2, 40), fault)
    assert.deepEqual(host.written, [])
  })

  test('more than 1,024 buffers are a short write', () => {
    const { host, run } = setUp()
    for (let index = 0; index < 2000; index++) host.put(index * 8, 60_000, 1)
    assert.equal(run('fd_write', 1, 0, 2000, 40_000), success)
    assert.equal(host.u32(40_000), 1024)
    assert.equal(host.written.length, 1024)
  })

  test('a byte count never exceeds what a guest can hold as a positive number', () => {
    const big = new FakeWasiHost(2 ** 22)
    let bytes = 0
    big.write = (_, chunk) => {
      bytes += chunk.length
    }
    for (let index = 0; index < 1024; index++) big.put(index * 8, 0, 2 ** 22)
    assert.equal(call(wasi(big), 'fd_write', [1, 0, 1024, 16_384]), success)
    assert.equal(big.u32(16_384), 0x7fff_ffff)
    assert.equal(bytes, 0x7fff_ffff)
  })

  test('what the host throws at a write passes untouched', () => {
    const { host, run } = setUp()
    const limit = new Error('output limit')
    host.write = () => {
      throw limit
    }
    host.put(0, 100, 1)
    assert.throws(
      () => run('fd_write', 1, 0, 1, 40),
      (thrown) => thrown === limit,
    )
  })
})
