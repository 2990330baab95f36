import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileGuest, compilerMissing, type Language } from '../support/compilers.ts'
import { compareAll, newReport } from './fuzz/differential.ts'
import { expose, rewriteAll } from './fuzz/subject.ts'
import { type Call, Trial } from './fuzz/trial.ts'

/** Calls in the order in which they are made: what they leave behind is there for the next. */
type Plan = readonly (readonly [name: string, ...args: readonly number[]])[]

const common: Plan = [
  ['sort', 500],
  ['text', 60],
  ['floats', 0.1],
  ['floats', -12345.678e-9],
  ['interpret', 3000],
  ['fib', 17],
  ['bulk', 7000],
  ['bulk', 0],
  ['divide', 7, -2],
  ['divide', 1, 0],
  ['divide', -(2 ** 31), -1],
  ['outside', -4],
  ['sort', 3],
]

/** What must come out, so that it is known that the guests compute what they say. */
const answers: Readonly<Record<string, string>> = {
  'fib(17)': '1597',
  'queens(7)': '40',
  'divide(7, -2)': '-3',
  'even(1001)': '0',
}

interface Corpus {
  readonly language: Language
  readonly source: string
  readonly builds: Readonly<Record<string, readonly string[]>>
  readonly plan: Plan
  /** Calls whose answers depend on how a build lays out its memory, or on what it can. */
  readonly own: readonly string[]
}

/** Enough that only `keep` makes it grow. */
const pages = 32

const features = [
  '--enable',
  'simd',
  '--enable',
  'relaxed-simd',
  '--enable',
  'sign-extension,bulk-memory,nontrapping-f2i',
]

const corpora: readonly Corpus[] = [
  {
    language: 'assemblyscript',
    source: 'assemblyscript/guest/corpus.ts',
    builds: Object.fromEntries(
      ['stub', 'minimal', 'incremental'].flatMap((runtime) => [
        [`${runtime}, SIMD, optimised`, ['--runtime', runtime, '--initialMemory', String(pages), '-O3', ...features]],
        [
          `${runtime}, as it is written`,
          ['--runtime', runtime, '--initialMemory', String(pages), '--debug', '--enable', 'simd'],
        ],
      ]),
    ),
    plan: [
      ...common,
      ...([
        ['maps', 300],
        ['vectors', 4],
        ['shapes', 100],
        ['even', 1001],
        ['truncate', 3.9],
        ['truncate', 1e10],
        ['beyond', 2],
        ['beyond', 3],
        ['churn', 150],
      ] as const),
      ...([
        ['keep', 3],
        ['forget'],
        ['keep', 2],
        ['keep', 60],
        ['sort', 100],
        ['stop'],
        ['churn', 20],
        ['callsSoFar'],
      ] as const),
    ],
    own: ['keep', 'forget', 'vectors', 'churn', 'sort', 'truncate', 'outside', 'callsSoFar'],
  },
  {
    language: 'c',
    source: 'c/corpus.c',
    builds: {
      'as it is written': ['-O0'],
      small: ['-Oz', '-mbulk-memory'],
      'fast, SIMD': ['-O3', '-msimd128', '-mbulk-memory', '-msign-ext', '-mnontrapping-fptoint'],
    },
    plan: [
      ...common,
      ...([
        ['churn', 400],
        ['kernel', 20],
        ['matrix', 5],
        ['matrix', 77],
        ['queens', 7],
        ['structs', 50],
        ['keep', 4],
      ] as const),
      ...([['jump', 0], ['jump', 2], ['jump', 1000], ['keep', 60], ['churn', 100], ['stop'], ['callsSoFar']] as const),
    ],
    own: ['keep', 'churn', 'jump', 'outside', 'kernel'],
  },
]

const textOf = ({ name, args }: Call): string => `${name}(${args.join(', ')})`

for (const { language, source, builds, plan, own } of corpora) {
  const url = new URL(`../guests/${source}`, import.meta.url)
  describe(
    `guests in ${language} do with every combination of passes what they do without`,
    { skip: await compilerMissing(language) },
    () => {
      const said = new Map<string, readonly string[]>()
      for (const [build, flags] of Object.entries(builds)) {
        it(build, async (t) => {
          const sized = language === 'c' ? [...flags, `-Wl,--initial-memory=${pages * 65_536}`] : flags
          const info = expose(await compileGuest(language, url, 'reactor', sized))
          const exported = new Set(info.exports.filter(({ kind }) => kind === 'func').map(({ name }) => name))
          const calls = plan.filter(([name]) => exported.has(name)).map(([name, ...args]) => ({ name, args }))
          if (exported.has('_initialize')) calls.unshift({ name: '_initialize', args: [] })
          const rewritten = rewriteAll(info)
          const report = newReport()
          const steady = calls.filter(({ name }) => name !== 'keep')
          assert.deepEqual(compareAll(info, steady, rewritten, report), [])
          assert.deepEqual([report.compared, report.again, report.overflows], [8, 8, 0])
          // An instance whose memory has grown is not restored in place here.
          assert.deepEqual(compareAll(info, calls, rewritten, report), [])
          assert.deepEqual([report.compared, report.again, report.overflows], [16, 8, 0])
          const { events, memories } = new Trial(info, calls, Uint8Array.from(info.bytes)).run()
          const results = events.filter((event) =>
            calls.some(({ name }) => event.startsWith(`${name} =`) || event.startsWith(`${name}:`)),
          )
          t.diagnostic(
            `${calls.length} calls, ${report.compared} runs as without, ${report.again} again after a restore`,
          )
          assert.equal(results.length, calls.length)
          assert.equal(memories[0]?.length, (pages + 8) * 65_536, 'it has not grown until it was refused more')
          for (const [at, call] of calls.entries()) {
            const answer = answers[textOf(call)]
            if (answer !== undefined) assert.equal(results[at], `${call.name} = ${answer}`)
          }
          said.set(
            build,
            results.filter((_, at) => !own.includes(calls[at]?.name ?? '')),
          )
        })
      }

      it('and however they are built, they answer the same', () => {
        const [first, ...others] = said.values()
        for (const other of others) assert.deepEqual(other, first)
      })
    },
  )
}
