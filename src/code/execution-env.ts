import { join, relative } from 'node:path'
import { MortiseError } from '../errors.ts'
import { readInside } from './program.ts'

/**
 * Checks that a program was compiled for the environment that it is started in, by a file that its compiler left beside it.
 *
 * @param folder - that the program lies in
 * @param expected - what the file has to say, but for space around it
 * @throws MortiseError `EXECUTION_ENV`
 */
export async function checkExecutionEnv(folder: string, expected: string): Promise<void> {
  const path = join(folder, 'exec.env')
  const file = await readInside(folder, path)
  if (file === undefined) {
    const output = `open ./${relative(process.cwd(), path)}: no such file or directory`
    throw new MortiseError(
      'EXECUTION_ENV',
      `Cannot run the code: it has no file 'exec.env', which has to say '${expected}'. Compile it with the image that runs it`,
      { expected, output },
    )
  }
  const actual = Buffer.from(file.bytes).toString().trim()
  if (actual === expected.trim()) return
  throw new MortiseError(
    'EXECUTION_ENV',
    `Cannot run the code: it was compiled for '${actual.slice(0, 100)}', and this is '${expected}'`,
    { expected, actual, output: 'Execution environment version mismatch. See logs for details.' },
  )
}
