/**
 * The words that callers, guests and the watchdog share. The first holds the number of the running call, 0 for none; its top
 * bit says that the call has to end. The bit stands in the same word as the number, and the watchdog sets it by
 * compare-and-exchange, so it can never hit the call after the one that overran.
 */
export const wordAt = 0
/** The deadline of the running call, in microseconds. */
export const deadlineAt = 1
/** 1 while the thread sleeps until it is woken. */
export const parkedAt = 2

/** The bits of a word that number a call. */
export const callBits = 0x7fff_ffff

/** The bit of the word that ends a call. */
export const flag: number = 1 << 31
