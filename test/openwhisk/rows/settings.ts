import { bash, greeter } from '../fixtures/scripts.ts'
import { answer, init, Other, refused, type Row, run, sentinel, starts, step } from '../row.ts'

const greeted = step(run({ name: 'Mike' }), answer('{"hello": "Mike"}'))
const log = { stdout: ['msg=hello Mike', sentinel], stderr: [sentinel] }
const once = { stdout: [sentinel], stderr: [sentinel] }

/** A row whose code is compiled by a script of bash, which gets `<main> <source folder> <output folder>`. */
const compiles = (id: string, about: string, script: string, more: Pick<Row, 'steps'> & Partial<Row>): Row => ({
  id,
  about,
  place: { compile: bash(script) },
  ...more,
  settings: { OW_COMPILER: './compile', ...more.settings },
})

const fails = (text: string): Row['steps'] => [step(init('source'), refused(502, text))]

/** What the settings and flags of the runtime do. */
export const settingRows: readonly Row[] = [
  compiles(
    'M1',
    'the compile command is given the name of the function, and two folders',
    String.raw`printf '#!/bin/bash\nwhile read -r; do echo "{\\"arguments\\":\\"%s\\"}" >&3; done\n' "$*" >"$3/exec"`,
    {
      steps: [
        starts('source', { main: 'other' }),
        step(run({}), answer('{"arguments":"other action/1/src action/1/bin"}')),
      ],
      ...once,
    },
  ),
  compiles(
    'M2',
    'what the compile command writes is its failure, as it is',
    `echo '"no" <good>'; echo $'\\tbad' >&2; exit 1`,
    {
      steps: fails('"no" <good>\n\tbad\n'),
    },
  ),
  compiles(
    'M3',
    'it writes something and succeeds: that is a failure too',
    `cp "$2/exec" "$3/exec"; echo warning >&2`,
    { steps: fails('warning\n') },
  ),
  compiles('M4', 'it fails without a word', 'exit 7', { steps: fails('exit status 7') }),
  compiles('M5', 'it succeeds and leaves nothing', 'exit 0', { steps: fails('cannot compile') }),
  {
    id: 'M6',
    about: 'there is no such compile command',
    settings: { OW_COMPILER: '/nowhere/compile' },
    steps: fails('fork/exec /nowhere/compile: no such file or directory'),
  },
  compiles(
    'M7',
    'its failure is in the log, with OW_LOG_INIT_ERROR',
    'echo error in stdout; echo error in stderr >&2',
    {
      settings: { OW_LOG_INIT_ERROR: '1' },
      steps: fails('The action failed to generate or locate a binary. See logs for details.'),
      stdout: [sentinel],
      stderr: ['error in stdout', 'error in stderr', '', sentinel],
    },
  ),
  compiles('M8', 'a program is not compiled', 'exit 7', { steps: [starts(greeter), greeted], ...log }),
  compiles(
    'M9',
    'it has the variables of /init and a PATH',
    String.raw`[[ -n $PATH && -z $HOME ]] || echo "$PATH $HOME"; printf '#!/bin/bash\nwhile read -r; do echo "{\\"a\\":\\"%s\\"}" >&3; done\n' "$a" >"$3/exec"`,
    {
      steps: [starts('source', { env: { a: 'b' } }), step(run({}), answer('{"a":"b"}'))],
      ...once,
    },
  ),
  compiles('M10', 'what it failed to compile leaves nothing on the disk', 'exit 7', {
    steps: fails('exit status 7'),
    files: new Other(['src'], ['-src']),
    because: 'What failed to compile leaves nothing on the disk.',
  }),

  {
    id: 'T1',
    about: '-version',
    steps: [
      {
        command: ['-version'],
        prints: new Other(
          { code: 0, stdout: /^OpenWhisk ActionLoop Proxy v\S+, built with go\S+\n$/, stderr: '' },
          { code: 0, stdout: /^.+\n$/, stderr: '' },
        ),
      },
    ],
    because: 'The version is that of Mortise.',
  },
  {
    id: 'T2',
    about: '-compile of nothing',
    steps: [{ command: ['-compile', 'main'], prints: { code: 1, stdout: '', stderr: /no file\n$/ } }],
  },
  {
    id: 'T3',
    about: '-compile writes a zip that /init takes',
    steps: [starts(async ({ command }) => (await command(['-compile', 'main'], { input: greeter })).stdout), greeted],
    ...log,
  },
  {
    id: 'T4',
    about: '-compile of a source, with variables for the compile command',
    steps: [
      starts(async ({ command }) => {
        const place = {
          compile: bash(
            String.raw`printf '#!/bin/bash\nwhile read -r; do echo "{\\"a\\":\\"%s\\",\\"main\\":\\"%s\\"}" >&3; done\n' "$a" "$1" >"$3/exec"`,
          ),
        }
        const { stdout } = await command(['-compile', 'niam', '-env', '{"a":7}'], {
          input: 'source',
          place,
          settings: { OW_COMPILER: './compile' },
        })
        return stdout
      }),
      step(run({}), answer('{"a":"7","main":"niam"}')),
    ],
    ...once,
  },
  {
    id: 'T5',
    about: 'a flag that is not known',
    steps: [{ command: ['-nonsense'], prints: { code: 2, stdout: '', stderr: /-n/ } }],
  },
]
