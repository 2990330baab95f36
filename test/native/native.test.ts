import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type ErrorCode, Mortise, MortiseError } from 'mortise'
import { defineContract } from 'mortise/contract'
import { native, requireSymbols } from 'mortise/native'
import { wasm } from 'mortise/wasm'
import { compileLibrary, libraryCompilerMissing } from '../support/libraries.ts'
import { bindRepeat, mapped, users, withRevision } from './users.ts'

const skip = await libraryCompilerMissing('cc')
const library = skip === false ? await compileLibrary('users.c') : new Uint8Array()
const header = '#include "mortise.h"\n'

async function failure(code: ErrorCode | readonly ErrorCode[], act: () => unknown): Promise<MortiseError> {
  try {
    await act()
  } catch (error) {
    assert.ok(MortiseError.is(error) && [code].flat().includes(error.code), `${String(error)} is no ${String(code)}`)
    return error
  }
  return assert.fail(`nothing failed with ${String(code)}`)
}

describe('a native library', { skip }, () => {
  it('is called in place, with numbers, text and 64 bits', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const { hooks, digest, runtime } = await host.plug('users', library, users())
    assert.equal(hooks.add(2 ** 31 - 1, -5), 2 ** 31 - 6)
    assert.equal(hooks.repeatText('héllo 😀 ', 3), 'héllo 😀 héllo 😀 héllo 😀 ')
    assert.equal(hooks.repeatText('', 3), '')
    assert.equal(runtime, 'native')
    assert.match(digest, /^[0-9a-f]{64}$/)
  })

  it('as docs/native.md shows it works as it says', async () => {
    const page = await readFile(new URL('../../docs/native.md', import.meta.url), 'utf8')
    const [, source = ''] = /```c\n([^]*?)```/.exec(page) ?? []
    const repeater = defineContract<{
      repeat(text: string, times: number): string
      add(a: number, b: number): number
    }>()({
      name: 'repeater',
      pure: true,
      hooks: { repeat: 2, add: 2 },
      bindings: {
        native: {
          mode: 'sync',
          check: requireSymbols({ hooks: ['repeat'], functions: ['add'] }),
          imports: () => ({}),
          bind(instance) {
            const { repeatText } = bindRepeat(instance, 'repeat')
            return {
              repeat: repeatText,
              add: instance.guard('add', instance.unit.symbol('add', ['i32', 'i32'], 'i32')),
            }
          },
        },
      },
    })
    await using host = new Mortise({ runtimes: [native()] })
    const { hooks } = await host.plug('repeater', await compileLibrary(source), repeater)
    assert.equal(hooks.repeat('hello ', 3), 'hello hello hello ')
    assert.equal(hooks.add(1, 2), 3)
    assert.match((await failure('GUEST_FAILED', () => hooks.repeat('x', 1001))).message, /so often it would bore you/)
  })

  it('was opened before its first call', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const { hooks } = await host.plug('users', library, users())
    assert.equal(hooks.revision(), 1)
  })

  it('takes and gives large texts, as far as its arena goes', async () => {
    await using host = new Mortise({ runtimes: [native({ arena: '16 MiB' })] })
    const { hooks } = await host.plug('users', library, users())
    const text = 'abcdé'.repeat(200_000)
    assert.equal(hooks.repeatText(text, 12), text.repeat(12))
    const full = await failure('NATIVE_ARENA_FULL', () => hooks.repeatText(text, 14))
    assert.match(full.message, /16800000 bytes .* 16777216 bytes/)
    const large = await failure('INPUT_TOO_LARGE', () => hooks.repeatText(text.repeat(14), 1))
    assert.match(large.message, /16800000 bytes .* 'arena'/)
    assert.equal(hooks.repeatText('fine', 1), 'fine')
  })

  it('fails with a message of its own, and works again', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const plugin = await host.plug('users', library, users())
    const error = await failure('GUEST_FAILED', () => plugin.hooks.fail('there is no é'))
    assert.equal(error.message, "Cannot finish 'fail' of plugin 'users': there is no é")
    assert.deepEqual(error.details, { plugin: 'users', hook: 'fail', guest: { message: 'there is no é' } })
    assert.match((await failure('GUEST_FAILED', () => plugin.hooks.fail(''))).message, /did not say why/)
    assert.equal(plugin.hooks.count(), 1)
    assert.deepEqual([plugin.stats().calls, plugin.stats().errors], [3, 2])
  })

  it('that answers with bytes that are no text is an error', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const bad = await compileLibrary(`${header}
      MORTISE_PLUGIN("")
      MORTISE_HOOK(main) { return mortise_fail("\\xff\\xfe"); }
    `)
    const { hooks } = await host.plug('bad', bad, one)
    await failure('GUEST_STRING', () => hooks.main())
  })

  it('calls host functions, whose errors reach the caller', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const thrown = new RangeError('no such key')
    const { hooks } = await host.plug(
      'users',
      library,
      users((key) => {
        if (key === 13) throw thrown
        return key * 2
      }),
    )
    assert.equal(hooks.ask(21), 42)
    const error = await failure('HOST_FUNCTION_FAILED', () => hooks.ask(13))
    assert.equal(error.cause, thrown)
    assert.equal(hooks.ask(4), 8)
  })

  it('that calls a host function while it is opened or closed', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const keys: number[] = []
    const guest = await compileLibrary(
      `${header}
      MORTISE_PLUGIN("")
      MORTISE_HOST(lookup);
      static uint32_t ask(uint32_t key) {
        uint32_t *arguments = (uint32_t *)mortise_alloc(4, 4);
        if (arguments == NULL) return 0;
        *arguments = key;
        return mortise_host_lookup(mortise_offset(arguments));
      }
      MORTISE_OPEN { return ask(1); }
      MORTISE_CLOSE { if (ask(2) != 0) abort(); }
      MORTISE_HOOK(main) { return ask(3); }
    `.replace('\n', '\n#include <stdlib.h>\n'),
    )
    const contract = asking((key) => {
      keys.push(key)
      return 7
    })
    const plugin = await host.plug('asks', guest, contract)
    assert.equal(plugin.hooks.main(), 7)
    await plugin.unplug()
    assert.deepEqual(keys, [1, 3])
    const { errors, lastError } = plugin.stats()
    assert.equal(errors, 1)
    assert.match(lastError?.message ?? '', /'lookup': no call of a hook is under way/)
    const refused = asking(() => {
      throw new RangeError('mine')
    })
    const error = await failure('HOST_FUNCTION_FAILED', () => host.plug('asks', guest, refused))
    assert.ok(error.cause instanceof RangeError)
    assert.equal(await mapped(), 0)
  })

  it('that goes on without the memory that it was refused is an error', async () => {
    await using host = new Mortise({ runtimes: [native({ arena: 4096 })] })
    const careless = await compileLibrary(`${header}
      MORTISE_PLUGIN("")
      static char text[5000];
      MORTISE_HOOK(main) { (void)mortise_text(text, sizeof text); return MORTISE_DONE; }
    `)
    const { hooks } = await host.plug('careless', careless, one)
    assert.match((await failure('NATIVE_ARENA_FULL', () => hooks.main())).message, /5000 bytes/)
  })

  it('whose result is outside of its arena is an error', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const bad = await compileLibrary(`${header}MORTISE_PLUGIN("") MORTISE_HOOK(main) { return 0x7fffffff; }`)
    const { hooks } = await host.plug('bad', bad, one)
    const error = await failure('GUEST_POINTER', () => hooks.main())
    assert.match(error.message, /2147483647/)
  })

  it('called inside of a call of itself is another copy', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const counts: number[] = []
    const plugin = await host.plug(
      'users',
      library,
      users((key) => {
        counts.push(plugin.hooks.count())
        return key
      }),
    )
    counts.push(plugin.hooks.count())
    plugin.hooks.ask(1)
    assert.deepEqual(counts, [1, 1])
    assert.equal(plugin.hooks.count(), 2)
  })

  it('runs in two plugins that share nothing, even from the same bytes', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const [a, b] = [await host.plug('a', library, users()), await host.plug('b', library, users())]
    assert.deepEqual([a.hooks.count(), a.hooks.count(), b.hooks.count()], [1, 2, 1])
    await a.unplug()
    assert.equal(b.hooks.count(), 2)
  })

  it('is refused by a host that was not built for it, and by a plugin that takes another runtime', async () => {
    await using host = new Mortise({ runtimes: [wasm()] })
    const contract = defineContract<{ add(a: number, b: number): number }>()({
      name: 'adder',
      pure: true,
      hooks: { add: 2 },
      bindings: {
        ...users().bindings,
        wasm: { mode: 'sync', check: () => [], imports: () => ({}), bind: () => ({ add: (a, b) => a + b }) },
      },
    })
    await failure('RUNTIME_NOT_ALLOWED', () => host.plug('users', library, contract))
    await using both = new Mortise({ runtimes: [wasm(), native()] })
    await failure('RUNTIME_NOT_ALLOWED', () => both.plug('users', library, contract, { runtime: 'wasm' }))
    assert.equal(await mapped(), 0)
  })

  it('has no limits, and says so', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const limits: object = { deadline: 10 }
    const error = await failure('OPTION_UNKNOWN', () => host.plug('users', library, users(), { limits }))
    assert.match(error.message, /'deadline'/)
  })
})

