import assert from 'node:assert/strict'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { evenOnly, lastDigit, schedulerGuest, trapsInReserve, waitsTenSeconds } from '../scheduling/guests.ts'
import { main } from '../../src/cli/main.ts'
import { type Finished, mortise, startMortise } from '../support/cli.ts'

let folder = ''

const node = (name: string, cpu: string, spec = {}): object => ({
  kind: 'Node',
  metadata: { name },
  spec,
  status: { allocatable: { cpu, memory: '4Gi', pods: '10' } },
})
const cluster = [
  node('node-1', '2'),
  node('node-2', '2'),
  node('node-4', '1'),
  node('node-6', '2', { unschedulable: true }),
]
const pod = (name: string, cpu: string): string =>
  `---\nkind: Pod\nmetadata: { name: ${name} }\nspec:\n  containers: [{ name: main, resources: { requests: { cpu: ${cpu} } } }]\n`
const plugins = ['--plugin', 'even=even.wasm', '--plugin', 'last=last.wasm:3']

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mortise-simulate-'))
  const files = {
    'cluster.json': JSON.stringify({
      kind: 'List',
      items: [...cluster, { kind: 'Service', metadata: { name: 'web' } }],
    }),
    'pods.yaml': pod('web-0', '900m') + pod('web-1', '900m') + pod('huge', '9'),
    'even.wasm': evenOnly,
    'last.wasm': lastDigit,
    'traps.wasm': trapsInReserve,
    'waits.wasm': waitsTenSeconds,
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  process.chdir(folder)
})
after(() => {
  process.chdir(tmpdir())
  return rm(folder, { recursive: true, force: true })
})

/** Runs the command in this process, which takes a tenth of the time of one of its own. */
async function simulate(...args: readonly string[]): Promise<Finished> {
  let [stdout, stderr] = ['', '']
  const terminal = {
    out: (text: string) => void (stdout += text),
    err: (text: string) => void (stderr += text),
    colors: false,
    read: () => Promise.resolve(undefined),
  }
  const code = await main(['simulate', ...args], terminal)
  return { code, stdout, stderr }
}

/** What `--json` printed. */
interface Printed {
  readonly ok: boolean
  readonly pods: readonly {
    readonly pod: string
    readonly node?: string
    readonly totals?: object
    readonly refused: object
  }[]
  readonly plugins: readonly { readonly name: string; readonly weight: number; readonly hooks: readonly string[] }[]
  readonly differences?: readonly string[]
}

// oxlint-disable-next-line no-unsafe-type-assertion -- the tests assert what they read of it
const parsed = ({ stdout }: Finished): Printed => JSON.parse(stdout) as Printed

const both = (...args: readonly string[]): Promise<Finished> =>
  simulate('cluster.json', '--pods', 'pods.yaml', ...plugins, ...args)

describe('mortise inspect, of plugins of a scheduler', () => {
  test('names the hooks of one, and says what keeps a module from being one', async () => {
    let stdout = ''
    const terminal = {
      out: (text: string) => void (stdout += text),
      err: assert.fail,
      colors: false,
      read: assert.fail,
    }
    await main(['inspect', 'last.wasm'], terminal)
    assert.match(stdout, /^fits the contract 'scheduler': preFilter, score, reserve, unreserve$/m)
    await writeFile(join(folder, 'none.wasm'), schedulerGuest(''))
    await main(['inspect', 'none.wasm'], terminal)
    assert.match(stdout, /^does not fit the contract 'scheduler':\n {2}none of the hooks is exported/m)
  })
})

