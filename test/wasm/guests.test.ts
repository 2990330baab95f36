import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { describe, test } from 'node:test'
import { Mortise, MortiseError, type PluginLogLine } from 'mortise'
import { defineContract } from 'mortise/contract'
import { requireSurface, wasm, wasmFunction } from 'mortise/wasm'
import { compileGuest, compilerMissing, type Language, type Model } from '../support/compilers.ts'

interface Probe {
  probe(mode: number): unknown
}

const probe = defineContract<Probe>()({
  name: 'probe',
  pure: false,
  hooks: { probe: 1 },
  bindings: {
    wasm: {
      mode: 'sync',
      check: requireSurface({ exports: { probe: 'func (i32) -> (i32)' } }),
      imports: () => ({}),
      bind: (instance) => {
        const call = wasmFunction(instance.unit.exports, 'probe')
        return { probe: instance.guard('probe', (mode: number): unknown => call(mode)) }
      },
    },
  },
})

const mode = { report: 0, panic: 1, exit: 2, sleep: 3, done: 4, flood: 5, echo: 42 } as const

const wasiReport = ['env: 1 hallo', 'sleep: ok', 'time: ok', 'random: ok', 'stdin: 0', 'file: refused', 'to stderr']

const languages: readonly {
  readonly language: Language
  readonly source: string
  readonly report: readonly string[]
}[] = [
  {
    language: 'c',
    source: 'c/guest.c',
    report: wasiReport,
  },
  {
    language: 'rust',
    source: 'rust/guest.rs',
    report: wasiReport,
  },
  {
    language: 'go',
    source: 'go/guest.go',
    report: wasiReport,
  },
  {
    language: 'assemblyscript',
    source: 'assemblyscript/guest/guest.ts',
    report: ['time: ok', 'random: ok', 'to stderr'],
  },
]

for (const { language, source, report } of languages) {
  const url = new URL(`../guests/${source}`, import.meta.url)
  const skip = await compilerMissing(language)

  const plug = async (model: Model, mode?: string) => {
    const lines: PluginLogLine[] = []
    const host = new Mortise({ runtimes: [wasm({ deadline: Infinity })], log: (line) => lines.push(line) })
    const plugin = await host.plug('guest', await compileGuest(language, url, model), probe, {
      config: { GREETING: 'hallo', ...(mode !== undefined && { MODE: mode }) },
    })
    return { lines, host, call: plugin.hooks.probe }
  }

  describe(`a guest in ${language}`, { skip }, () => {
    test('prints what it sees, line by line', async () => {
      const { lines, host, call } = await plug('reactor')
      await using _ = host
      assert.equal(call(mode.report), 0)
      assert.deepEqual(
        lines.map(({ text }) => text),
        report,
      )
      assert.deepEqual(lines.at(-1)?.level, 'error')
      assert.equal(call(mode.echo), 42)
    })

    test('says with which message and where it panicked, and works again at once', async () => {
      const { lines, host, call } = await plug('reactor')
      await using _ = host
      const text = await readFile(url, 'utf8')
      const place = text.split('\n').findIndex((line) => line.includes('it broke')) + 1
      for (let round = 0; round < 3; round++) {
        assert.throws(
          () => call(mode.panic),
          (error: unknown) => {
            assert.ok(MortiseError.is(error, 'GUEST_ABORT'), String(error))
            assert.match(error.details.guest?.message ?? '', /it broke/)
            assert.equal(basename(error.details.guest?.file ?? ''), basename(source))
            assert.equal(error.details.guest?.line, place)
            return true
          },
        )
        lines.length = 0
        assert.equal(call(mode.report), 0)
        assert.deepEqual(
          lines.map(({ text }) => text),
          report,
        )
      }
    })

    test('exits with its code, and works again at once', async () => {
      const { host, call } = await plug('reactor')
      await using _ = host
      for (let round = 0; round < 3; round++) {
        assert.throws(() => call(mode.exit), exit(7))
        assert.throws(() => call(mode.done), exit(0))
        assert.equal(call(mode.echo), 42)
      }
    })

    test('is stopped when it prints without end', async () => {
      const { host, call } = await plug('reactor')
      await using _ = host
      assert.throws(() => call(mode.flood), { code: 'OUTPUT_LIMIT' })
      assert.equal(call(mode.echo), 42)
    })
  })

  // AssemblyScript has no WASI, and so neither sleep nor a main.
  if (language === 'assemblyscript') continue

  describe(`a guest in ${language} with WASI`, { skip }, () => {
    test('may not sleep for an hour', async () => {
      const { host, call } = await plug('reactor')
      await using _ = host
      assert.throws(() => call(mode.sleep), { code: 'SLEEP_LIMIT' })
      assert.equal(call(mode.echo), 42)
    })

    test('may end its start with exit code 0', async () => {
      const { lines, host } = await plug('command', 'report')
      await using _ = host
      assert.deepEqual(
        lines.map(({ text }) => text),
        report.map((line) => line.replace('env: 1', 'env: 2')),
      )
      await using again = (await plug('command', 'done')).host
      assert.equal(again.plugins.size, 1)
    })

    test('is not plugged in when its start fails', async () => {
      await assert.rejects(plug('command', 'exit'), exit(7))
      await assert.rejects(plug('command', 'panic'), { code: 'GUEST_ABORT' })
      await assert.rejects(plug('command', 'sleep'), { code: 'SLEEP_LIMIT' })
      await assert.rejects(plug('command', 'flood'), { code: 'OUTPUT_LIMIT' })
    })
  })
}

/** Whether an error is a guest's exit with this code. */
function exit(code: number): (error: unknown) => boolean {
  return (error) => MortiseError.is(error, 'GUEST_EXIT') && error.details.exitCode === code
}
