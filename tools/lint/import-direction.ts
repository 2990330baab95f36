import type { OxlintConfig } from 'oxlint'

type Override = NonNullable<OxlintConfig['overrides']>[number]

/** A part of `src/` and all that it may import besides itself, Node and packages; both are globs relative to `src/`. */
interface Layer {
  /** Files (`plugin.ts`) or whole folders (`wasm/`); `contracts/*\/` makes every contract a part of its own. */
  readonly part: readonly string[]
  readonly may: readonly string[]
  readonly because: string
}

const ground = ['options.ts', 'errors.ts', 'limits.ts', 'executable.ts', 'artifact.ts']
const between = [
  'live-instances.ts',
  'fault.ts',
  'sqlite-failure.ts',
  'text.ts',
  'rejection.ts',
  'contract.ts',
  'runtime.ts',
  'units.ts',
  'bracket.ts',
  'within.ts',
]
const interfaces = [...ground, ...between]
const runtimes = ['wasm', 'esm', 'native', 'process']
const below = ['*.ts', 'handover/**', 'contracts/**', ...runtimes.map((runtime) => `${runtime}/**`)]
const core = [...below, 'pool/**', 'store/**']
/** What a server serves. */
const functions = ['functions/**', 'code/**', 'unpack/**']
const upwards = 'The core knows nothing of the server, the command line and the build.'

/** The import direction of the design ("Layout"), from the ground up. Of several layers that name a file the last counts. */
const layers: readonly Layer[] = [
  {
    part: ['*.ts'],
    may: ['*.ts', 'pool/**'],
    because:
      'A file of the core knows no runtime and no contract, only their interfaces in runtime.ts and contract.ts.',
  },
  { part: ['errors.ts'], may: [], because: 'errors.ts is the ground, it imports nothing of ours.' },
  { part: ['executable.ts'], may: [], because: 'executable.ts reads bytes, and imports nothing of ours.' },
  { part: ['options.ts'], may: ['errors.ts'], because: 'Only errors.ts lies below.' },
  { part: ['artifact.ts'], may: ['errors.ts', 'executable.ts'], because: 'Only errors and executable lie below.' },
  { part: ['limits.ts'], may: ['errors.ts', 'options.ts'], because: 'Only errors and options lie below.' },
  { part: between, may: interfaces, because: 'Only errors, limits and artifact lie below.' },
  {
    part: runtimes.map((runtime) => `${runtime}/`),
    may: interfaces,
    because: 'A runtime knows no other runtime, no contract and nothing above.',
  },
  {
    part: ['contracts/*/'],
    may: interfaces,
    because:
      'A contract knows no other contract and nothing above, and of runtimes only its file for one knows that one.',
  },
  {
    part: ['handover/'],
    may: [...ground, 'process/tree.ts'],
    because: 'How one server follows another is no business of a runtime or a contract.',
  },
  {
    part: ['contracts/action/'],
    may: [...interfaces, 'handover/**'],
    because: 'An action may be a server of its own, and knows no other contract and nothing above.',
  },
  {
    part: ['contracts/http/'],
    may: [...interfaces, 'contracts/typed/**', 'handover/**'],
    because: 'http is a typed contract that may be a server of its own, and knows no other contract and nothing above.',
  },
  ...runtimes.map((runtime) => ({
    part: [`contracts/*/${runtime}.ts`, `contracts/*/${runtime}-*.ts`],
    may: [...interfaces, `${runtime}/**`],
    because: `A binding to ${runtime} knows its contract and that runtime.`,
  })),
  {
    part: ['storages/'],
    may: [...interfaces, 'contracts/extension/**'],
    because: 'A storage knows what extensions are, and nothing above.',
  },
  {
    part: ['contracts/extension/testing/'],
    may: [...interfaces, 'host.ts', 'wasm/wasm.ts', 'contracts/extension/*.ts', 'storages/**'],
    because: 'Tests of extensions run them on a host, over storages of their own.',
  },
  {
    part: ['scheduling/'],
    may: [...interfaces, 'contracts/scheduler/**'],
    because: 'Scheduling goes through plugins, and knows nothing of how they are run.',
  },
  {
    part: ['scheduling/threads/'],
    may: [...core, 'scheduling/*.ts'],
    because: 'Plugins on threads are plugins of a profile, which a host runs.',
  },
  { part: ['host.ts', 'store.ts'], may: core, because: upwards },
  { part: ['pool/'], may: ['*.ts'], because: 'A pool knows no runtime and no contract, only their interfaces.' },
  { part: ['store/'], may: [...below, 'pool/**'], because: upwards },
  { part: ['functions/'], may: [...core, 'code/**'], because: 'Functions know what code is, and nothing of servers.' },
  { part: ['conformance/'], may: core, because: 'The suites test through the interfaces that users have.' },
  { part: ['unpack/'], may: ground, because: 'Archives are files, and nothing is known here of what they are for.' },
  {
    part: ['code/'],
    may: [...interfaces, 'unpack/**', 'build/**', 'process/tree.ts'],
    because: 'Posted code is made ready for a host, which is above.',
  },
  { part: ['kubernetes/'], may: ground, because: 'A client of the API server knows nothing of what it is asked for.' },
  {
    part: ['server/'],
    may: [...core, ...functions],
    because: 'The server knows neither the command line nor the build.',
  },
  {
    part: ['server/*/'],
    may: [...core, ...functions, 'server/*.ts'],
    because: 'A protocol knows no other protocol, nor the command line or the build.',
  },
  {
    part: ['server/extender/'],
    may: [...core, 'server/*.ts', 'scheduling/**', 'kubernetes/**'],
    because: 'The extender schedules with the nodes of a cluster, and knows no other protocol, nor the command line.',
  },
  {
    part: ['server/harness/'],
    may: [...core, ...functions, 'server/*.ts', 'server/site/**'],
    because: 'The harness is a server of one site, and knows no other protocol.',
  },
  {
    part: ['build/'],
    may: ['errors.ts', 'limits.ts', 'contract.ts', 'contracts/typed/**', 'contracts/http/definition.ts'],
    because: 'The build stands apart: it knows errors, limits, and what typed contracts are made of.',
  },
  {
    part: ['client/'],
    may: [...ground, 'functions/functions.ts'],
    because: 'A client knows a server by what it says alone, and no more of functions than what their limits are.',
  },
  {
    part: ['dev/'],
    may: [...core, ...functions, 'server/**', 'build/**', 'client/**'],
    because: 'The dev loop builds and serves, and knows nothing of the command line.',
  },
  { part: ['cli/'], may: ['**'], because: 'src/index.ts is for users: import the file that defines it.' },
  {
    part: ['index.ts'],
    may: [...core, ...functions, 'server/**', 'build/**'],
    because: 'A library does not bring its command line.',
  },
]

