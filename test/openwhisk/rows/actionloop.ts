import { acknowledging, bash, echo, environment, greeter, hi, loop } from '../fixtures/scripts.ts'
import { zip } from '../fixtures/zip.ts'
import { answer, init, Other, raw, refused, refusedSomehow, type Row, run, sentinel, starts, step } from '../row.ts'

const acknowledged = { OW_WAIT_FOR_ACK: '1' }
const greeted = step(run({ name: 'Mike' }), answer('{"hello": "Mike"}'))
const log = { stdout: ['msg=hello Mike', sentinel], stderr: [sentinel] }
const once = { stdout: [sentinel], stderr: [sentinel] }

/** A first line that is no acknowledgement. */
const unlike = (id: string, line: string, reason: string): Row => ({
  id,
  about: `an acknowledgement of ${line}`,
  settings: acknowledged,
  steps: [step(init(bash(`echo '${line}' >&3; read -r line`)), refused(502, `cannot start action: ${reason}`))],
})

/** An archive that says what it was built for. */
const built = (execution: string, exec = greeter): Uint8Array =>
  zip([
    { name: 'exec', data: exec, mode: 0o755 },
    { name: 'exec.env', data: `${execution}\n` },
  ])

const env = (
  id: string,
  about: string,
  values: Readonly<Record<string, unknown>>,
  names: readonly string[],
  line: string,
  more: Partial<Row> = {},
): Row => ({
  id,
  about,
  steps: [starts(environment(...names), { env: values }), step(run({}), answer(line))],
  ...once,
  ...more,
})

