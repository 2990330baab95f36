import { bash, greeter, loop, broken } from '../fixtures/scripts.ts'
import { tarGz } from '../fixtures/tar.ts'
import { type Entry, zip, zipOf } from '../fixtures/zip.ts'
import {
  answer,
  init,
  type Lines,
  Other,
  ready,
  refused,
  refusedSomehow,
  type Row,
  run,
  sentinel,
  starts,
  step,
  exitedAtStart,
  notStarted,
  asTheSystemSays,
} from '../row.ts'

const greeted = step(run({ name: 'Mike' }), answer('{"hello": "Mike"}'))
const log = { stdout: ['msg=hello Mike', sentinel], stderr: [sentinel] }
const once = { stdout: [sentinel], stderr: [sentinel] }
const found = step(run({}), answer('{"found":"here"}'))

const exec = (data: Uint8Array, more: Partial<Entry> = {}): Entry => ({ name: 'exec', data, mode: 0o755, ...more })

/** Answers with the text of a file that lies beside it. */
const reads = (path: string): Uint8Array => loop(`echo "{\\"found\\":\\"$(< "\${0%/*}/${path}")\\"}" >&3`)

/** An archive that would write outside of its folder. */
const evil = (id: string, about: string, code: Uint8Array): Row => ({
  id,
  about,
  steps: [step(init(code), new Other(ready, refusedSomehow(502)))],
  files: new Other<readonly string[]>(['evil.txt'], ['-evil.txt']),
  because: 'An archive with an entry that would leave its folder is refused as a whole.',
})