/** A contract of one hook, and one host function that takes and gives a number. */
const asking = (lookup: (key: number) => number) =>
  defineContract<{ main(): number }>()({
    name: 'asking',
    pure: false,
    hooks: { main: 0 },
    bindings: {
      native: {
        ...one.bindings.native,
        check: requireSymbols({ hooks: ['main'], hostFunctions: ['lookup'] }),
        imports: users(lookup).bindings.native.imports,
      },
    },
  })

/** A contract of one hook without arguments, which returns a number. */
const one = defineContract<{ main(): number }>()({
  name: 'one',
  pure: false,
  hooks: { main: 0 },
  bindings: {
    native: {
      mode: 'sync',
      check: requireSymbols({ hooks: ['main'] }),
      imports: () => ({}),
      bind({ guard, unit: { arena, hook } }) {
        const main = hook('main')
        return { main: guard('main', () => arena.view().getUint32(main(), true)) }
      },
    },
  },
})

describe('a library that does not fit', { skip }, () => {
  const refused = async (source: string, code: ErrorCode, flags: readonly string[] = []): Promise<MortiseError> => {
    await using host = new Mortise({ runtimes: [native()] })
    const built = await compileLibrary(`${header}${source}`, { flags })
    const error = await failure(code, () => host.plug('users', built, users()))
    assert.equal(host.plugins.size, 0)
    assert.equal(await mapped(), 0)
    return error
  }
  /** Dies as soon as it is loaded. */
  const dies = '#include <stdlib.h>\n__attribute__((constructor)) static void die(void) { abort(); }\n'

  it('without the ABI symbol never runs', async () => {
    const error = await refused(`${dies} int add(int a, int b) { return a + b; }`, 'NATIVE_ABI_MISSING')
    assert.match(error.message, /mortise_abi_version/)
  })

  it('with a function instead of it never runs', async () => {
    await refused(`${dies} uint32_t mortise_abi_version(void) { return 1; }`, 'NATIVE_ABI_MISSING')
  })

  it('of another version of the ABI never runs', async () => {
    const error = await refused(`${dies} const uint32_t mortise_abi_version = 2;`, 'NATIVE_ABI_VERSION')
    assert.match(error.message, /version 2 .* knows 1/)
  })

  it('with symbols missing never runs, and all of them are named', async () => {
    const { details } = await refused(
      `${dies} MORTISE_PLUGIN("") MORTISE_HOOK(count) { return 0; } const int add = 1; MORTISE_HOST(other); MORTISE_HOST(lookup);`,
      'MODULE_REFUSED',
    )
    assert.deepEqual(details.problems, [
      "it has to export a function 'mortise_hook_revision', and does not",
      "it has to export a function 'mortise_hook_repeat_text', and does not",
      "it has to export a function 'mortise_hook_fail', and does not",
      "it has to export a function 'mortise_hook_ask', and does not",
      "it has to export a function 'add', and that is data",
      "it asks for a host function 'other', and the contract has none of this name",
    ])
  })

  it('that fails to open is unloaded, and its message is there', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const bad = await compileLibrary('users.c', { flags: ['-DFAILS_TO_OPEN'] })
    const error = await failure('GUEST_FAILED', () => host.plug('users', bad, users()))
    assert.equal(error.message, "Cannot open plugin 'users': there is no database")
    assert.equal(await mapped(), 0)
  })

  it('that needs what is not there is refused with what the system says', async () => {
    const error = await refused(
      'MORTISE_PLUGIN("") int nowhere(void); MORTISE_HOOK(main) { return (uint32_t)nowhere(); }' +
        'MORTISE_HOOK(revision) { return 0; } MORTISE_HOOK(count) { return 0; } MORTISE_HOOK(repeat_text) { return 0; }' +
        'MORTISE_HOOK(fail) { return 0; } MORTISE_HOOK(ask) { return 0; } int add(int a, int b) { return a + b; }',
      'NATIVE_NOT_LOADED',
    )
    assert.match(error.message, /nowhere/)
  })

  it('swapped in changes nothing', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const plugin = await host.plug('users', library, users())
    assert.equal(plugin.hooks.count(), 1)
    const other = await compileLibrary(`${header}int other;\n`)
    await failure('NATIVE_ABI_MISSING', () => plugin.swap(other))
    assert.equal(plugin.hooks.count(), 2)
  })

  it('for another processor, or cut off, is refused by its file', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const other = Uint8Array.from(library)
    other.set([0xf3, 0x00], 18)
    const error = await failure('NATIVE_NOT_LOADED', () => host.plug('users', other, users()))
    assert.match(error.message, /riscv64/)
    for (let size = 64; size < library.length; size += 499) {
      // One that is cut off before it says that it is a library counts as a program.
      await failure(['NATIVE_NOT_LOADED', 'RUNTIME_NOT_ALLOWED'], () =>
        host.plug('users', library.slice(0, size), users()),
      )
    }
    assert.equal(await mapped(), 0)
  })

  it('of one bit that is wrong is loaded, or refused with an error of ours', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const headers = new DataView(library.buffer).getUint16(56, true) * 56 + 64
    const sections = new DataView(library.buffer).getUint32(40, true)
    const places = [...Array(64).keys(), ...Array.from({ length: library.length - sections }, (_, at) => sections + at)]
    assert.ok(headers < sections)
    for (const place of places) {
      const changed = Uint8Array.from(library)
      changed[place] = (changed[place] ?? 0) ^ 0x55
      // With a contract that nothing fits, so that nothing of it runs.
      await host.plug('users', changed, nothing).then(
        () => assert.fail('it fits a contract that nothing fits'),
        (error: unknown) => assert.ok(MortiseError.is(error), `byte ${place}: ${String(error)}`),
      )
    }
  })
})

