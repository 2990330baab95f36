/** The first line of what is generated. It is the same wherever and whenever that happens, so that two makings can be compared. */
export function madeBy(language: string, comment: string): string {
  return `${comment} Made by 'mortise bindings <contract module> --lang ${language}'. Edit the contract, not this file.\n\n`
}
