import { spawnSync } from 'node:child_process'
import { compilerMissing } from '../support/compilers.ts'
import type { Row } from './row.ts'
import { actionLoopRows } from './rows/actionloop.ts'
import { artifactRows } from './rows/artifacts.ts'
import { basicRows } from './rows/basic.ts'
import { edgeRows } from './rows/edges.ts'
import { faultRows } from './rows/faults.ts'
import { goRows } from './rows/go.ts'
import { initRows } from './rows/init.ts'
import { nodeRows } from './rows/node.ts'
import { pythonRows } from './rows/python.ts'
import { runRows } from './rows/run.ts'
import { settingRows } from './rows/settings.ts'
import { suiteRows } from './rows/suites.ts'

/** Every row. What begins with a letter of its own is numbered by the suites that it comes from: B, G, S, P, N, X. */
export const table: readonly Row[] = [
  ...initRows,
  ...runRows,
  ...faultRows,
  ...actionLoopRows,
  ...artifactRows,
  ...settingRows,
  ...edgeRows,
  ...basicRows,
  ...goRows,
  ...suiteRows,
  ...pythonRows,
  ...nodeRows,
]

/** Why a row cannot be run here, or `false`. CI never skips: there, what is missing fails the row that needs it. */
export async function missing({ needs }: Row): Promise<string | false> {
  if (needs === 'go') return compilerMissing('go')
  if (needs === undefined || (process.env['CI'] ?? '') !== '') return false
  return spawnSync('python3', ['--version']).status === 0 ? false : 'needs python3'
}
