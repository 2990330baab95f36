import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { artifactKind } from 'mortise'
import { inFolder } from './support/guest.ts'

const run = promisify(execFile)
const source = 'int answer(void) { return 42; }\nint main(void) { return answer() - 42; }\n'

const gcc =
  (process.env['CI'] ?? '') === '' &&
  (await run('gcc', ['--version']).then(
    () => false,
    () => 'needs gcc',
  ))

/** What gcc makes of a small program. */
async function compiled(...flags: readonly string[]): Promise<Uint8Array> {
  return inFolder({ 'main.c': source }, async (folder) => {
    const output = join(folder, 'output')
    await run('gcc', [...flags, '-o', output, join(folder, 'main.c')])
    return readFile(output)
  })
}

describe(
  'the kind of a native binary, told from its headers',
  { skip: process.platform !== 'linux' && 'needs Linux' },
  () => {
    for (const [what, flags, kind] of [
      ['a program at a fixed place', ['-no-pie'], 'elf'],
      ['a program that can lie anywhere', ['-pie', '-fPIE'], 'elf'],
      ['a program without an interpreter', ['-static'], 'elf'],
      ['a program without an interpreter that can lie anywhere', ['-static-pie', '-fPIE'], 'elf'],
      ['a shared library', ['-shared', '-fPIC'], 'elf-library'],
      ['a shared library without debug information', ['-shared', '-fPIC', '-s'], 'elf-library'],
    ] as const) {
      it(`is ${kind} for ${what}`, { skip: gcc }, async () => {
        assert.equal(artifactKind(await compiled(...flags)), kind)
      })
    }

    it('is elf for the program that runs this', async () => {
      assert.equal(artifactKind(await readFile(process.execPath)), 'elf')
    })

    it('is told of cut and damaged binaries without an error', { skip: gcc }, async () => {
      const library = await compiled('-shared', '-fPIC')
      fc.assert(
        fc.property(fc.nat(library.length), fc.array(fc.tuple(fc.nat(1000), fc.nat(255))), (length, changes) => {
          const damaged = Uint8Array.from(library.subarray(0, length))
          for (const [at, byte] of changes) damaged[at] = byte
          artifactKind(damaged)
        }),
      )
    })
  },
)

describe('the kind of binaries of other systems', () => {
  const bytes = (length: number, ...words: readonly (readonly [number, number, boolean?])[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(length))
    for (const [at, word, little = true] of words) view.setUint32(at, word, little)
    return new Uint8Array(view.buffer)
  }
  const cases = {
    'mach-o': bytes(32, [0, 0xfeed_facf], [12, 2]),
    'mach-o-library': bytes(32, [0, 0xfeed_facf], [12, 6]),
    pe: bytes(128, [0, 0x5a4d], [0x3c, 64], [64, 0x4550], [84, 0x0022_0000]),
    'pe-library': bytes(128, [0, 0x5a4d], [0x3c, 64], [64, 0x4550], [84, 0x2022_0000]),
  }
  for (const [kind, binary] of Object.entries(cases)) it(`is ${kind}`, () => assert.equal(artifactKind(binary), kind))

  it('is that of the first part, of a file for several processors', () => {
    const fat = bytes(96, [0, 0xcafe_babe, false], [4, 1, false], [16, 48, false], [48, 0xfeed_facf], [60, 8])
    assert.equal(artifactKind(fat), 'mach-o-library')
  })

  it('is told of a damaged one, whatever it says', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(cases)), fc.uint8Array({ maxLength: 200 }), (binary, rest) => {
        const damaged = Uint8Array.from([...binary.subarray(0, 4), ...rest])
        assert.match(artifactKind(damaged), /^(?:mach-o|pe)/)
      }),
    )
  })
})
