import assert from 'node:assert/strict'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command, root, tool } from './command.ts'

/** The tarballs that `npm publish` would send, and a project outside of this one that installs them. */
export class Package implements AsyncDisposable {
  readonly #folder: string
  #packed: Promise<[mortise: string, tenon: string]> | undefined

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async create(): Promise<Package> {
    return new Package(await mkdtemp(join(tmpdir(), 'mortise-package-')))
  }

  /** Are the fields of package.json true, and do they say what a package manager and a bundler want to know? */
  async publint(): Promise<void> {
    for (const tarball of await this.#pack()) await tool('publint/src/cli.js', 'run', tarball, '--strict')
  }

  /** Does TypeScript find the types of every public path, and are they of the module that Node finds? */
  async attw(): Promise<void> {
    const [mortise] = await this.#pack()
    await tool('@arethetypeswrong/cli/dist/index.js', mortise, '--profile', 'esm-only', '--no-definitely-typed')
  }

  /** Does a stranger's project get what the sources promise? */
  async install(): Promise<void> {
    const tarballs = await this.#pack()
    const folder = this.#folder
    await writeFile(join(folder, 'package.json'), '{ "name": "stranger", "private": true, "type": "module" }')
    await install(folder, ...tarballs)
    const { paths, peers } = await manifest()
    await importAll(
      folder,
      paths.filter((path) => !needPeers.has(path)),
    )

    await install(folder, ...peers)
    await importAll(folder, paths)
    const imports = paths.map((path, index) => `export * as path${index} from '${path}'\n`)
    await writeFile(join(folder, 'consumer.ts'), imports.join(''))
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(consumer))
    await command(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'], folder)

    const help = await command(join(folder, 'node_modules/.bin/mortise'), ['--help'], folder)
    assert.match(help, /mortise/)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  #pack(): Promise<[mortise: string, tenon: string]> {
    this.#packed ??= pack(this.#folder)
    return this.#packed
  }
}

/** A consumer's settings at their strictest: what is published must need no `skipLibCheck`. */
const consumer = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    lib: ['es2024', 'esnext.disposable'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  },
  include: ['consumer.ts'],
}

/** The public paths that exist for the sake of a package that a user installs beside: all others work without. */
const needPeers: ReadonlySet<string> = new Set(['mortise/metrics', 'mortise/storages/mail'])

async function install(folder: string, ...packages: readonly string[]): Promise<void> {
  await command('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages], folder)
}

async function importAll(folder: string, paths: readonly string[]): Promise<void> {
  const list = JSON.stringify(paths)
  const script = `for (const path of ${list}) if (Object.keys(await import(path)).length === 0) throw new Error(path)`
  await command(process.execPath, ['--input-type=module', '--eval', script], folder)
}

async function pack(folder: string): Promise<[mortise: string, tenon: string]> {
  await command('npm', ['pack', '--pack-destination', folder])
  await command('npm', ['pack', '--pack-destination', folder, './tenon'])
  const names = await readdir(folder)
  const [mortise, tenon] = ['mortise-', 'tenon-'].map((start) => names.find((name) => name.startsWith(start)))
  assert.ok(mortise && tenon, `npm pack made ${names.join(', ')}`)
  return [join(folder, mortise), join(folder, tenon)]
}

/** What package.json offers: `mortise/wasm` for each `./wasm` in `exports`; and asks a user to install beside. */
async function manifest(): Promise<{ readonly paths: readonly string[]; readonly peers: readonly string[] }> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  assert.ok(manifest instanceof Object && 'exports' in manifest && manifest.exports instanceof Object)
  assert.ok('peerDependencies' in manifest && manifest.peerDependencies instanceof Object)
  const paths = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'))
  const peers = Object.entries(manifest.peerDependencies).map(([name, range]) => `${name}@${range}`)
  return { paths: paths.map((path) => `mortise${path.slice(1)}`), peers }
}
