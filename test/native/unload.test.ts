import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Mortise, MortiseError } from 'mortise'
import { defineContract } from 'mortise/contract'
import { native, requireSymbols } from 'mortise/native'
import { compileGoLibrary, compileLibrary, compileRustLibrary, libraryCompilerMissing } from '../support/libraries.ts'
import { mapped, users, withRevision } from './users.ts'

const linux = process.platform === 'linux' ? false : 'reads /proc/self/maps, which only Linux has'
const skip = linux === false ? await libraryCompilerMissing('cc', 'c++') : linux

/** What every library of these tests has. */
const revision = defineContract<{ revision(): number }>()({
  name: 'revision',
  pure: true,
  hooks: { revision: 0 },
  bindings: {
    native: {
      mode: 'sync',
      check: requireSymbols({ hooks: ['revision'], hostFunctions: ['lookup'] }),
      imports: () => ({}),
      bind({ guard, unit: { arena, hook } }) {
        const call = hook('revision')
        return { revision: guard('revision', () => arena.view().getUint32(call(), true)) }
      },
    },
  },
})

/** Bytes of the process in memory, without what the collector would find. */
function resident(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
  return process.memoryUsage.rss()
}

/** Does something that makes the process warn, and gives the warning. */
async function warning(act: () => Promise<unknown>): Promise<MortiseError> {
  const warned = once(process, 'warning', { signal: AbortSignal.timeout(10_000) })
  await act()
  const [error] = (await warned) as unknown[]
  assert.ok(MortiseError.is(error, 'NATIVE_NOT_UNLOADED'), String(error))
  return error
}

describe('unloading a native library', { skip }, () => {
  it('swapped 1,000 times, each time for another one, leaves nothing mapped', async (t) => {
    const library = await compileLibrary('users.c')
    await using host = new Mortise({ runtimes: [native()] })
    const plugin = await host.plug('users', library, users())
    const one = await mapped()
    assert.ok(one > 0)
    const digests = new Set([plugin.digest])
    let middle = 0
    for (let time = 2; time <= 1001; time++) {
      digests.add(await plugin.swap(withRevision(library, time)))
      assert.equal(plugin.hooks.revision(), time)
      assert.equal(plugin.hooks.count(), 1)
      if (time % 100 === 0) assert.equal(await mapped(), one)
      if (time === 501) middle = resident()
    }
    assert.equal(digests.size, 1001)
    await plugin.unplug()
    assert.equal(await mapped(), 0)
    const growth = (resident() - middle) / 500 / 1024
    t.diagnostic(`resident memory: ${growth.toFixed(1)} KiB a reload, over the last 500`)
  })

  it('under a call of its own waits for the end of the call', async () => {
    const library = await compileLibrary('users.c')
    await using host = new Mortise({ runtimes: [native()] })
    let unplugged: Promise<void> | undefined
    const plugin = await host.plug(
      'users',
      library,
      users((key) => {
        unplugged = plugin.unplug()
        return key
      }),
    )
    assert.equal(plugin.hooks.ask(7), 7)
    await unplugged
    assert.equal(await mapped(), 0)
    assert.throws(() => plugin.hooks.ask(7), { code: 'PLUGIN_UNPLUGGED' })
  })

  it('that stays because of its symbols or its threads is a warning that says why', async () => {
    const source = (body: string): string => `#include "mortise.h"
      #include <string>
      MORTISE_PLUGIN("")
      ${body}
      MORTISE_HOOK(revision) {
        uint32_t *result = (uint32_t *)mortise_alloc(4, 4);
        *result = value();
        return mortise_offset(result);
      }
    `
    const unique =
      'template <typename T> struct Holder { static T held; }; template <typename T> T Holder<T>::held = 3;\n'
    const cases = [
      [
        `${unique} inline uint32_t value() { static uint32_t kept = 3; return kept + Holder<uint32_t>::held - 3; }`,
        /unique symbols, such as '_Z.*-fno-gnu-unique/,
      ],
      [
        'static thread_local std::string text = "abc"; static uint32_t value() { return (uint32_t)text.size(); }',
        /thread-local objects with destructors/,
      ],
    ] as const
    for (const [body, why] of cases) {
      await using host = new Mortise({ runtimes: [native()] })
      const before = await mapped()
      const plugin = await host.plug('guest', await compileLibrary(source(body), { compiler: 'c++' }), revision)
      assert.equal(plugin.hooks.revision(), 3)
      const error = await warning(() => plugin.unplug())
      assert.match(error.message, why)
      assert.equal(error.details.plugin, 'guest')
      assert.ok((await mapped()) > before)
    }
  })

  it('compiled without unique symbols is unloaded, in C++ too', async () => {
    const before = await mapped()
    await using host = new Mortise({ runtimes: [native({ nodelete: 'refuse' })] })
    const library = await compileLibrary('users.c', { compiler: 'c++', flags: ['-fno-gnu-unique'] })
    const plugin = await host.plug('users', library, users())
    assert.equal(plugin.hooks.repeatText('C++', 2), 'C++C++')
    await plugin.unplug()
    assert.equal(await mapped(), before)
  })
})

