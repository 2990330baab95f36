import { bash, echo, loop, says } from '../fixtures/scripts.ts'
import { answer, Other, raw, refused, type Row, run, sentinel, starts, step, type Step, noAction } from '../row.ts'

const exited = refused(400, 'command exited')
const unsuited = refused(502, 'The action did not return a dictionary or array.')
const once = { stdout: [sentinel], stderr: [sentinel] }

/** Lives longer than its start is watched, and ends before it is asked. */
const dying = bash('echo "pid $$"; read -t 0.2 -r line; exit 1')

/** What is asked is the action's answer, as it is. */
const given = (line: string): Step => step(raw('/run', line), answer(line))
const refusedAs = (line: string): Step => step(raw('/run', line), unsuited)

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

/** What `/run` answers. */
export const runRows: readonly Row[] = [
  row('R1', 'no action yet', [
    step(run({ name: 'Mike' }), noAction),
    step(raw('/run', 'XXX'), noAction),
    step(raw('/run', ''), noAction),
  ]),
  row(
    'R2',
    'a program that died between two runs',
    [starts(dying), { gone: true }, step(run({}), refused(500, 'command exited'))],
    { stdout: [/^pid \d+$/], stderr: 'any' },
  ),
  row(
    'R3',
    'a program that dies during a run, and the next run',
    [starts(loop('exit 1')), step(run({}), exited), step(run({}), noAction)],
    once,
  ),
  row('R4', 'an answer that is text', [starts(echo), refusedAs('"s"')], once),
  row('R4b', 'an answer that is a number', [starts(echo), refusedAs('12')], once),
  row('R4c', 'an answer that is true', [starts(echo), refusedAs('true')], once),
  row('R4d', 'an empty line for an answer', [starts(echo), refusedAs('')], once),
  row('R4e', 'an answer with more behind it', [starts(echo), refusedAs('{"a":1} trailing')], once),
  row('R4f', 'an answer that is no JSON', [starts(echo), refusedAs('XXX'), refusedAs('{"a":}')], ends(2)),
  row('R5', 'an object', [starts(echo), given('{}'), given('{"a":{"b":[1,2.50,1e3]}}')], ends(2)),
  row('R5b', 'an array', [starts(echo), given('[]'), given('[1,"two",{"three":3}]')], ends(2)),
  row(
    'R5c',
    'bytes stay as they are: order, spaces, escapes, numbers that no double holds',
    [starts(echo), given(String.raw`  { "b" : 1, "a":[ 1 , 2 ],"b":2, "\u0061": "\/", "n":12345678901234567890.10 } `)],
    once,
  ),
  row('R5d', 'characters of every length', [starts(echo), given('{"a":"ä ❄ 𝄞 \u007f"}')], once),
  row(
    'R5e',
    'an application error is an answer like another',
    [starts(says('{"error":"sorry"}\n')), step(run({}), answer('{"error":"sorry"}'))],
    once,
  ),
  row('R6', 'an answer of 3 MB', [starts(echo), given(JSON.stringify({ a: 'ä'.repeat(1_500_000) }))], once),
  row('R7', 'a refused answer leaves the program', [starts(echo), refusedAs('1'), given('{"still":"there"}')], ends(2)),
  row(
    'R8',
    'a carriage return stays in the line',
    [
      starts(
        loop(String.raw`case $line in *$'\r'*) echo '{"return":true}' >&3;; *) echo '{"return":false}' >&3;; esac`),
      ),
      step(raw('/run', '{"a":1,\r\n"b":2}'), answer('{"return":true}')),
    ],
    once,
  ),

  row(
    'L1',
    'what the program wrote comes before the line that ends the activation',
    [
      starts(loop(`echo out $line; echo err $line >&2; echo '{}' >&3`)),
      step(raw('/run', '1'), answer('{}')),
      step(raw('/run', '2'), answer('{}')),
    ],
    { stdout: ['out 1', sentinel, 'out 2', sentinel], stderr: ['err 1', sentinel, 'err 2', sentinel] },
  ),
  row(
    'L2',
    'what it wrote before it was asked comes before all else',
    [starts(loop(`echo '{}' >&3`, 'echo starting; echo starting >&2')), step(run({}), answer('{}'))],
    { stdout: ['starting', sentinel], stderr: ['starting', sentinel] },
  ),
  row('L3', 'no end is written for what is refused before it runs', [
    step(run({}), noAction),
    step(
      raw('/init', 'XXX'),
      refused(400, "Error unmarshaling request: invalid character 'X' looking for beginning of value"),
    ),
  ]),
  row(
    'L4',
    'an end is written for a program that dies, after its last words',
    [starts(loop('echo last words; echo more >&2; exit 1')), step(run({}), exited)],
    { stdout: ['last words', sentinel], stderr: ['more', sentinel] },
  ),
  row(
    'L5',
    'what is written without the end of a line',
    [starts(loop(`printf 'half a line'; echo '{}' >&3`)), step(run({}), answer('{}'))],
    {
      stdout: new Other([`half a line${sentinel}`], ['half a line', sentinel]),
      stderr: [sentinel],
      because: 'The line that ends an activation always begins a line: a log line that was left open is ended first.',
    },
  ),
]
