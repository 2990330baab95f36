/**
 * The words that callers, guests and the watchdog share.
 *
 * The first holds the number of the running call, 0 for none; its top bit says that the call has to end. The bit stands in the
 * same word as the number, and the watchdog sets it by compare-and-exchange, so it can never hit the call after the one that
 * overran. Calls that are made from inside others have frames of two words each: number and deadline. The number of a frame can
 * get the bit too: it comes back into the first word with the call.
 */
export const wordAt = 0
/** 1 while the thread sleeps until it is woken. */
export const parkedAt = 1
/** How many calls are under way, each from inside the one before. */
export const depthAt = 2
/**
 * Frames are counted modulo this, which is more than a stack has room for: one whose end was never counted, because that
 * found no room on the stack, is lost at most until then.
 */
export const mostFrames = 4096
/** The number of the last call that began: odd, so that none is 0. */
export const lastAt = 3
/** From the number of a call to that of the next one. */
export const callStep = 2
/** What the last function returned that was called with its bracket: an i32, or an i64 in both. */
export const lowAt = 4
export const highAt: number = lowAt + 1
/** Where the frame of no call is; the first call's follows it. A frame is a number, and a deadline in microseconds. */
export const framesAt = 16
export const deadlineAt: number = framesAt + 1

/** The bits of a word that number a call. */
export const callBits = 0x7fff_ffff

/** The bit of a word that ends a call. */
export const flag: number = 1 << 31
