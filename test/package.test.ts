import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

/** The public surface, whole: each path, the file behind it, and its sorted names that exist when it runs. */
const surface: Record<string, { readonly file: string; readonly names: readonly string[] }> = {
  mortise: {
    file: 'index',
    names: ['Mortise', 'MortiseError', 'artifactKind', 'catalogue', 'defaults'],
  },
  'mortise/action': {
    file: 'contracts/action/action',
    names: ['action', 'start'],
  },
  'mortise/activation': {
    file: 'contracts/action/activation',
    names: ['activation'],
  },
  'mortise/build': {
    file: 'build/build',
    names: ['build'],
  },
  'mortise/client': {
    file: 'client/client',
    names: ['DeployClient', 'signArtifact'],
  },
  'mortise/conformance': {
    file: 'conformance/conformance',
    names: ['everything', 'testTyped'],
  },
  'mortise/contract': {
    file: 'contracts/typed/contract',
    names: [
      'bool',
      'camelCase',
      'char',
      'contract',
      'defineContract',
      'describe',
      'descriptionSection',
      'enumeration',
      'f32',
      'f64',
      'flags',
      'kebabCase',
      'list',
      'option',
      'pascalCase',
      'record',
      'result',
      's16',
      's32',
      's64',
      's8',
      'string',
      'tuple',
      'u16',
      'u32',
      'u64',
      'u8',
      'variant',
    ],
  },
  'mortise/esm': {
    file: 'esm/esm',
    names: ['esm'],
  },
  'mortise/extender': {
    file: 'server/extender/extender',
    names: ['serveExtender'],
  },
  'mortise/extension': {
    file: 'contracts/extension/extension',
    names: ['AsyncStateKind', 'RowReader', 'StateKind', 'asyncExtensions', 'extensions', 'memoryStorage'],
  },
  'mortise/extension/testing': {
    file: 'contracts/extension/testing/testing',
    names: ['commandTest', 'jobTest', 'projectorTest', 'queryTest'],
  },
  'mortise/functions': {
    file: 'functions/functions',
    names: ['Functions'],
  },
  'mortise/http': {
    file: 'contracts/http/http',
    names: ['http', 'start'],
  },
  'mortise/metrics': {
    file: 'metrics',
    names: ['metrics'],
  },
  'mortise/native': {
    file: 'native/native',
    names: ['native', 'requireSymbols'],
  },
  'mortise/process': {
    file: 'process/process',
    names: ['childProcess'],
  },
  'mortise/scheduler': {
    file: 'contracts/scheduler/scheduler',
    names: ['NodeSnapshot', 'scheduler', 'statusCode'],
  },
  'mortise/scheduling': {
    file: 'scheduling/scheduling',
    names: [
      'Cluster',
      'SchedulingAttempt',
      'Simulation',
      'SimulationHandle',
      'builtIn',
      'fit',
      'parseProfile',
      'readManifests',
    ],
  },
  'mortise/scheduling/threads': {
    file: 'scheduling/threads/threads',
    names: ['threaded'],
  },
  'mortise/server': {
    file: 'server/server',
    names: ['serve'],
  },
  'mortise/storages': {
    file: 'storages/storages',
    names: [
      'asyncProjectorKind',
      'commandKind',
      'environmentSecrets',
      'federationBlob',
      'federationCommand',
      'folderSecrets',
      'http',
      'isBuffered',
      'jobKind',
      'objectSecrets',
      'projection',
      'queryKind',
      'responseOf',
      'resultOf',
      'schema',
      'syncProjectorKind',
    ],
  },
  'mortise/storages/mail': {
    file: 'storages/mail',
    names: ['mail'],
  },
  'mortise/storages/postgres': {
    file: 'storages/postgres/postgres',
    names: ['openPostgres'],
  },
  'mortise/storages/sqlite': {
    file: 'storages/sqlite/sqlite',
    names: ['openSqlite'],
  },
  'mortise/store': {
    file: 'store/folder-store',
    names: ['openStore'],
  },
  'mortise/wasm': {
    file: 'wasm/wasm',
    names: ['requireSurface', 'wasm', 'wasmFunction'],
  },
}

for (const [path, { names }] of Object.entries(surface)) {
  test(`${path} exports ${names.join(', ')}`, async () => {
    const module: unknown = await import(path)
    assert.ok(module !== null && typeof module === 'object')
    assert.deepEqual(Object.keys(module).toSorted(), names)
  })
}

test('package.json exports these paths and no others', async () => {
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  assert.ok(manifest instanceof Object && 'exports' in manifest)
  const files = Object.entries(surface).map(([path, { file }]) => [
    path.replace('mortise', '.'),
    { source: `./src/${file}.ts`, default: `./dist/${file}.js` },
  ])
  assert.deepEqual(manifest.exports, { ...Object.fromEntries(files), './package.json': './package.json' })
})
