import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type ErrorCode, MortiseError } from 'mortise'
import type { UnpackOptions } from '../../src/unpack/limits.ts'
import { unpack } from '../../src/unpack/unpack.ts'
import { zipFolder } from '../../src/unpack/zip-folder.ts'
import { type Made, tar, tarGz, zip } from '../support/archives.ts'

const writers = { zip, tar, 'tar.gz': tarGz } as const

/** Unpacks into a folder of its own inside another, and says what is in both then. */
async function unpacked(
  archive: Uint8Array,
  options: UnpackOptions = {},
): Promise<{ readonly error?: unknown; readonly inside: readonly string[]; readonly outside: readonly string[] }> {
  const around = await mkdtemp(join(tmpdir(), 'mortise-unpack-'))
  try {
    const folder = join(around, 'folder')
    const error: unknown = await unpack(archive, folder, options).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    const outside = await readdir(around)
    return { error, inside: error === undefined ? await listed(folder) : [], outside }
  } finally {
    await rm(around, { recursive: true })
  }
}

/** Each thing in a folder with its permissions and what it holds. */
async function listed(folder: string, prefix = ''): Promise<readonly string[]> {
  const names = (await readdir(folder)).toSorted()
  const lists = names.map(async (name): Promise<readonly string[]> => {
    const path = join(folder, name)
    const status = await lstat(path)
    if (status.isSymbolicLink()) return [`${prefix}${name} -> ${await readlink(path)}`]
    const mode = (status.mode & 0o7777).toString(8)
    if (status.isDirectory()) return [`${prefix}${name}/ ${mode}`].concat(await listed(path, `${prefix}${name}/`))
    return [`${prefix}${name} ${mode} ${(await readFile(path, 'utf8')).slice(0, 20)}`]
  })
  return (await Promise.all(lists)).flat()
}

async function refuses(archive: Uint8Array, code: ErrorCode, sentence: RegExp, options?: UnpackOptions): Promise<void> {
  const { error, outside } = await unpacked(archive, options)
  assert(MortiseError.is(error, code), `${code} wanted, got ${String(error)}`)
  assert.match(error.message, sentence)
  assert.deepEqual(outside, [], 'nothing is left')
}