/** What `/init` takes, and how it is unpacked. */
export const artifactRows: readonly Row[] = [
  { id: 'C1', about: 'a zip with `exec`', steps: [starts(zipOf(greeter)), greeted], ...log },
  {
    id: 'C2',
    about: 'a zip whose `exec` may not be executed by its mode',
    steps: [starts(zip([exec(greeter, { mode: 0o644 })])), greeted],
    ...log,
  },
  {
    id: 'C3',
    about: 'a zip with files beside it',
    steps: [
      starts(
        zip([
          exec(reads('etc/data')),
          { name: 'etc/', kind: 'folder', mode: 0o755 },
          { name: 'etc/data', data: 'here' },
        ]),
      ),
      found,
    ],
    ...once,
  },
  {
    id: 'C4',
    about: 'a zip whose folders have no entries',
    steps: [starts(zip([exec(reads('a/b/data')), { name: 'a/b/data', data: 'here' }])), found],
    ...once,
  },
  {
    id: 'C5',
    about: 'an archive as text and not as bytes is none',
    steps: [step(init('PK'), new Other(exitedAtStart, refusedSomehow(502)))],
    because:
      'Text that is no program is JavaScript or TypeScript, and refused in words of its compiler where it is not.',
  },
  {
    id: 'C6',
    about: 'a tar.gz with `exec` and a file beside it',
    steps: [
      starts(
        tarGz([
          exec(reads('etc/data')),
          { name: 'etc/', kind: 'folder', mode: 0o755 },
          { name: 'etc/data', data: 'here' },
        ]),
      ),
      found,
    ],
    ...once,
  },
  {
    id: 'C7',
    about: 'a tar.gz whose folders have no entries',
    steps: [
      step(
        init(tarGz([exec(reads('lib/data')), { name: 'lib/data', data: 'here' }])),
        new Other(refused(502, 'open action/1/src/lib/data: no such file or directory'), {
          status: 200,
          body: '{"ok":true}\n',
        }),
      ),
    ],
    because: 'A tar.gz may leave out the entries of its folders, as a zip may.',
  },
  {
    id: 'C8',
    about: 'a tar.gz that ends too soon',
    steps: [
      step(
        init(tarGz([exec(greeter)]).subarray(0, 60)),
        new Other(refused(502, 'unexpected EOF'), refusedSomehow(502)),
      ),
    ],
    because: 'What is wrong with an archive is said in other words.',
  },
  {
    id: 'C9',
    about: 'a link to the program',
    steps: [
      starts(zip([{ name: 'bin/real', data: greeter, mode: 0o755 }, exec(Buffer.from('bin/real'), { kind: 'link' })])),
      greeted,
    ],
    ...log,
  },
  {
    id: 'C10',
    about: 'OW_SAVE_JAR: an archive with a manifest stays as it is',
    settings: { OW_SAVE_JAR: 'exec.jar' },
    steps: [step(init(jar()), exitedAtStart)],
    files: ['-MANIFEST.MF'],
  },
  {
    id: 'C10b',
    about: 'OW_SAVE_JAR: the compile command gets the archive',
    settings: { OW_SAVE_JAR: 'exec.jar', OW_COMPILER: './compile' },
    place: { compile: bash('cd "$2"; echo *') },
    steps: [step(init(jar()), refused(502, 'exec.jar\n'))],
  },
  {
    id: 'C10c',
    about: 'OW_SAVE_JAR: an archive without a manifest is unpacked',
    settings: { OW_SAVE_JAR: 'exec.jar' },
    steps: [starts(zipOf(greeter)), greeted],
    ...log,
  },
  {
    id: 'C10d',
    about: 'OW_SAVE_JAR: what is no archive',
    settings: { OW_SAVE_JAR: 'exec.jar' },
    steps: [
      step(init(Buffer.from('PK\u0003\u0004 no zip')), new Other(refused(502, 'not a zip file'), refusedSomehow(502))),
    ],
    because: 'What is wrong with an archive is said in other words.',
  },
  {
    id: 'C11',
    about: 'no OW_SAVE_JAR: an archive with a manifest is unpacked',
    steps: [starts(zip([exec(reads('META-INF/MANIFEST.MF')), { name: 'META-INF/MANIFEST.MF', data: 'here' }])), found],
    ...once,
  },
  {
    id: 'C12',
    about: 'the folder of an action counts those before it, the failed ones too',
    because: asTheSystemSays,
    steps: [
      step(init(broken), notStarted),
      step(init(broken), notStarted),
      starts(loop('[[ $0 == */3/bin/exec ]] && echo \'{"third":true}\' >&3 || echo "{\\"is\\":\\"$0\\"}" >&3')),
      step(run({}), answer('{"third":true}')),
    ],
    ...once,
  },

  evil(
    'X9',
    'a zip with an entry that leads outside',
    zip([exec(greeter), { name: '../../../evil.txt', data: 'evil' }]),
  ),
  evil(
    'X9b',
    'a tar.gz with an entry that leads outside',
    tarGz([exec(greeter), { name: '../../../evil.txt', data: 'evil' }]),
  ),
  evil(
    'X9c',
    'a zip with an entry below a link that leads outside',
    zip([exec(greeter), { name: 'out', data: '../../..', kind: 'link' }, { name: 'out/evil.txt', data: 'evil' }]),
  ),
  {
    id: 'X13',
    about: 'bytes that begin as a zip and are none',
    steps: [
      step(init(Buffer.from('PK\u0003\u0004 no zip')), new Other('closed', refusedSomehow(502))),
      starts(greeter),
      greeted,
    ],
    stdout: log.stdout,
    stderr: new Other<Lines>('any', [sentinel]),
    because: 'An archive that cannot be read is refused, in JSON.',
  },
  {
    id: 'X13b',
    about: 'an archive that is empty',
    steps: [step(init(zip([])), new Other(exitedAtStart, refusedSomehow(502)))],
    because: 'An archive that holds nothing to run is refused in words that say so.',
  },
]

function jar(): Uint8Array {
  return zip([
    { name: 'META-INF/MANIFEST.MF', data: 'Manifest-Version: 1.0\n' },
    { name: 'hello.txt', data: 'hello' },
  ])
}
