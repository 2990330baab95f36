/** So many failures of one address are answered as such, in a minute. */
const most = 10
const minute = 60_000
/** Addresses that are remembered; the one that failed first is forgotten for another. */
const addresses = 10_000

interface Failures {
  count: number
  readonly until: number
}

/** Counts failures to show a token, by address. A right token is always taken: nobody is locked out by somebody else's mistakes. */
export class Attempts {
  readonly #failures = new Map<string, Failures>()

  /**
   * Counts a failure.
   *
   * @returns seconds that the address has to wait for, where it has failed too often
   */
  failed(address: string, now: number = performance.now()): number | undefined {
    const key = network(address)
    let failures = this.#failures.get(key)
    if (failures === undefined || failures.until <= now) {
      this.#failures.delete(key)
      this.#forget()
      this.#failures.set(key, (failures = { count: 0, until: now + minute }))
    }
    failures.count++
    return failures.count > most ? Math.ceil((failures.until - now) / 1000) : undefined
  }

  #forget(): void {
    const [first] = this.#failures.keys()
    if (this.#failures.size >= addresses && first !== undefined) this.#failures.delete(first)
  }
}

/** Who has one address of IPv6 has 2⁶⁴ of them. */
function network(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address
  const [head = '', tail] = address.split('::')
  const front = head.split(':').filter((part) => part !== '')
  const back = tail === undefined ? [] : tail.split(':')
  const whole = [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
  return whole.slice(0, 4).join(':')
}
