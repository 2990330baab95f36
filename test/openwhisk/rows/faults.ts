import { bash, broken, demo, loop } from '../fixtures/scripts.ts'
import {
  type Answer,
  answer,
  Other,
  raw,
  refused,
  type Row,
  run,
  sentinel,
  starts,
  step,
  type Step,
  refusedSomehow,
  notStarted,
  asTheSystemSays,
} from '../row.ts'

const exited = refused(400, 'command exited')
const once = { stdout: [sentinel], stderr: [sentinel] }

/** Lives longer than its start is watched, and ends before it is asked. */
const dying = bash('echo "pid $$"; read -t 0.2 -r line; exit 1')

/** The program is gone, whichever of the two sentences says it. */
const dropped: Answer = { status: 500, body: /^\{"error":"(command exited|no action defined yet)"\}\n$/ }

const row = (id: string, about: string, steps: readonly Step[], more: Partial<Row> = {}): Row => ({
  id,
  about,
  steps,
  ...more,
})

/** Sentinels of so many activations. */
const ends = (count: number) => ({
  stdout: Array.from({ length: count }, () => sentinel),
  stderr: Array.from({ length: count }, () => sentinel),
})

/** Faults of the reference that Mortise does not have. */
export const faultRows: readonly Row[] = [
  row(
    'X10',
    'a program that died between two runs: the second run does not hang',
    [
      starts(dying),
      { gone: true },
      step(run({}), refused(500, 'command exited')),
      step(run({}), new Other<Answer>('nothing', dropped)),
    ],
    { stdout: 'any', stderr: 'any', because: 'Every run after the program died is answered at once.' },
  ),
  row(
    'X11',
    'runs at the same time: each gets its own answer',
    [
      starts(demo('main')),
      {
        together: Array.from({ length: 6 }, (_, index) => ({
          ask: run({ name: `n${index}` }),
          answer: answer(`{"main":"Hello, n${index}"}`),
        })),
      },
    ],
    {
      ...ends(6),
      only: 'mortise',
      because: 'Runs that come together wait for one another, and each gets its own answer.',
    },
  ),
  row(
    'F3',
    'two lines for one run: the next run gets none of them',
    [
      // In one piece: bash itself writes line by line, and an answer may have gone by then.
      starts(loop(`cat >&3 <<<"$(printf '{"%s":%s}\\n' first "$line" second "$line")"`)),
      step(raw('/run', '1'), new Other(answer('{"first":1}'), refusedSomehow(502))),
      step(raw('/run', '2'), new Other(answer('{"second":1}'), dropped)),
    ],
    {
      stdout: new Other(ends(2).stdout, ends(1).stdout),
      stderr: new Other(ends(2).stderr, ends(1).stderr),
      because:
        'A program that writes a line which answers nothing has failed; its line is never the answer of the next run.',
    },
  ),
  row(
    'F4',
    'a program that closes its descriptor 3, and lives',
    [starts(loop('exec 3>&-; read -r line')), step(run({}), new Other<Answer>('nothing', refusedSomehow(502)))],
    {
      stdout: 'any',
      stderr: 'any',
      because: 'A program that can no longer answer has failed: the run is answered at once.',
    },
  ),
  row(
    'F5',
    'a last answer without the end of its line',
    [
      starts(loop(`printf '{"last":true}' >&3; exit 0`)),
      step(run({}), new Other(exited, { status: 200, body: /^\{"last":true\}\n?$/ })),
    ],
    { ...once, because: 'An answer counts although its line was not ended, when the program ends after it.' },
  ),
  row(
    'F6',
    'an acknowledgement that nobody waits for is no answer',
    [
      // Later than its start is watched.
      starts(loop(`echo '{"answer":1}' >&3`, `(echo "pid $BASHPID"; sleep 0.2; echo '{"ok":true}' >&3) & wait`)),
      { gone: true },
      step(run({}), new Other(answer('{"ok":true}'), answer('{"answer":1}'))),
    ],
    {
      stdout: [/^pid/, sentinel],
      stderr: [sentinel],
      because: 'An acknowledgement that nobody waits for is dropped, and never the answer of a run.',
    },
  ),
  row(
    'F7',
    'what is written right after the answer still belongs to its activation',
    [starts(loop(`echo '{}' >&3; echo late; echo late >&2`)), step(run({}), answer('{}'))],
    {
      stdout: ['late', sentinel],
      stderr: ['late', sentinel],
      only: 'mortise',
      because: 'The log of an activation ends after the lines that its program wrote at the time of its answer.',
    },
  ),
  row(
    'F10',
    'what did not start leaves nothing on the disk',
    [step({ path: '/init', body: { code: broken } }, notStarted)],
    {
      files: ['-exec'],
      because: asTheSystemSays,
    },
  ),
]