for (const [kind, write] of Object.entries(writers)) {
  describe(`a ${kind} archive`, () => {
    it('is unpacked with permissions, links and the folders that it does not mention', async () => {
      const { error, inside } = await unpacked(
        write([
          { path: './' },
          { path: 'exec', text: '#!/bin/sh', mode: 0o755 },
          { path: 'private/', mode: 0o500 },
          { path: 'private/key', text: 'secret', mode: 0o400 },
          { path: './deep//er/./file', text: 'in folders' },
          { path: 'deep/link', text: '../exec', kind: 'link' },
          { path: 'all', text: 'deep/..', kind: 'link' },
          { path: 'setuid', text: 'plain', mode: 0o4755 },
          { path: 'empty' },
        ]),
      )
      assert.equal(error, undefined)
      assert.deepEqual(inside, [
        'all -> deep/..',
        'deep/ 755',
        'deep/er/ 755',
        'deep/er/file 644 in folders',
        'deep/link -> ../exec',
        'empty 644 ',
        'exec 755 #!/bin/sh',
        'private/ 700',
        'private/key 600 secret',
        'setuid 755 plain',
      ])
    })

    it('takes the last of two files by one name', async () => {
      const { inside } = await unpacked(
        write([{ path: 'a', text: 'longer' }, { path: 'b' }, { path: './a', text: '2nd' }]),
      )
      assert.deepEqual(inside, ['a 644 2nd', 'b 644 '])
    })

    for (const path of ['../evil', 'a/../../evil', '/evil', 'C:/evil', 'c:evil', 'a\\..\\..\\evil', '..', 'a/..'])
      it(`is refused for the path ${path}`, async () => {
        const { error, outside } = await unpacked(
          write([
            { path: 'first', text: 'kept?' },
            { path, text: 'x', kind: 'file' },
          ]),
        )
        assert(MortiseError.is(error, 'CODE_UNSAFE'), String(error))
        assert.match(error.message, /leads out|absolute|drive/)
        assert.deepEqual(outside, [])
      })

    const links: Readonly<Record<string, readonly Made[]>> = {
      'an absolute one': [{ path: 'l', text: '/etc/passwd', kind: 'link' }],
      'one that climbs out': [{ path: 'a/l', text: '../../x', kind: 'link' }],
      'one through another, which a reader of words alone would let pass': [
        { path: 'p/q/r/' },
        { path: 'p/q/r/up', text: '../../..', kind: 'link' },
        { path: 'out', text: 'p/q/r/up/../x', kind: 'link' },
      ],
      'one with a backslash': [{ path: 'l', text: '..\\x', kind: 'link' }],
      'one to itself': [{ path: 'l', text: 'l/x', kind: 'link' }],
      'two in a circle': [
        { path: 'one', text: 'two', kind: 'link' },
        { path: 'two', text: 'one', kind: 'link' },
      ],
      'one that a file lies under': [
        { path: 'l', text: 'real', kind: 'link' },
        { path: 'real/' },
        { path: 'l/file', text: 'written through?' },
      ],
      'one that has a file in its place': [
        { path: 'l', text: 'real', kind: 'link' },
        { path: 'real' },
        { path: 'l', text: 'written through?' },
      ],
    }
    for (const [name, entries] of Object.entries(links))
      it(`is refused for a link: ${name}`, () => refuses(write(entries), 'CODE_UNSAFE', /link|circle/))

    it('is refused where a name is a file and a folder', async () => {
      await refuses(write([{ path: 'a' }, { path: 'a/b' }]), 'CODE_UNSAFE', /"a" is a file in one place/)
      await refuses(write([{ path: 'a/b' }, { path: 'a' }]), 'CODE_UNSAFE', /"a" is a folder in one place/)
    })

    it('is refused for devices and pipes', async () => {
      await refuses(write([{ path: 'tty', kind: 'device' }]), 'CODE_UNSAFE', /neither a file/)
      await refuses(write([{ path: 'pipe', kind: 'fifo' }]), 'CODE_UNSAFE', /neither a file/)
    })

    it('is refused beyond any limit', async () => {
      const file = { path: 'a', text: 'x'.repeat(5000) }
      const most = kind === 'zip' ? 5000 : 12 * 512 + 1024
      assert.equal((await unpacked(write([file]), { unpacked: most })).error, undefined)
      await refuses(write([file, { path: 'b', text: 'x' }]), 'CODE_TOO_LARGE', /bytes/, { unpacked: most })
      await refuses(write([{ path: 'a' }, { path: 'b' }, { path: 'c' }]), 'CODE_TOO_LARGE', /more than 2/, {
        entries: 2,
      })
      await refuses(write([{ path: 'a/b/c' }]), 'CODE_TOO_LARGE', /2 folders deep/, { depth: 1 })
      await refuses(write([{ path: `${'long/'.repeat(30)}name` }]), 'CODE_TOO_LARGE', /154 bytes/, { path: 100 })
      await refuses(write([{ path: 'n'.repeat(256) }]), 'CODE_TOO_LARGE', /a name of 256 bytes/)
    })

    it('is refused at every length that it may be cut to, with nothing left', async () => {
      const archive = write([
        { path: 'a/b', text: 'one' },
        { path: 'c', text: 'x'.repeat(2000) },
      ])
      const step = Math.max(1, Math.floor(archive.length / 60))
      const whole = kind === 'tar' ? archive.length - 1024 : archive.length - 1
      for (let length = 4; length <= whole; length += step) {
        const { error, outside } = await unpacked(archive.subarray(0, length))
        assert(MortiseError.is(error, 'CODE_ARCHIVE'), `${length} of ${archive.length} bytes: ${String(error)}`)
        assert.deepEqual(outside, [])
      }
    })
  })
}