const nothing = defineContract<{ main(): number }>()({
  name: 'nothing',
  pure: false,
  hooks: { main: 0 },
  bindings: {
    native: { mode: 'sync', check: () => ['nothing fits'], imports: () => ({}), bind: () => ({ main: () => 0 }) },
  },
})

describe('symbols of a library', { skip }, () => {
  interface Plain {
    all(): readonly unknown[]
    keep(): (a: number, b: number) => number
  }
  const plain = defineContract<Plain>()({
    name: 'plain',
    pure: true,
    hooks: { all: 0, keep: 0 },
    bindings: {
      native: {
        mode: 'sync',
        check: requireSymbols({
          functions: ['add', 'scale', 'widen', 'greeting', 'sum'],
          hostFunctions: ['lookup'],
        }),
        imports: () => ({}),
        bind({ guard, unit }) {
          const add = unit.symbol('add', ['i32', 'i32'], 'i32')
          const scale = unit.symbol('scale', ['f64', 'f32', 'i64'], 'f64')
          const widen = unit.symbol('widen', ['u32'], 'i64')
          const greeting = unit.symbol('greeting', ['text'], 'text')
          const sum = unit.symbol('sum', ['bytes', 'u32'], 'u32')
          assert.throws(() => unit.symbol('nowhere', [], 'void'), /no function 'nowhere'/)
          assert.throws(() => unit.hook('nowhere'), /no function 'mortise_hook_nowhere'/)
          // @ts-expect-error -- there is no such type
          assert.throws(() => unit.symbol('add', ['int', 'int'], 'i32'), /no type 'int'/)
          return {
            keep: guard('keep', () => add),
            all: guard('all', () => [
              add(1, 2),
              scale(1.5, 2, 2n ** 40n),
              [widen(2 ** 32 - 1), widen(1)],
              greeting('héllo'),
              greeting(''),
              sum(Uint8Array.of(250, 250), 2),
            ]),
          }
        },
      },
    },
  })

  it('are functions of JavaScript, with the types that the binding says', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const { hooks } = await host.plug('plain', library, plain)
    assert.deepEqual(hooks.all(), [3, 1.5 * 2 * 2 ** 40, [4n * (2n ** 32n - 1n), 4n], 'héllo', undefined, 500])
  })

  it('throw after the library was unloaded, and do not crash', async () => {
    await using host = new Mortise({ runtimes: [native()] })
    const plugin = await host.plug('plain', library, plain)
    const add = plugin.hooks.keep()
    assert.equal(add(1, 2), 3)
    await plugin.swap(withRevision(library, 2))
    await failure('PLUGIN_UNPLUGGED', () => add(1, 2))
    const next = plugin.hooks.keep()
    await plugin.unplug()
    await failure('PLUGIN_UNPLUGGED', () => next(1, 2))
    await failure('PLUGIN_UNPLUGGED', () => plugin.hooks.keep())
  })
})

