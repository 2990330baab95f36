import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { deepest } from '../../tools/lint/import-direction.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** For each file of `src/`: what it may import, as it would write it, and what it may not. */
const files: Record<string, { may: string[]; mayNot: string[] }> = {
  'errors.ts': {
    may: ['node:fs'],
    mayNot: ['./limits.ts', './artifact.ts', './wasm/memory.ts', './index.ts', 'mortise'],
  },
  'limits.ts': { may: ['./errors.ts'], mayNot: ['./artifact.ts', './runtime.ts', './esm/esm.ts', 'mortise/wasm'] },
  'artifact.ts': { may: ['./errors.ts'], mayNot: ['./limits.ts', './contract.ts', './host.ts', './build/build.ts'] },
  'contract.ts': {
    may: ['./errors.ts', './limits.ts', './artifact.ts', './runtime.ts'],
    mayNot: ['./plugin.ts', './wasm/wasm.ts', './contracts/action/action.ts', './server/app.ts', './index.ts'],
  },
  'runtime.ts': {
    may: ['./errors.ts', './limits.ts', './artifact.ts', './contract.ts'],
    mayNot: ['./host.ts', './pool/pool.ts', './esm/esm.ts', './native/native.ts', './cli/main.ts'],
  },
  'bracket.ts': { may: ['./fault.ts', './runtime.ts'], mayNot: ['./plugin.ts', './wasm/wasm.ts', './index.ts'] },
  'wasm/wasm.ts': {
    may: [
      '../bracket.ts',
      './memory.ts',
      './binary/reader.ts',
      '../errors.ts',
      '../limits.ts',
      '../artifact.ts',
      '../runtime.ts',
    ],
    mayNot: [
      '../esm/esm.ts',
      '../process/process.ts',
      '../contracts/action/action.ts',
      '../plugin.ts',
      '../host.ts',
      '../server/app.ts',
      '../cli/main.ts',
      '../build/build.ts',
      '../index.ts',
      'mortise',
      'tenon/action',
    ],
  },
  'wasm/rewrite/edit.ts': {
    may: ['./scan.ts', '../memory.ts', '../binary/reader.ts', '../../errors.ts', '../../contract.ts'],
    mayNot: ['../../esm/esm.ts', '../../contracts/action/wasm.ts', '../../pool/pool.ts', '../../index.ts'],
  },
  'wasm/rewrite/passes/fuel.ts': {
    may: ['./caps.ts', '../edit.ts', '../../memory.ts', '../../../errors.ts'],
    mayNot: ['../../../esm/esm.ts', '../../../plugin.ts', '../../../index.ts'],
  },
  'esm/esm.ts': { may: ['./load.ts', '../runtime.ts'], mayNot: ['../wasm/wasm.ts', '../contracts/action/esm.ts'] },
  'native/native.ts': { may: ['./load.ts', '../limits.ts'], mayNot: ['../wasm/memory.ts', '../host.ts'] },
  'process/process.ts': { may: ['./child.ts', '../errors.ts'], mayNot: ['../esm/esm.ts', '../plugin.ts'] },
  'contracts/action/action.ts': {
    may: ['./wasm.ts', './esm.ts', '../../contract.ts', '../../runtime.ts', '../../errors.ts'],
    mayNot: [
      '../../wasm/wasm.ts',
      '../../esm/esm.ts',
      '../http/http.ts',
      '../typed/typed.ts',
      '../../plugin.ts',
      '../../host.ts',
      '../../server/app.ts',
      '../../index.ts',
      'mortise/contract',
    ],
  },
  'contracts/typed/abi/lift.ts': {
    may: ['./lower.ts', '../typed.ts', '../../../errors.ts'],
    mayNot: ['../../action/action.ts', '../../../wasm/memory.ts', '../../../pool/pool.ts'],
  },
  'contracts/action/wasm.ts': {
    may: ['./action.ts', '../../wasm/memory.ts', '../../wasm/binary/reader.ts', '../../contract.ts'],
    mayNot: ['../../esm/esm.ts', '../http/wasm.ts', '../../plugin.ts', '../../index.ts'],
  },
  'contracts/action/esm.ts': { may: ['./action.ts', '../../esm/esm.ts'], mayNot: ['../../wasm/memory.ts'] },
  'contracts/action/native.ts': { may: ['../../native/native.ts'], mayNot: ['../../esm/esm.ts', '../http/native.ts'] },
  'contracts/action/process.ts': { may: ['../../process/child.ts'], mayNot: ['../../wasm/wasm.ts', '../../host.ts'] },
  'plugin.ts': {
    may: ['./pool/pool.ts', './contract.ts', './runtime.ts', './errors.ts', './hooks.ts'],
    mayNot: ['./wasm/wasm.ts', './contracts/action/action.ts', './server/app.ts', './index.ts'],
  },
  'pool/pool.ts': {
    may: ['./slot.ts', '../versions.ts', '../runtime.ts'],
    mayNot: ['../esm/esm.ts', '../contracts/http/http.ts', '../store/store.ts'],
  },
  'host.ts': {
    may: ['./plugin.ts', './wasm/wasm.ts', './contracts/action/action.ts', './store/store.ts'],
    mayNot: ['./server/app.ts', './cli/main.ts', './build/build.ts', './index.ts', 'mortise'],
  },
  'store/sqlite.ts': { may: ['./store.ts', '../artifact.ts'], mayNot: ['../cli/main.ts', '../server/app.ts'] },
  'server/app.ts': {
    may: ['./auth.ts', './openwhisk/routes.ts', '../host.ts', '../contracts/action/action.ts', '../wasm/wasm.ts'],
    mayNot: ['../cli/main.ts', '../build/build.ts', '../index.ts', 'mortise'],
  },
  'server/openwhisk/routes.ts': {
    may: ['./zip.ts', '../auth.ts', '../../host.ts', '../../contracts/action/action.ts', '../../store/store.ts'],
    mayNot: ['../deploy/routes.ts', '../../cli/main.ts', '../../build/build.ts', '../../index.ts'],
  },
  'build/build.ts': {
    may: ['./options.ts', '../errors.ts', '../limits.ts', 'assemblyscript/asc'],
    mayNot: ['../artifact.ts', '../runtime.ts', '../wasm/wasm.ts', '../host.ts', '../cli/main.ts', '../index.ts'],
  },
  'cli/main.ts': {
    may: ['./run.ts', '../host.ts', '../wasm/wasm.ts', '../build/build.ts', '../server/app.ts', 'mortise/package.json'],
    mayNot: ['../index.ts', 'mortise', 'tenon/action'],
  },
  'index.ts': {
    may: ['./host.ts', './errors.ts', './wasm/wasm.ts', './contracts/action/action.ts', './build/build.ts'],
    mayNot: ['./cli/main.ts', 'mortise'],
  },
}

