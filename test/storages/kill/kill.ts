import { join } from 'node:path'
import { killUnderLoad } from '../../support/kill.ts'

/** What came of several rounds. */
export interface Rounds {
  readonly rounds: number
  readonly unlike: readonly string[]
  /** How many orders were acknowledged. */
  readonly acknowledged: bigint
}

/** Kills the program that writes to a store. @returns the offset of the last event that it was told is committed */
export async function killWriter(
  args: readonly string[],
  delay: number,
  before?: () => Promise<void>,
): Promise<{ readonly acknowledged: bigint; readonly stderr: string }> {
  const { lines, stderr } = await killUnderLoad(join(import.meta.dirname, 'child.ts'), args, delay, before)
  return { acknowledged: BigInt(lines.findLast((line) => /^\d+$/.test(line)) ?? 0), stderr }
}
