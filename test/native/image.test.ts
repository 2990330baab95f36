import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { artifactKind } from 'mortise'
import { mortise } from '../support/cli.ts'
import { compileGoLibrary, compileLibrary, libraryCompilerMissing } from '../support/libraries.ts'

const run = promisify(execFile)

/** What `mortise inspect` says of some bytes. */
async function inspect(bytes: Uint8Array, ...options: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-test-'))
  try {
    await writeFile(join(folder, 'library'), bytes)
    const { code, stdout, stderr } = await mortise(['inspect', join(folder, 'library'), ...options])
    assert.equal(code, 0, stderr)
    return stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function report(bytes: Uint8Array): Promise<Record<string, unknown>> {
  const said: unknown = JSON.parse(await inspect(bytes, '--json'))
  assert.ok(typeof said === 'object' && said !== null)
  return Object.fromEntries(Object.entries(said))
}

describe('mortise inspect of a native library', { skip: await libraryCompilerMissing('cc', 'c++', 'go') }, () => {
  it('says its ABI, its contract, what it wants and what it exports', async () => {
    const said = await report(await compileLibrary('users.c', { flags: ['-fvisibility=hidden'] }))
    const { kind, format, machine, abi, contract, imports, exports } = said
    assert.deepEqual(
      { kind, format, machine, abi, contract },
      { kind: 'elf-library', format: 'ELF', machine: process.arch, abi: 1, contract: 'users 1' },
    )
    assert.deepEqual(imports, [{ name: 'lookup', type: 'function' }])
    assert.ok(Array.isArray(exports))
    const names = exports.map(({ name, type }: { name: string; type: string }) => `${name} ${type}`).toSorted()
    assert.deepEqual(names, [
      'add function',
      'greeting function',
      'mortise_abi_version data',
      'mortise_close function',
      'mortise_contract data',
      'mortise_hook_ask function',
      'mortise_hook_count function',
      'mortise_hook_fail function',
      'mortise_hook_repeat_text function',
      'mortise_hook_revision function',
      'mortise_init function',
      'mortise_open function',
      'revision data',
      'scale function',
      'sum function',
      'widen function',
    ])
  })

  it('says that Go cannot be unloaded, and perhaps C++', async () => {
    assert.match(await inspect(await compileGoLibrary()), /unloads +never: it is linked with -z nodelete, as Go/)
    const source = '#include "mortise.h"\n#include <string>\nMORTISE_PLUGIN("") thread_local std::string text = "x";\n'
    const library = await compileLibrary(`${source} const char *use() { return text.c_str(); }`, { compiler: 'c++' })
    assert.match(await inspect(library), /unloads +perhaps not: it has thread-local objects/)
  })

  it('of one without the ABI says so', async () => {
    assert.match(await inspect(await compileLibrary('int nothing;\n')), /native ABI +none/)
  })

  it('that is cut off is one error', async () => {
    const library = await compileLibrary('users.c')
    const folder = await mkdtemp(join(tmpdir(), 'mortise-test-'))
    await writeFile(join(folder, 'library'), library.slice(0, -1))
    const { code, stderr } = await mortise(['inspect', join(folder, 'library')])
    await rm(folder, { recursive: true })
    assert.equal(code, 1)
    assert.match(stderr, /NATIVE_NOT_LOADED.*damaged/)
  })
})

/** Free of every header, so that it compiles for systems whose headers are not here. */
const source = `
  EXPORT const unsigned mortise_abi_version = 1;
  EXPORT const char mortise_contract[] = "users 1";
  EXPORT unsigned (*mortise_host_lookup)(unsigned) = (unsigned (*)(unsigned))1;
  EXPORT unsigned mortise_hook_main(void) { return 32; }
  static unsigned hidden(void) { return 1; }
  EXPORT unsigned uses(void) { return hidden(); }
`

interface Target {
  readonly kind: string
  readonly format: string
  readonly machine: string
  readonly triple: string
  readonly define: string
  readonly link: (object: string, output: string) => readonly [string, ...string[]]
}

const windows = (output: string): readonly string[] => ['/dll', '/noentry', '/nodefaultlib', `/out:${output}`]
const darwin = [
  '-dylib',
  '-undefined',
  'dynamic_lookup',
  '-platform_version',
  'macos',
  '11.0',
  '11.0',
  '-install_name',
  'x',
]
const targets: readonly Target[] = [
  ...(['x86_64', 'aarch64'] as const).map((name) => ({
    kind: 'pe-library',
    format: 'PE',
    machine: name === 'x86_64' ? 'x64' : 'arm64',
    triple: `${name}-pc-windows-msvc`,
    define: '-DEXPORT=__declspec(dllexport)',
    link: (object: string, output: string) => ['lld-link', ...windows(output), object] as const,
  })),
  ...(['x86_64', 'arm64'] as const).map((name) => ({
    kind: 'mach-o-library',
    format: 'Mach-O',
    machine: name === 'x86_64' ? 'x64' : 'arm64',
    triple: `${name}-apple-macos11`,
    define: '-DEXPORT=',
    link: (object: string, output: string) => ['ld64.lld', '-arch', name, ...darwin, object, '-o', output] as const,
  })),
]

/** A linker that clang knows, which Debian has beside the path. */
async function program(name: string): Promise<string> {
  const { stdout } = await run('clang', [`--print-prog-name=${name}`])
  return stdout.trim()
}

async function linked({ triple, define, link }: Target): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-test-'))
  try {
    const [object, output] = [join(folder, 'library.o'), join(folder, 'library')]
    await writeFile(join(folder, 'library.c'), source)
    await run('clang', [
      `--target=${triple}`,
      '-O1',
      '-fno-stack-protector',
      define,
      '-c',
      join(folder, 'library.c'),
      '-o',
      object,
    ])
    const [linker, ...args] = link(object, output)
    await run(await program(linker), args)
    return await readFile(output)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const tools = await Promise.all(['lld-link', 'ld64.lld'].map((name) => program(name).catch(() => name)))
const missing = process.env['CI'] === 'true' ? [] : tools.filter((tool) => !isAbsolute(tool))

describe('libraries for other systems', { skip: missing.length > 0 && `needs ${missing.join(', ')}` }, () => {
  for (const target of targets) {
    it(`${target.format} for ${target.machine} is read as it says`, async () => {
      const library = await linked(target)
      assert.equal(artifactKind(library), target.kind)
      const { format, machine, abi, contract, imports, exports } = await report(library)
      assert.deepEqual(
        { format, machine, abi, contract, imports },
        {
          format: target.format,
          machine: target.machine,
          abi: 1,
          contract: 'users 1',
          imports: [{ name: 'lookup', type: 'function' }],
        },
      )
      assert.deepEqual(exports, [
        { name: 'mortise_abi_version', type: 'data' },
        { name: 'mortise_contract', type: 'data' },
        { name: 'mortise_hook_main', type: 'function' },
        { name: 'uses', type: 'function' },
      ])
    })
  }

  const parts = targets.filter(({ kind }) => kind === 'mach-o-library')
  let universal = Buffer.alloc(0)
  before(async () => {
    // The head of a file for several machines: big-endian, each part with its machine, its place and its size.
    const [one = Buffer.alloc(0), two = Buffer.alloc(0)] = await Promise.all(parts.map(linked))
    const head = Buffer.alloc(4096)
    const words = [0xcafebabe, 2, 0x1000007, 3, 4096, one.length, 12, 0x100000c, 0, 4096 + one.length, two.length, 12]
    for (const [index, word] of words.entries()) head.writeUint32BE(word, 4 * index)
    universal = Buffer.concat([head, one, two])
  })

  it('of a universal one the part for this machine is read', async () => {
    const { machine, abi, contract } = await report(universal)
    assert.deepEqual({ machine, abi, contract }, { machine: process.arch, abi: 1, contract: 'users 1' })
  })
})