describe('a zip archive', () => {
  it('is unpacked with sizes in 64 bits', async () => {
    const { error, inside } = await unpacked(
      zip(
        [
          { path: 'a', text: 'one' },
          { path: 'b', text: 'two', stored: true },
        ],
        { zip64: true },
      ),
    )
    assert.equal(error, undefined)
    assert.deepEqual(inside, ['a 644 one', 'b 644 two'])
  })

  it('that was made without permissions has ordinary ones', async () => {
    const { inside } = await unpacked(
      zip([
        { path: 'd/', dos: true },
        { path: 'd/f', text: 'x', dos: true },
      ]),
    )
    assert.deepEqual(inside, ['d/ 755', 'd/f 644 x'])
  })

  it('has names in UTF-8 without the flag for it, and in the code page of MS-DOS', async () => {
    const { inside } = await unpacked(
      zip([
        { path: '', raw: Buffer.from('ü'), kind: 'file', text: 'one' },
        { path: '', raw: Buffer.from([0x84]), kind: 'file', text: 'two' },
      ]),
    )
    assert.deepEqual(inside, ['ä 644 two', 'ü 644 one'])
  })

  it('is refused with a password', () =>
    refuses(zip([{ path: 'a', text: 'x', encrypted: true }]), 'CODE_ARCHIVE', /"a" is encrypted/))

  it('is refused when an entry has more or less than it says, or another checksum', async () => {
    await refuses(zip([{ path: 'a', text: 'x'.repeat(100), size: 10 }]), 'CODE_ARCHIVE', /bytes/)
    await refuses(zip([{ path: 'a', text: 'x', size: 10 }]), 'CODE_ARCHIVE', /bytes/)
    const archive = zip([{ path: 'a', text: 'unlike', stored: true }])
    archive[archive.indexOf('unlike')] = 0
    await refuses(archive, 'CODE_ARCHIVE', /checksum/)
  })

  it('is refused when what it lists is not there', async () => {
    await refuses(Buffer.from('PK\x03\x04 and nothing more'), 'CODE_ARCHIVE', /Cannot unpack the archive/)
  })

  it('with overlapping entries counts each of them', async () => {
    const one = { path: 'a', text: Buffer.alloc(1_000_000) }
    await refuses(zip(Array.from({ length: 20 }, (_, at) => ({ ...one, path: `a${at}` }))), 'CODE_TOO_LARGE', /bytes/, {
      unpacked: '10 MB',
    })
  })
})

describe('a tar archive', () => {
  it('keeps hard links to what it holds, and refuses others', async () => {
    const kept = await unpacked(
      tar([
        { path: 'a/b', text: 'same' },
        { path: 'c', text: 'a/b', kind: 'hard link' },
      ]),
    )
    assert.deepEqual(kept.inside, ['a/ 755', 'a/b 644 same', 'c 644 same'])
    await refuses(tar([{ path: 'c', text: '/etc/passwd', kind: 'hard link' }]), 'CODE_UNSAFE', /absolute/)
    await refuses(tar([{ path: 'c', text: '../x', kind: 'hard link' }]), 'CODE_UNSAFE', /leads out/)
    await refuses(tar([{ path: 'c', text: 'missing', kind: 'hard link' }]), 'CODE_UNSAFE', /no file of it/)
    const through = [
      { path: 'l', text: '.', kind: 'link' },
      { path: 'a' },
      { path: 'c', text: 'l/a', kind: 'hard link' },
    ] as const
    await refuses(tar(through), 'CODE_UNSAFE', /no file of it/)
  })

  it('keeps paths too long for its headers', async () => {
    const path = `${'folder/'.repeat(20)}name`
    const { inside } = await unpacked(tar([{ path, text: 'deep' }]))
    assert.equal(inside.at(-1), `${path} 644 deep`)
  })

  it('is refused when it is compressed twice, or is none', async () => {
    await refuses(gzipSync(tarGz([{ path: 'a' }])), 'CODE_ARCHIVE', /compressed once more/)
    await refuses(gzipSync('just text, and no archive at all'), 'CODE_ARCHIVE', /Cannot unpack/)
    await refuses(gzipSync(''), 'CODE_ARCHIVE', /Cannot unpack/)
  })

  it('that unpacks to terabytes is refused soon, whatever they are made of', async () => {
    const zeros = gzipSync(Buffer.alloc(50_000_000))
    await refuses(Buffer.concat([tarGz([]), zeros, zeros]), 'CODE_TOO_LARGE', /bytes/, { unpacked: '20 MB' })
    await refuses(tarGz([{ path: 'a', text: 'x', size: 2 ** 33 - 1 }]), 'CODE_TOO_LARGE', /8589934591 bytes/)
  })

  it('is refused for an entry of a type that nobody knows', () => {
    const archive = tar([{ path: 'sparse', text: 'x' }])
    archive.write('S', 156)
    const sum = archive.subarray(0, 512).reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0)
    archive.write(`${sum.toString(8).padStart(6, '0')}\0`, 148)
    return refuses(archive, 'CODE_UNSAFE', /type/)
  })
})