describe('options of native()', { skip }, () => {
  for (const [options, code] of [
    [{ arena: 4095 }, 'OPTION_INVALID'],
    [{ arena: '2 GiB' }, 'OPTION_INVALID'],
    [{ arena: 'much' }, 'OPTION_INVALID'],
    [{ folder: 1 }, 'OPTION_INVALID'],
    [{ nodelete: 'no' }, 'OPTION_INVALID'],
    [{ memory: '1 MiB' }, 'OPTION_UNKNOWN'],
  ] as const) {
    it(`${JSON.stringify(options)} is refused`, async () => {
      const given: object = options
      await failure(code, () => native(given))
    })
  }

  it('the copies lie in the folder that was given, and are gone once loaded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-test-'))
    try {
      await using host = new Mortise({ runtimes: [native({ folder })] })
      const plugin = await host.plug('users', library, users())
      const maps = await readdir(folder)
      assert.deepEqual(process.platform === 'win32' ? [] : maps, [])
      assert.equal(plugin.hooks.count(), 1)
      await using nowhere = new Mortise({ runtimes: [native({ folder: join(folder, 'not-there') })] })
      await failure('NATIVE_NOT_LOADED', () => nowhere.plug('users', library, users()))
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

test('without koffi installed, plugging is an error that says what to install', { skip }, async () => {
  // A process of its own, in which nobody finds the package.
  const script = `
    import { registerHooks } from 'node:module'
    import { readFileSync } from 'node:fs'
    registerHooks({
      resolve(specifier, context, next) {
        return next(specifier === 'koffi' ? 'koffi-that-is-not-there' : specifier, context)
      },
    })
    const { Mortise } = await import('mortise')
    const { native } = await import('mortise/native')
    const { users } = await import('./test/native/users.ts')
    const host = new Mortise({ runtimes: [native()] })
    await host.plug('users', new Uint8Array(readFileSync(0)), users()).catch(({ code, message }) => console.log(code, message))
  `
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const child = spawn(process.execPath, ['-C', 'source', '--input-type=module', '--eval', script], { cwd: root })
  child.stdin.end(library)
  const [said] = await Promise.all([child.stdout.toArray(), once(child, 'close')])
  assert.match(Buffer.concat(said).toString(), /^NATIVE_UNAVAILABLE Cannot run native libraries: .*npm install koffi/)
})
