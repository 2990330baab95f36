/** What is logged of a request. */
export interface Access {
  readonly reqId: string
  readonly method: string
  readonly url: string
  readonly status: number
  readonly ms: number
}

/** Where lines go, as `pino` takes them. */
export interface Log {
  info(facts: object, text: string): void
  warn(facts: object, text: string): void
  error(facts: object, text: string): void
  debug(facts: object, text: string): void
}

/** Logs a request that was answered. */
export function logAccess(log: Log, access: Access): void {
  log.info(access, `${access.method} ${access.url} ${access.status}`)
}
