import { asGoWrites } from '../../code/environment.ts'

/** An answer, before it is written. */
export interface ExactReply {
  readonly status: number
  /** With the line break at its end. */
  readonly body: string
}

type ReplyName =
  | 'initialised'
  | 'again'
  | 'notGenerated'
  | 'notStarted'
  | 'noAction'
  | 'deadBefore'
  | 'diedMeanwhile'
  | 'noDictionary'

/** The replies of the reference, byte for byte: platforms and clients match on them. */
export const replies: Readonly<Record<ReplyName, ExactReply>> = {
  initialised: { status: 200, body: '{"ok":true}\n' },
  again: refusal(403, 'Cannot initialize the action more than once.'),
  notGenerated: refusal(502, 'The action failed to generate or locate a binary. See logs for details.'),
  notStarted: refusal(502, 'Cannot start action. Check logs for details.'),
  noAction: refusal(500, 'no action defined yet'),
  deadBefore: refusal(500, 'command exited'),
  diedMeanwhile: refusal(400, 'command exited'),
  noDictionary: refusal(502, 'The action did not return a dictionary or array.'),
}

/** `{"error":"…"}`, written as Go writes it. */
export function refusal(status: number, error: string): ExactReply {
  return { status, body: `{"error":${asGoWrites(error)}}\n` }
}