describe('unpacking', () => {
  it('takes links that lead out where it is told to, and writes nothing through them', async () => {
    const venv = [
      { path: 'bin/python', text: '/usr/bin/python3', kind: 'link' },
      { path: 'lib', text: '..', kind: 'link' },
    ] as const
    assert.deepEqual((await unpacked(zip(venv), { outsideLinks: true })).inside, [
      'bin/ 755',
      'bin/python -> /usr/bin/python3',
      'lib -> ..',
    ])
    await refuses(zip([...venv, { path: 'lib/x', text: 'out?' }]), 'CODE_UNSAFE', /"lib" is a link/, {
      outsideLinks: true,
    })
  })

  it('refuses what is no archive, options that are none, and folders that are there', async () => {
    await refuses(Buffer.from('export const main = 1'), 'CODE_ARCHIVE', /neither a zip archive nor a tar archive/)
    await refuses(zip([]), 'OPTION_INVALID', /entries/, { entries: 0 })
    const folder = await mkdtemp(join(tmpdir(), 'mortise-unpack-'))
    await assert.rejects(unpack(zip([]), folder), (error) => MortiseError.is(error, 'CODE_FOLDER'))
    await rm(folder, { recursive: true })
  })
})

describe('an archive that a tool has made', () => {
  const tools = {
    'tar, compressed': ['tar', ['czf', 'archive', '-C', 'in', '.']],
    'tar, in the format of POSIX': ['tar', ['cf', 'archive', '--format=pax', '-C', 'in', '.']],
    'zip, with links': ['sh', ['-c', 'cd in && zip -qry ../archive.zip . && mv ../archive.zip ../archive']],
    'Python, which follows links': [
      'python3',
      ['-c', "import shutil, os; shutil.move(shutil.make_archive('a', 'zip', 'in'), 'archive')"],
    ],
  } as const
  for (const [name, [command, args]] of Object.entries(tools)) {
    const tool = name.startsWith('zip') ? 'zip' : command
    const missing = spawnSync(tool, ['--version']).error !== undefined && !process.env['CI'] && `needs ${tool}`
    it(`${name}, is unpacked as it was`, { skip: missing }, async () => {
      const cwd = await mkdtemp(join(tmpdir(), 'mortise-tool-'))
      try {
        const long = 'a folder with a long name, '.repeat(6)
        await mkdir(join(cwd, 'in', long, long), { recursive: true })
        await writeFile(join(cwd, 'in', long, long, 'ü'), 'deep')
        await writeFile(join(cwd, 'in/exec'), '#!/bin/sh', { mode: 0o755 })
        await writeFile(join(cwd, 'in/empty'), '')
        await symlink('exec', join(cwd, 'in/link'))
        execFileSync(command, args, { cwd })
        await unpack(await readFile(join(cwd, 'archive')), join(cwd, 'out'))
        const followed = (await listed(join(cwd, 'in'))).map((line) =>
          command === 'python3' && line === 'link -> exec' ? 'link 755 #!/bin/sh' : line,
        )
        assert.deepEqual(await listed(join(cwd, 'out')), followed)
      } finally {
        await rm(cwd, { recursive: true })
      }
    })
  }
})

describe('a folder written as a zip archive', () => {
  it('comes back as it was, with links, each file executable, and the same bytes each time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-zip-'))
    try {
      await mkdir(join(folder, 'sub/empty'), { recursive: true })
      await writeFile(join(folder, 'exec'), '#!/bin/sh')
      await writeFile(join(folder, 'sub/ä.txt'), 'umlaut')
      await symlink('../exec', join(folder, 'sub/link'))
      const archive = await zipFolder(folder)
      assert.deepEqual((await unpacked(archive)).inside, [
        'exec 755 #!/bin/sh',
        'sub/ 755',
        'sub/empty/ 755',
        'sub/link -> ../exec',
        'sub/ä.txt 755 umlaut',
      ])
      await writeFile(join(folder, 'exec'), '#!/bin/sh')
      assert.deepEqual(await zipFolder(folder), archive)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('fails with a code where the folder is not there', () =>
    assert.rejects(zipFolder('/nowhere/at/all'), (error) => MortiseError.is(error, 'CODE_FOLDER')))
})
