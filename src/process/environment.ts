import { refuseOption } from '../options.ts'

/** What an environment cannot hold: it would arrive cut off, or as something else. */
const holds = (name: string, value: string): boolean =>
  /^[^=\0]+$/.test(name) && !value.includes('\0') && name.isWellFormed() && value.isWellFormed()

/** Refuses an environment that would not arrive as it is: `OPTION_INVALID`. */
export function checkEnvironment(option: string, given: unknown): void {
  const wanted = "an object of texts by name, without zero characters and lone surrogates, and no '=' in a name"
  if (typeof given !== 'object' || given === null || Array.isArray(given)) refuseOption(option, given, wanted)
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string' || !holds(name, value)) refuseOption(`${option}.${name}`, value, wanted)
  }
}

/** What an environment can hold of some settings. */
export function holdable(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => holds(name, value)))
}
