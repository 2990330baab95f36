import { MortiseError } from '../../errors.ts'

/** Refuses a text that no memory of this limit holds: `INPUT_TOO_LARGE`. */
export function checkLength(text: string, limit: number): void {
  const asked = text.length * 2
  if (asked < limit) return
  throw new MortiseError(
    'INPUT_TOO_LARGE',
    `Cannot pass the event to the guest: its JSON takes ${asked} bytes there, and the guest's memory may have ${limit}. Send less, or raise the limit 'memory'`,
    { asked, limit },
  )
}