/** How many folders deep a file of `src/` may lie; a test keeps it true. */
export const deepest = 3

/** The layers as settings of the linter: one override for every part and every depth at which it may hold files. */
export const importDirection: readonly Override[] = layers.flatMap(({ part, may, because }) =>
  part.flatMap((glob) => {
    const own = glob.split('/').length - 1
    if (!glob.endsWith('/')) return [override(glob, own, may, because)]
    return Array.from({ length: deepest - own + 1 }, (_, below) =>
      override(`${glob}${'*/'.repeat(below)}*.ts`, own, may, because),
    )
  }),
)

/** A pattern is matched with the import as it is written, so it depends on the file's depth; the last match counts. */
function override(files: string, own: number, may: readonly string[], because: string): Override {
  const depth = files.split('/').length - 1
  const outside = own === 0 ? './**' : `${'../'.repeat(depth - own + 1)}**`
  const allowed = may.map((glob) => `!${asWritten(glob, files, depth)}`)
  const group = [
    outside,
    ...allowed,
    '**/index.ts',
    'mortise',
    'mortise/**',
    '!mortise/package.json',
    'tenon',
    'tenon/**',
  ]
  return {
    files: [`src/${files}`],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message: because }] }] },
  }
}

/** `server/*.ts`, from a file of `server/x/`, is written `../*.ts`. */
function asWritten(glob: string, from: string, depth: number): string {
  if (depth === 0) return `./${glob}`
  const folders = from.split('/').slice(0, depth)
  const differing = glob.split('/').findIndex((folder, index) => folder !== folders[index])
  return '../'.repeat(depth - differing) + glob.split('/').slice(differing).join('/')
}
