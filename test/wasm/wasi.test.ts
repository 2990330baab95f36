import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { describe, test } from 'node:test'
import { wasiModule, wasiTypes } from '../../src/wasm/wasi/types.ts'
import { wasi } from '../../src/wasm/wasi/wasi.ts'
import { Exited, FakeWasiHost, setUp, size } from './fake-wasi-host.ts'
import { linkEverything, parameters } from './imports.ts'

const [success, badf, fault, inval, nosys, notdir, notsock, spipe] = [0, 8, 21, 28, 52, 54, 57, 70]

describe('WASI signatures', () => {
  test('all 46 functions exist, and each has a type', () => {
    const names = Object.keys(wasi(new FakeWasiHost())).toSorted()
    assert.equal(names.length, 46)
    assert.deepEqual(Object.keys(wasiTypes).toSorted(), names)
  })

  test('a module that imports all of them with their types links and gets a number from each', async () => {
    const guest = await linkEverything(wasiModule, wasiTypes, wasi(new FakeWasiHost()))
    for (const [name, type] of Object.entries(wasiTypes)) {
      const zeros = parameters(type).map((parameter) => (parameter === 'i64' ? 0n : 0))
      if (name === 'proc_exit') assert.throws(() => guest(name, zeros), Exited)
      else assert.equal(typeof guest(name, zeros), 'number', name)
    }
  })
})

