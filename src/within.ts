/** What a promise gives, or an error when it has not settled after so many milliseconds; it is then forgotten, not stopped. */
export async function within<T>(milliseconds: number, what: string, promise: T | Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Error(`${what} did not settle within ${milliseconds / 1e3} s`)),
    milliseconds,
  )
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