describe('mortise simulate', () => {
  test('prints where pods go, their scores, and why the other nodes were refused', async () => {
    const { code, stdout, stderr } = await mortise(['simulate', 'cluster.json', '--pods', 'pods.yaml', ...plugins])
    assert.deepEqual([code, stderr], [0, 'Neither nodes nor pods, and left out of the snapshot: 1\n'])
    const [web0 = '', web1 = '', huge = '', times = ''] = stdout.split('\n\n')
    assert.equal(
      web0,
      `default/web-0  bound to node-4
  node      total  last ×3
  node-4 *    120       40
  node-2       60       20
  refused  by    why                         nodes
        1  even  its number is odd           node-1
        1  fit   node(s) were unschedulable  node-6`,
    )
    assert.match(web1, /^default\/web-1 {2}bound to node-2\n/)
    assert.match(
      huge,
      /^default\/huge {2}unschedulable: 0\/4 nodes are available: 1 node\(s\) were unschedulable, 3 Insufficient cpu\.\n/,
    )
    assert.match(
      times,
      /^plugin +hook +calls +each +slowest +all\n[^]*^last +score +2 .*\n[^]*^3 pods in .*; plugins loaded in .*\n$/m,
    )
  })

  test('places no pod twice: those of --pods are taken off their nodes, and count for the next once they have one', async () => {
    const running = {
      kind: 'Pod',
      metadata: { name: 'web-0' },
      spec: { nodeName: 'node-4', containers: [{ resources: { requests: { cpu: '1' } } }] },
    }
    await writeFile(join(folder, 'running.json'), JSON.stringify([...cluster, running]))
    await writeFile(join(folder, 'again.json'), JSON.stringify([running]))
    const { stdout } = await simulate('running.json', '--pods', 'again.json', ...plugins)
    assert.match(stdout, /^default\/web-0 {2}bound to node-4$/m)
    const waiting = { kind: 'Pod', metadata: { name: 'next' }, spec: running.spec }
    await writeFile(join(folder, 'next.json'), JSON.stringify([waiting]))
    assert.match(
      (await simulate('running.json', '--pods', 'next.json', ...plugins)).stdout,
      /^default\/next {2}bound to node-2$/m,
    )
  })

  test('takes the snapshot from stdin, and places its pending pods where there are no others', async () => {
    const input = JSON.stringify({ kind: 'List', items: cluster }).replace(
      ']}',
      `,{"kind":"Pod","metadata":{"name":"late"}}]}`,
    )
    const piped = await mortise(['simulate', '-', ...plugins], { cwd: folder, input })
    assert.match(piped.stdout, /^default\/late {2}bound to node-4$/m)
    const none = await simulate('cluster.json', ...plugins)
    assert.deepEqual([none.code, none.stdout], [2, ''])
    assert.match(none.stderr, /none in 'cluster.json' is pending, and there is no --pods/)
  })

  test('explains one pod in words', async () => {
    const { stdout } = await both('--explain', 'web-0')
    assert.equal(
      stdout,
      `default/web-0 goes to node-4.
Of 4 nodes, 2 were left by the filters.
- even refused one node: its number is odd (node-1)
- fit refused one node: node(s) were unschedulable (node-6)
node-4 has the highest total: 120, 60 more than node-2.
- last gave it 40 (which counts 3 times), and node-2 20
`,
    )
    assert.match(
      (await both('--explain', 'default/huge')).stdout,
      /^default\/huge goes nowhere: 0\/4 nodes[^]*none was left/,
    )
    const unknown = await both('--explain', 'web-7')
    assert.match(
      unknown.stderr,
      /There is no pod 'web-7' to explain: there are default\/web-0, default\/web-1, default\/huge\n/,
    )
  })

  test('says which events would have a plugin look at a pod again', async () => {
    await writeFile(join(folder, 'odd.json'), JSON.stringify([node('node-1', '2')]))
    const { stdout } = await simulate('odd.json', '--pods', 'pods.yaml', ...plugins, '--explain', 'web-0')
    assert.match(stdout, /^even would look at it again after events of Pod \(.*\), Node \(Add, Delete, .*\n$/m)
  })

  test('prints JSON for machines', async () => {
    const printed = await both('--json')
    assert.equal(printed.stderr, '')
    const { ok, pods, plugins: loaded } = parsed(printed)
    assert.equal(ok, true)
    assert.deepEqual(
      pods.map(({ pod: name, node: on }) => [name, on]),
      [
        ['default/web-0', 'node-4'],
        ['default/web-1', 'node-2'],
        ['default/huge', undefined],
      ],
    )
    assert.deepEqual(pods[0]?.totals, { 'node-2': 60, 'node-4': 120 })
    assert.deepEqual(pods[0]?.refused, {
      'node-1': { plugin: 'even', code: 2, reason: 'its number is odd' },
      'node-6': { plugin: 'fit', code: 3, reason: 'node(s) were unschedulable' },
    })
    assert.deepEqual(
      loaded.map(({ name, weight, hooks }) => [name, weight, hooks]),
      [
        ['even', 1, ['filter']],
        ['last', 3, ['preFilter', 'score', 'reserve', 'unreserve']],
      ],
    )
  })

  test('leaves out the checks of every cluster on demand, and draws by a seed', async () => {
    const { pods } = parsed(await both('--no-fit', '--json'))
    assert.deepEqual(
      pods.map(({ node: on }) => on),
      ['node-6', 'node-6', 'node-6'],
    )
    const drawn = async (seed: string): Promise<string> =>
      (
        await simulate('cluster.json', '--pods', 'pods.yaml', '--plugin', 'even.wasm', '--no-fit', '--seed', seed)
      ).stdout.replace(/plugin +hook[^]*/, '')
    assert.match(await drawn('1'), /bound to node-\d, drawn from 3 nodes with this total\n/)
    assert.equal(await drawn('1'), await drawn('1'))
  })

  test('builds a plugin from its source', async () => {
    const source = fileURLToPath(new URL('../../examples/scheduler/node-number/guest', import.meta.url))
    const printed = await simulate(
      'cluster.json',
      '--pods',
      'pods.yaml',
      '--no-fit',
      '--plugin',
      `number=${source}:2`,
      '--json',
    )
    const { pods } = parsed(printed)
    // The digit at the end of a pod's name is looked for at the end of the names of nodes.
    assert.deepEqual(pods[1]?.totals, { 'node-1': 20, 'node-2': 0, 'node-4': 0, 'node-6': 0 })
    assert.equal(pods[1]?.node, 'node-1')
  })

  test('gives a plugin its configuration, as text or from a file', async () => {
    const says = schedulerGuest(`
      (func (export "filter") (result i32)
        (call $reason (i32.const 512) (call $config (i32.const 512) (i32.const 100))) (i32.const 2))`)
    await writeFile(join(folder, 'says.wasm'), says)
    await writeFile(join(folder, 'config.txt'), 'of a file')
    const run = (config: string): Promise<Finished> =>
      simulate('cluster.json', '--pods', 'pods.yaml', '--no-fit', '--plugin', 'says.wasm', '--config', config)
    assert.match((await run('says=of a text')).stdout, /4 of a text\./)
    assert.match((await run('says=@config.txt')).stdout, /4 of a file\./)
    assert.match((await run('other=1')).stderr, /where NAME is that of a --plugin/)
  })

  test('says which nodes were not looked at, as a plugin named others', async () => {
    const names = schedulerGuest(
      `(func (export "prefilter") (result i32) (call $names (i32.const 0) (i32.const 14)) (i32.const 0))
         (func (export "filter") (result i32) (i32.const 0))`,
      'node-2\\00node-4\\00',
    )
    await writeFile(join(folder, 'names.wasm'), names)
    const args = ['cluster.json', '--pods', 'pods.yaml', '--no-fit', '--plugin', 'names.wasm']
    assert.match((await simulate(...args)).stdout, /^ +2 {2}names {2}node\(s\) didn't satisfy plugin names$/m)
    const { stdout } = await simulate(...args, '--explain', 'web-0', '--json')
    assert.match(
      stdout,
      /"explanation":"default\/web-0 goes to .*The plugin names named 2 nodes of 4; the others were not looked at/,
    )
  })

  test('has pods wait until their time is over, or allows them', async () => {
    const waiting = await simulate('cluster.json', '--pods', 'pods.yaml', '--plugin', 'waits.wasm', '--json')
    assert.match(waiting.stdout, /rejected due to timeout after waiting 10s at plugin waits/)
    const allowed = await simulate('cluster.json', '--pods', 'pods.yaml', '--plugin', 'waits.wasm', '--permit', 'allow')
    assert.match(allowed.stdout, /default\/web-0 {2}bound to .*\n {2}waits has it wait for up to 10\.00 s\n/)
  })

  test('shows what plugins log, a line that comes again once, and drops what is below a severity', async () => {
    const logs = schedulerGuest(
      `(func (export "filter") (result i32)
         (call $log (i32.const 0) (i32.const 0) (i32.const 9)) (i32.const 0))`,
      'so it is\\n',
    )
    await writeFile(join(folder, 'logs.wasm'), logs)
    const { stderr } = await simulate('cluster.json', '--pods', 'pods.yaml', '--no-fit', '--plugin', 'logs.wasm')
    assert.match(stderr, /\[info\] logs: so it is\n {2}\(12 times\)\n$/)
    const quiet = ['--plugin', 'logs.wasm', '--severity', 'error']
    assert.doesNotMatch((await simulate('cluster.json', '--pods', 'pods.yaml', ...quiet)).stderr, /so it is/)
  })

  test('goes on where a plugin fails, and ends with exit code 1', async () => {
    const { code, stdout } = await simulate('cluster.json', '--pods', 'pods.yaml', '--plugin', 'traps.wasm')
    assert.equal(code, 1)
    assert.match(
      stdout,
      /^default\/web-0 {2}failed: Cannot schedule .* the plugin 'traps' failed in reserve of the node /m,
    )
    assert.match(stdout, /^default\/huge {2}unschedulable: /m)
  })

  test('records a run with its plugins, and replays it with the same answers, or says which are others', async () => {
    await both('--record', 'run.json')
    const same = await simulate('--replay', 'run.json')
    assert.equal(same.code, 0)
    assert.match(
      same.stdout,
      /^default\/web-0 {2}bound to node-4\n[^]*\nEvery call has the answer that was recorded\n$/,
    )
    const other = schedulerGuest(`
      (func (export "prefilter") (result i32) (i32.const 0))
      (func (export "score") (result i64) (i64.shl (i64.extend_i32_u (call $last)) (i64.const 32)))
      (func (export "reserve") (result i32) (i32.const 0)) (func (export "unreserve"))`)
    await writeFile(join(folder, 'other.wasm'), other)
    const differs = await simulate('--replay', 'run.json', '--plugin', 'last=other.wasm')
    assert.equal(differs.code, 1)
    assert.match(
      differs.stdout,
      /It differs from the recording:\n {2}default\/web-0: last score node-2 gave .*"score":20\}, and now .*"score":2\}\n/,
    )
    const machine = await simulate('--replay', 'run.json', '--plugin', 'last=other.wasm', '--json')
    assert.equal(parsed(machine).differences?.length, 2)
  })

  test('runs again on every save, also after one that cannot be read', async (t) => {
    // As editors do it: nobody reads half of it.
    const save = async (name: string, content: string | Uint8Array): Promise<void> => {
      await writeFile(join(folder, 'being-written'), content)
      await rename(join(folder, 'being-written'), join(folder, name))
    }
    await save('edited.yaml', pod('one', '1'))
    // Modules are made, and as a rule git ignores them.
    await writeFile(join(folder, '.gitignore'), '*.wasm\n')
    const running = startMortise(
      [
        'simulate',
        'cluster.json',
        '--pods',
        'edited.yaml',
        ...plugins,
        '--watch',
        '--json',
        '--record',
        'watched.json',
      ],
      folder,
    )
    t.after(() => running.stop())
    const next = async (): Promise<string> => String((await running.lines.next()).value)
    assert.match(await next(), /"ok":true.*"pod":"default\/one"/)
    await save('edited.yaml', 'kind: [')
    assert.match(await next(), /"ok":false.*"INPUT_INVALID".*edited\.yaml/)
    await save('edited.yaml', pod('two', '1'))
    assert.match(await next(), /"ok":true.*"pod":"default\/two".*"node":"node-4"/)
    await save('last.wasm', evenOnly)
    assert.match(await next(), /"name":"last","weight":3,"digest":"[0-9a-f]{64}","hooks":\["filter"\]/)
    await save('last.wasm', lastDigit)
  })

  for (const [what, args, message] of [
    ['no snapshot', [], /It takes one snapshot of a cluster, and got 0/],
    [
      'pods that are none',
      ['cluster.json', '--pods', 'cluster.json'],
      /--pods takes pods, and 'cluster\.json' holds the Node 'node-1'/,
    ],
    ['a plugin without a path', ['cluster.json', '--plugin', 'x='], /--plugin is 'x=', and takes NAME=PATH:WEIGHT/],
    ['a file that is not there', ['nowhere.json'], /^INPUT_INVALID Cannot read 'nowhere\.json': ENOENT/],
    [
      'a plugin that is no module',
      ['cluster.json', '--pods', 'pods.yaml', '--plugin', 'pods.yaml'],
      /RUNTIME_NOT_ALLOWED/,
    ],
    [
      'a replay with a cluster',
      ['cluster.json', '--replay', 'run.json'],
      /--replay has its cluster and pods in the recording/,
    ],
    [
      'a replay of what is no recording',
      ['--replay', 'cluster.json'],
      /^INPUT_INVALID Cannot read the recording 'cluster\.json': it has no 'format'/,
    ],
    [
      'a watch where there is nothing',
      ['nowhere/cluster.json', '--watch'],
      /^INPUT_INVALID Cannot watch 'nowhere\/cluster\.json' for saves: there is no such folder/,
    ],
    ['a watch over a pipe', ['-', '--watch'], /--watch needs files/],
  ] as const) {
    test(`refuses ${what}`, async () => {
      const { code, stdout, stderr } = await simulate(...args)
      assert.match(stderr, message)
      assert.ok(code !== 0 && stdout === '')
    })
  }
})