describe('WASI answers', () => {
  // One row per case: function, arguments, errno. Rows that leave something in memory are the tests below.
  const cases: readonly (readonly [string, readonly unknown[], number])[] = [
    ['fd_close', [3], badf],
    ['fd_close', [-1], badf],
    ['fd_datasync', [1], inval],
    ['fd_datasync', [3], badf],
    ['fd_sync', [1], inval],
    ['fd_sync', [3], badf],
    ['fd_advise', [0, 0n, 0n, 0], spipe],
    ['fd_advise', [9, 0n, 0n, 0], badf],
    ['fd_allocate', [1, 0n, 1n], spipe],
    ['fd_allocate', [3, 0n, 1n], badf],
    ['fd_fdstat_get', [3, 0], badf],
    ['fd_fdstat_get', [1, size - 23], fault],
    ['fd_fdstat_set_flags', [1, 0x20], inval],
    ['fd_fdstat_set_flags', [3, 0], badf],
    ['fd_fdstat_set_rights', [1, 0n, 0n], nosys],
    ['fd_fdstat_set_rights', [3, 0n, 0n], badf],
    ['fd_filestat_get', [3, 0], badf],
    ['fd_filestat_get', [1, size - 63], fault],
    ['fd_filestat_set_size', [1, 0n], inval],
    ['fd_filestat_set_size', [3, 0n], badf],
    ['fd_filestat_set_times', [1, 0n, 0n, 0], nosys],
    ['fd_filestat_set_times', [3, 0n, 0n, 0], badf],
    ['fd_pread', [0, 0, 0, 0n, 0], spipe],
    ['fd_pread', [3, 0, 0, 0n, 0], badf],
    ['fd_pwrite', [1, 0, 0, 0n, 0], spipe],
    ['fd_pwrite', [3, 0, 0, 0n, 0], badf],
    ['fd_prestat_get', [0, 0], badf],
    ['fd_prestat_get', [3, 0], badf],
    ['fd_prestat_dir_name', [3, 0, 0], badf],
    ['fd_read', [1, 0, 0, 0], badf],
    ['fd_read', [3, 0, 0, 0], badf],
    ['fd_read', [0, 0, 0, size - 3], fault],
    ['fd_readdir', [1, 0, 0, 0n, 0], notdir],
    ['fd_readdir', [3, 0, 0, 0n, 0], badf],
    ['fd_renumber', [1, 3], badf],
    ['fd_renumber', [3, 1], badf],
    ['fd_seek', [1, 0n, 0, 0], spipe],
    ['fd_seek', [3, 0n, 0, 0], badf],
    ['fd_tell', [2, 0], spipe],
    ['fd_tell', [3, 0], badf],
    ['fd_write', [0, 0, 0, 0], badf],
    ['fd_write', [3, 0, 0, 0], badf],
    ['fd_write', [1, 0, 0, size - 3], fault],
    ['fd_write', [1, -8, 1, 0], fault],
    ['fd_write', [1, 0, -1, 0], fault],
    ['path_create_directory', [3, 0, 0], badf],
    ['path_create_directory', [1, 0, 0], notdir],
    ['path_filestat_get', [3, 0, 0, 0, 0], badf],
    ['path_filestat_set_times', [3, 0, 0, 0, 0n, 0n, 0], badf],
    ['path_link', [3, 0, 0, 0, 3, 0, 0], badf],
    ['path_open', [3, 0, 0, 0, 0, 0n, 0n, 0, 0], badf],
    ['path_open', [0, 0, 0, 0, 0, 0n, 0n, 0, 0], notdir],
    ['path_readlink', [3, 0, 0, 0, 0, 0], badf],
    ['path_remove_directory', [3, 0, 0], badf],
    ['path_rename', [3, 0, 0, 3, 0, 0], badf],
    ['path_symlink', [0, 0, 3, 0, 0], badf],
    ['path_symlink', [3, 0, 0, 0, 0], notdir],
    ['path_unlink_file', [3, 0, 0], badf],
    ['proc_raise', [6], nosys],
    ['sched_yield', [], success],
    ['sock_accept', [3, 0, 0], badf],
    ['sock_accept', [0, 0, 0], notsock],
    ['sock_recv', [3, 0, 0, 0, 0, 0], badf],
    ['sock_send', [3, 0, 0, 0, 0], badf],
    ['sock_shutdown', [1, 0], notsock],
    ['args_sizes_get', [size - 3, 0], fault],
    ['args_sizes_get', [0, size - 3], fault],
    ['args_get', [size - 4, 0], fault],
    ['args_get', [0, size - 4], fault],
    ['environ_sizes_get', [-1, 0], fault],
    ['environ_get', [-4, 0], fault],
    ['clock_time_get', [4, 0n, 0], inval],
    ['clock_time_get', [-1, 0n, 0], inval],
    ['clock_time_get', [0, 0n, size - 7], fault],
    ['clock_res_get', [4, 0], inval],
    ['clock_res_get', [0, -8], fault],
    ['random_get', [0, -1], fault],
    ['random_get', [size, 1], fault],
    ['random_get', [size, 0], success],
    ['poll_oneoff', [0, 0, 0, 0], inval],
    ['poll_oneoff', [0, 0, -1, 0], inval],
    ['poll_oneoff', [0, 0, 1025, 0], inval],
    ['poll_oneoff', [size - 47, 0, 1, 0], fault],
    ['poll_oneoff', [0, size - 31, 1, 0], fault],
    ['poll_oneoff', [0, 0, 1, size - 3], fault],
  ]
  for (const [name, args, errno] of cases) {
    test(`${name}(${args.join(', ')}) is ${errno}`, () => {
      const { host, run } = setUp()
      assert.equal(run(name, ...args), errno)
      assert.ok(host.marginsIntact())
      assert.deepEqual(host.written, [])
    })
  }

  test('proc_exit hands the code over unsigned and lets what exit throws pass', () => {
    const { run } = setUp()
    assert.throws(() => run('proc_exit', 3), { exitCode: 3 })
    assert.throws(() => run('proc_exit', -1), { exitCode: 0xffff_ffff })
  })

  test('arguments and environment are lists of zero-terminated UTF-8', () => {
    const { host, run } = setUp()
    for (const [sizes, get, strings, bytes] of [
      ['args_sizes_get', 'args_get', ['guest', 'ä'], 9],
      ['environ_sizes_get', 'environ_get', ['HOME=/', 'EMPTY='], 14],
    ] as const) {
      assert.equal(run(sizes, 100, 104), success)
      assert.deepEqual([host.u32(100), host.u32(104)], [2, bytes])
      assert.equal(run(get, 200, 300), success)
      assert.deepEqual([host.text(host.u32(200)), host.text(host.u32(204))], strings)
    }
  })

  test('a guest without arguments may pass pointers to the very end of its memory', () => {
    const { host, run } = setUp()
    host.args = []
    assert.equal(run('args_get', size, size), success)
  })

  test('clocks are the real time, and the monotonic one for the rest', () => {
    const { host, run } = setUp()
    for (const [id, time] of [1n, 2n, 2n, 2n].entries()) {
      assert.equal(run('clock_time_get', id, 1n, 8), success)
      assert.equal(host.u64(8), time * 1_000_000_000n)
      assert.equal(run('clock_res_get', id, 8), success)
      assert.equal(host.u64(8), id === 0 ? 1_000_000n : 1n)
    }
  })

  test('random_get fills exactly what it was asked for', () => {
    const { host, run } = setUp()
    assert.equal(run('random_get', 16, 4), success)
    assert.deepEqual([...host.bytes().subarray(15, 21)], [0, 7, 7, 7, 7, 0])
  })

  test('the three descriptors are character devices with a read or a write right', () => {
    const { host, run } = setUp()
    for (const [fd, right] of [2n, 64n, 64n].entries()) {
      assert.equal(run('fd_fdstat_get', fd, 64), success)
      assert.equal(host.bytes()[64], 2)
      assert.equal(host.u64(72) & 66n, right)
      assert.equal(run('fd_filestat_get', fd, 128), success)
      assert.equal(host.bytes()[128 + 16], 2)
    }
  })

  test('status flags are kept per descriptor', () => {
    const { host, run } = setUp()
    assert.equal(run('fd_fdstat_set_flags', 1, 4), success)
    run('fd_fdstat_get', 1, 0)
    assert.equal(host.view().getUint16(2, true), 4)
    run('fd_fdstat_get', 2, 0)
    assert.equal(host.view().getUint16(2, true), 0)
  })

  test('a closed descriptor is gone until its state is put back', () => {
    const { descriptors, run } = setUp()
    const before = descriptors.state
    assert.equal(run('fd_close', 1), success)
    assert.equal(run('fd_write', 1, 0, 0, 0), badf)
    assert.equal(run('fd_close', 1), badf)
    assert.equal(run('fd_write', 2, 0, 0, 0), success)
    descriptors.state = before
    assert.equal(run('fd_write', 1, 0, 0, 0), success)
  })

  test('fd_renumber moves a stream onto another descriptor', () => {
    const { host, run } = setUp()
    host.bytes().set(Buffer.from('moved'), 100)
    host.put(0, 100, 5)
    assert.equal(run('fd_renumber', 1, 2), success)
    assert.equal(run('fd_write', 1, 0, 1, 8), badf)
    assert.equal(run('fd_write', 2, 0, 1, 8), success)
    assert.deepEqual(host.written, [{ stream: 'stdout', text: 'moved' }])
    assert.equal(run('fd_renumber', 2, 2), success)
    assert.equal(run('fd_write', 2, 0, 1, 8), success)
  })
})