describe('the import direction, as the linter sees it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-import-rules-'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  write('package.json', '{ "type": "module" }')
  cpSync(join(root, 'oxlint.config.ts'), join(folder, 'oxlint.config.ts'))
  cpSync(join(root, 'tools/lint'), join(folder, 'tools/lint'), { recursive: true })
  for (const [file, { may, mayNot }] of Object.entries(files)) {
    const imports = [...may, ...mayNot]
    write(
      `src/${file}`,
      imports.map((specifier, index) => `export { it as it${index} } from '${specifier}'\n`).join(''),
    )
  }
  write('src/barrel.ts', "export * from './errors.ts'\n")
  write('src/plain.ts', "export { it } from './errors.ts'\nconsole.log(it)\n")
  write('src/a.ts', "import { b } from './b.ts'\nexport const a = () => b\n")
  write('src/b.ts', "import { a } from './a.ts'\nexport const b = () => a\n")
  write('src/dynamic.ts', "export const wasm = await import('./wasm/wasm.ts')\n")
  write('src/default.ts', 'export default 1\n')
  const problems = lint(folder)

  for (const [file, { may, mayNot }] of Object.entries(files)) {
    test(`src/${file} may import ${may.length} of these files and must not import ${mayNot.length}`, () => {
      const refused = problems.filter(
        ({ filename, code }) => filename === `src/${file}` && code.endsWith('(no-restricted-imports)'),
      )
      const lines = refused.map(({ line }) => [...may, ...mayNot][line - 1] ?? '')
      assert.deepEqual(new Set(lines), new Set(mayNot))
    })
  }

  const others: [file: string, rule: string][] = [
    ['src/barrel.ts', 'no-barrel-file'],
    ['src/plain.ts', 'no-console'],
    ['src/a.ts', 'no-cycle'],
    ['src/dynamic.ts', 'no-restricted-imports'],
    ['src/default.ts', 'no-default-export'],
  ]
  for (const [file, rule] of others) {
    test(`${rule} is refused`, () => {
      assert.ok(
        problems.some(({ filename, code }) => filename === file && code.endsWith(`(${rule})`)),
        JSON.stringify(problems.filter(({ filename }) => filename === file)),
      )
    })
  }

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
})

test('no file of src/ lies deeper than the import direction reaches', () => {
  for (const path of globSync('src/**/*.ts', { cwd: root })) {
    assert.ok(path.split('/').length - 2 <= deepest, `${path} lies deeper than ${deepest} folders`)
  }
})

interface Problem {
  readonly filename: string
  readonly line: number
  readonly code: string
}

/** Lines like `src/host.ts:4:1: './index.ts' import is restricted [Error/eslint(no-restricted-imports)]`. */
function lint(cwd: string): Problem[] {
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  // oxlint looks for its type-aware half in the folder that it runs in and in PATH, whoever started this test.
  const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}` }
  const { stdout, stderr } = spawnSync(process.execPath, [oxlint, '--format=unix'], { cwd, env, encoding: 'utf8' })
  const problems = [...stdout.matchAll(/^(.+?):(\d+):\d+: .* \[Error\/(.+)\]$/gm)].map(
    ([, filename = '', line = '', code = '']) => ({ filename, line: Number(line), code }),
  )
  assert.ok(problems.length > 0, `oxlint found nothing at all:\n${stdout}${stderr}`)
  return problems
}