describe('a native library by Rust', { skip: linux === false ? await libraryCompilerMissing('rustc') : linux }, () => {
  const counter = defineContract<{ count(to: number): number }>()({
    name: 'counter',
    pure: true,
    hooks: { count: 1 },
    bindings: {
      native: {
        mode: 'sync',
        check: requireSymbols({ functions: ['count'] }),
        imports: () => ({}),
        bind: ({ guard, unit }) => ({ count: guard('count', unit.symbol('count', ['u32'], 'u32')) }),
      },
    },
  })
  const source = (body: string): string => `
    #[no_mangle] pub static mortise_abi_version: u32 = 1;
    #[no_mangle] pub extern "C" fn count(to: u32) -> u32 { ${body} }
    thread_local! { static KEPT: std::cell::RefCell<Vec<u32>> = std::cell::RefCell::new(vec![]); }
  `

  it('without the header needs one constant, and is unloaded', async () => {
    const before = await mapped()
    const library = await compileRustLibrary(source('(0..to).map(|n| n.to_string()).collect::<String>().len() as u32'))
    await using host = new Mortise({ runtimes: [native({ nodelete: 'refuse' })] })
    const plugin = await host.plug('rust', library, counter)
    assert.equal(plugin.hooks.count(12), 14)
    await plugin.unplug()
    assert.equal(await mapped(), before)
  })

  it('stays once it has used a thread-local object with a destructor', async () => {
    const library = await compileRustLibrary(
      source('KEPT.with(|kept| { kept.borrow_mut().push(to); kept.borrow().len() as u32 })'),
    )
    await using host = new Mortise({ runtimes: [native()] })
    const plugin = await host.plug('rust', library, counter)
    assert.equal(plugin.hooks.count(12), 1)
    const error = await warning(() => plugin.unplug())
    assert.match(error.message, /thread-local objects with destructors/)
  })
})

describe('a native library by Go', { skip: linux === false ? await libraryCompilerMissing('cc', 'go') : linux }, () => {
  it('works, and stays in memory after it was unplugged, with a warning', async () => {
    const library = await compileGoLibrary()
    await using host = new Mortise({ runtimes: [native()] })
    const before = await mapped()
    const plugin = await host.plug('go', library, revision)
    assert.equal(plugin.hooks.revision(), 7)
    const error = await warning(() => plugin.unplug())
    assert.match(error.message, /'go'.*-z nodelete, as Go links every library/)
    assert.ok((await mapped()) > before)
    assert.throws(() => plugin.hooks.revision(), { code: 'PLUGIN_UNPLUGGED' })
  })

  it('is refused where the host wants to unload, before it is loaded', async () => {
    const before = await mapped()
    await using host = new Mortise({ runtimes: [native({ nodelete: 'refuse' })] })
    await assert.rejects(host.plug('go', await compileGoLibrary(), revision), {
      code: 'NATIVE_NOT_UNLOADED',
      message: /-z nodelete, as Go links every library/,
    })
    assert.equal(await mapped(), before)
  })
})
