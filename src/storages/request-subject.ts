import type { Storage } from '../contracts/extension/storage.ts'

/** Who asks for a command or a query. */
export interface Subject {
  /** The workspace of the subject's own profile. */
  readonly profile: bigint
  readonly kind: 'user' | 'device'
  readonly name: string
  readonly token: string
}

const kinds: Readonly<Record<Subject['kind'], number>> = { user: 1, device: 2 }

/** `sys.RequestSubject`: who asks. */
export const requestSubject: Storage<{ readonly subject: Subject }> = {
  keyFields: () => ({}),
  get: (_key, { subject: { profile, kind, name, token } }) => ({
    ProfileWSID: profile,
    Kind: kinds[kind],
    Name: name,
    Token: token,
  }),
}