/** What a program is started with, and how it says that it is ready. */
export const actionLoopRows: readonly Row[] = [
  {
    id: 'A1',
    about: 'the whole request is one line of the program',
    steps: [
      starts(echo),
      step(
        raw('/run', '{"value":{},"activation_id":"a","deadline":"1"}'),
        answer('{"value":{},"activation_id":"a","deadline":"1"}'),
      ),
    ],
    ...once,
  },
  {
    id: 'A2',
    about: 'it has no arguments, and starts in the folder of the runtime',
    steps: [starts(loop(`echo "{\\"arguments\\":$#}" >&3`)), step(run({}), answer('{"arguments":0}'))],
    ...once,
  },
  {
    id: 'A3',
    about: 'its input ends when it is no longer needed',
    steps: [starts(loop(`echo '{}' >&3`)), step(run({}), answer('{}'))],
    ...once,
  },
  { id: 'A4', about: 'an acknowledgement', settings: acknowledged, steps: [starts(acknowledging), greeted], ...log },
  {
    id: 'A4b',
    about: 'an acknowledgement with more in it, in capitals',
    settings: acknowledged,
    steps: [starts(loop(`echo '{}' >&3`, `echo '{"OK":true,"more":1}' >&3`)), step(run({}), answer('{}'))],
    ...once,
  },
  {
    id: 'A4c',
    about: 'the program is told that it is waited for',
    settings: { OW_WAIT_FOR_ACK: 'please' },
    steps: [
      starts(loop(`echo "{\\"wait\\":\\"$__OW_WAIT_FOR_ACK\\"}" >&3`, `echo '{"ok":true}' >&3`)),
      step(run({}), answer('{"wait":"please"}')),
    ],
    ...once,
  },
  unlike('A5', 'bad ack', "invalid character 'b' looking for beginning of value"),
  unlike('A5b', '{}', 'The action did not initialize properly.'),
  unlike('A5c', '{"ok":false}', 'The action did not initialize properly.'),
  unlike('A5d', '{"ok":"yes"}', 'json: cannot unmarshal string into Go struct field ActionAck.ok of type bool'),
  unlike('A5e', '', 'unexpected end of JSON input'),
  {
    id: 'A6',
    about: 'it ends before it acknowledges',
    settings: acknowledged,
    steps: [step(init(hi), refused(502, 'cannot start action: Command exited abruptly during initialization.'))],
    stdout: [/^hi /],
  },
  {
    id: 'A6b',
    about: 'it ends before it acknowledges, with OW_LOG_INIT_ERROR',
    settings: { ...acknowledged, OW_LOG_INIT_ERROR: '1' },
    steps: [step(init(hi), refused(502, 'Cannot start action. Check logs for details.'))],
    stdout: [/^hi /, sentinel],
    stderr: ['Command exited abruptly during initialization.', sentinel],
  },

  env(
    'E1',
    'values of every type of JSON are its environment',
    { s: 'string', n: 123, f: 1.5, t: true, z: null, a: [1, 2, 3], e: '' },
    ['s', 'n', 'f', 't', 'z', 'a', 'e'],
    '{"s":"string","n":"123","f":"1.5","t":"true","z":"null","a":"[1,2,3]","e":""}',
  ),
  {
    id: 'E1b',
    about: 'an object is its JSON, with its keys in order',
    steps: [
      starts(loop('printf \'%s\\n\' "$o" >&3'), { env: { o: { b: 2, a: { c: [] } } } }),
      step(run({}), answer('{"a":{"c":[]},"b":2}')),
    ],
    ...once,
  },
  env(
    'E2',
    "nothing of the runtime's own environment",
    {},
    ['HOME', 'SECRET', 'PORT', 'OW_EXECUTION_ENV'],
    '{"HOME":"","SECRET":"","PORT":"","OW_EXECUTION_ENV":""}',
    { settings: { SECRET: 'x' } },
  ),
  env(
    'E3',
    'but what begins with __OW_',
    {},
    ['__OW_API_HOST', '__OW_EMPTY'],
    '{"__OW_API_HOST":"https://h","__OW_EMPTY":""}',
    { settings: { __OW_API_HOST: 'https://h', __OW_EMPTY: '' } },
  ),
  env(
    'E4',
    'what /init gives comes before that',
    { __OW_API_HOST: 'mine' },
    ['__OW_API_HOST'],
    '{"__OW_API_HOST":"mine"}',
    { settings: { __OW_API_HOST: 'theirs' } },
  ),
  env('E5', 'the version of the runtime is there', {}, ['__OW_PROXY_VERSION'], '', {
    steps: [
      starts(environment('__OW_PROXY_VERSION')),
      step(run({}), { status: 200, body: /^\{"__OW_PROXY_VERSION":"\d+\.\d+\.\d+.*"\}\n$/ }),
    ],
  }),
  env('E6', 'values with spaces, quotes and line ends', { a: `b 'c' $d\t` }, ['a'], `{"a":"b 'c' $d\t"}`, {
    steps: [
      starts(loop('[ "$a" = $\'b "c"\\n$d\' ] && echo \'{"whole":true}\' >&3 || echo \'{"whole":false}\' >&3'), {
        env: { a: 'b "c"\n$d' },
      }),
      step(run({}), answer('{"whole":true}')),
    ],
  }),

  {
    id: 'V1',
    about: 'the execution environment is the one that is wanted',
    settings: { OW_EXECUTION_ENV: 'exec/env' },
    steps: [starts(built('exec/env')), greeted],
    ...log,
  },
  {
    id: 'V2',
    about: 'it is another one',
    settings: { OW_EXECUTION_ENV: 'bad/env' },
    steps: [
      step(
        init(built('exec/env')),
        refused(502, 'cannot start action: Execution environment version mismatch. See logs for details.'),
      ),
    ],
    stdout: ['Expected exec.env should start with bad/env', 'Actual value: exec/env'],
  },
  {
    id: 'V3',
    about: 'there is none in the archive',
    settings: { OW_EXECUTION_ENV: 'exec/env' },
    steps: [
      step(
        init(greeter),
        new Other(
          refused(502, 'cannot start action: open ./action/1/bin/exec.env: no such file or directory'),
          refusedSomehow(502),
        ),
      ),
    ],
    because: 'An archive without exec.env is refused in words that do not name the folder.',
  },
  {
    id: 'V4',
    about: 'the program is told of it',
    settings: { OW_EXECUTION_ENV: 'exec/env' },
    steps: [
      starts(built('exec/env', environment('__OW_EXECUTION_ENV'))),
      step(run({}), answer('{"__OW_EXECUTION_ENV":"exec/env"}')),
    ],
    ...once,
  },
]
