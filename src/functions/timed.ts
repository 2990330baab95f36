/** What a promise gives, or an error when it has not settled after so many milliseconds; it then goes on, unheard. */
export function timed<T>(promise: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), milliseconds)
    promise.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        // oxlint-disable-next-line prefer-promise-reject-errors -- it goes on as it was thrown
        reject(error)
      },
    )
  })
}
