import { MortiseError } from '../../errors.ts'

/** The error for an artifact of which only its bindings find out that it does not fit a contract. */
export function moduleRefused(contract: string, problems: readonly string[]): MortiseError {
  const list = problems.map((problem) => `\n  ${problem}`).join('')
  return new MortiseError(
    'MODULE_REFUSED',
    `Cannot plug the artifact: it does not fit the contract '${contract}':${list}`,
    {
      problems,
    },
  )
}
