import { pythonZip } from '../fixtures/python.ts'
import { zip } from '../fixtures/zip.ts'
import { type Answer, init, Other, refused, refusedSomehow, type Row, run, sentinel, starts, step } from '../row.ts'

const waited = { needs: 'python', settings: { OW_WAIT_FOR_ACK: '1', OW_LOG_INIT_ERROR: '1' } } as const
const once = { stdout: [sentinel], stderr: [sentinel] }
const equal = (json: unknown): Answer => ({ status: 200, json })

/** Waits, in one process, until so many calls have come. */

/** Rows of OpenWhisk's runtime for Python. */
export const pythonRows: readonly Row[] = [
  {
    id: 'P1',
    about: 'sys.exit in a run',
    ...waited,
    steps: [
      starts(pythonZip('import sys\ndef main(args):\n    sys.exit(1)\n')),
      step(run({}), refused(400, 'command exited')),
    ],
    ...once,
  },
  {
    id: 'P2',
    about: 'sys.exit when the module is loaded',
    ...waited,
    steps: [
      step(init(pythonZip('import sys\nsys.exit(1)\n')), refused(502, 'Cannot start action. Check logs for details.')),
    ],
    stdout: [sentinel],
    stderr: ['Command exited abruptly during initialization.', sentinel],
  },
  {
    id: 'P3',
    about: 'variables are there when the module is loaded',
    ...waited,
    steps: [
      starts(pythonZip('import os\nmine = os.environ["MINE"]\ndef main(args):\n    return {"mine": mine}\n'), {
        env: { MINE: 'yes' },
      }),
      step(run({}), equal({ mine: 'yes' })),
    ],
    ...once,
  },
  {
    id: 'P4',
    about: 'a zip without the program',
    ...waited,
    settings: { OW_LOG_INIT_ERROR: '1' },
    steps: [
      step(
        init(zip([{ name: 'other.py', data: 'x = 1\n' }])),
        new Other(refused(502, 'Cannot start action. Check logs for details.'), refusedSomehow(502)),
      ),
    ],
    stdout: [sentinel],
    stderr: [/./, sentinel],
    because: 'An archive that holds nothing to run is refused in words that say so.',
  },
  {
    id: 'P5',
    about: 'an exception in a run',
    ...waited,
    steps: [
      starts(pythonZip('def main(args):\n    raise ValueError("sorry")\n')),
      step(run({}), equal({ error: 'sorry' })),
    ],
    stdout: [sentinel],
    stderr: [/^Traceback/, /./, /./, /./, /./, /./, /^ValueError: sorry$/, sentinel],
  },
  {
    id: 'P6',
    about: 'files of the archive are found by names relative to it',
    ...waited,
    steps: [
      starts(
        pythonZip('def main(args):\n    return {"text": open("data.txt").read()}\n', [
          { name: 'lib/data.txt', data: 'here' },
        ]),
      ),
      step(run({}), equal({ text: 'here' })),
    ],
    ...once,
  },
]
