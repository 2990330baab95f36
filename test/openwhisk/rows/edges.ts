import { bash, echo, greeter, loop, broken } from '../fixtures/scripts.ts'
import { type Entry, zip } from '../fixtures/zip.ts'
import {
  type Answer,
  answer,
  init,
  Other,
  raw,
  ready,
  refusedSomehow,
  type Row,
  run,
  sentinel,
  starts,
  step,
  noAction,
  noCode,
  notStarted,
  asTheSystemSays,
} from '../row.ts'

const greeted = step(run({ name: 'Mike' }), answer('{"hello": "Mike"}'))
const log = { stdout: ['msg=hello Mike', sentinel], stderr: [sentinel] }
const once = { stdout: [sentinel], stderr: [sentinel] }

/** The edges of the protocol. */
export const edgeRows: readonly Row[] = [
  {
    id: 'X1',
    about: 'names of fields count in any case',
    steps: [
      step(
        raw(
          '/init',
          JSON.stringify({ VALUE: { Code: Buffer.from(greeter).toString('base64'), BINARY: true, Main: 'x' } }),
        ),
        ready,
      ),
      greeted,
    ],
    ...log,
  },
  {
    id: 'X2',
    about: 'line ends in a request are taken out',
    steps: [starts(echo), step(raw('/run', '{\n"value":\n{}\n}\n'), answer('{"value":{}}'))],
    ...once,
  },
  {
    id: 'X3',
    about: 'after an /init that failed comes another',
    because: asTheSystemSays,
    steps: [step(init(broken), notStarted), step(raw('/init', '{}'), noCode), starts(greeter), greeted],
    ...log,
  },
  {
    id: 'X4',
    about: '-debug: an /init in the place of the one before; one that fails leaves that',
    because: asTheSystemSays,
    flags: ['-debug'],
    steps: [
      starts(greeter),
      greeted,
      step(init(broken), notStarted),
      greeted,
      starts(echo),
      step(raw('/run', '{"other":1}'), answer('{"other":1}')),
    ],
    stdout: ['msg=hello Mike', sentinel, 'msg=hello Mike', sentinel, sentinel],
    stderr: 'any',
  },
  { id: 'X5', about: 'null is an answer', steps: [starts(echo), step(raw('/run', 'null'), answer('null'))], ...once },
  {
    id: 'X6',
    about: 'spaces in an answer stay',
    steps: [starts(echo), step(raw('/run', ' { "a" :  1 } '), answer(' { "a" :  1 } '))],
    ...once,
  },
  {
    id: 'X7',
    about: 'a program has no PATH',
    steps: [
      starts(loop(`[[ $(export) == *PATH=* ]] && echo '{"path":true}' >&3 || echo '{"path":false}' >&3`)),
      step(run({}), answer('{"path":false}')),
    ],
    ...once,
  },
  {
    id: 'X8',
    about: 'values of the environment with more than one =',
    settings: { __OW_API_HOST: 'https://h/?a=b=c' },
    steps: [
      starts(loop(`echo "{\\"host\\":\\"$__OW_API_HOST\\"}" >&3`)),
      step(run({}), new Other(answer('{"host":"https://h/?a"}'), answer('{"host":"https://h/?a=b=c"}'))),
    ],
    ...once,
    because: 'A value of the environment is whole, also with a second = in it.',
  },
  {
    id: 'X12',
    about: 'a program that never acknowledges',
    settings: { OW_WAIT_FOR_ACK: '1', OW_INIT_TIMEOUT: '500' },
    steps: [
      step(init(bash('read -r line')), new Other<Answer>('nothing', refusedSomehow(502))),
      step(run({}), noAction),
    ],
    because: 'A program that does not acknowledge in time is ended, and /init refused.',
  },
  {
    id: 'X14',
    about: 'an `exec` that is a link within the archive',
    steps: [
      starts(
        zip([
          { name: 'real', data: greeter, mode: 0o755 },
          { name: 'exec', data: 'real', kind: 'link' } satisfies Entry,
        ]),
      ),
      greeted,
    ],
    ...log,
  },
  {
    id: 'X15',
    about: 'paths that are not known',
    steps: ['/', '/health', '/init/', '/run/x'].map((path) =>
      step(raw(path, '{}'), new Other<Answer>({ status: 200, body: '' }, refusedSomehow(404))),
    ),
    because: 'A path that is not known is answered with 404.',
  },
]
