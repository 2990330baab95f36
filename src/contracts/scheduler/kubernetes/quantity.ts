const nano = 1_000_000_000n
const int64 = 2n ** 63n - 1n

const decimal = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
])
const suffixes = new Map(Array.from(decimal, ([suffix, exponent]) => [exponent, suffix]))
const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const pattern = /^([+-]?)0*(\d*)(?:\.(\d*))?([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/

/** A quantity in parts. */
interface Parts {
  readonly negative: boolean
  /** The digits before the point, without zeros at their beginning; at least one. */
  readonly whole: string
  readonly fraction: string
  /** The power of 1024 that it is counted in: 0 for one that is counted in powers of ten. */
  readonly power: number
  /** The power of ten that it is counted in. */
  readonly exponent: number
  /** It is spelt with an exponent, such as `1e3`. */
  readonly scientific: boolean
}

/**
 * A quantity as Kubernetes writes it into protobuf: without a fraction and with the largest suffix that is possible, so that `0.5` is
 * `500m` and `1024Ki` is `1Mi`; but one that looks canonical stays as it is spelt.
 *
 * As `Quantity` of k8s.io/apimachinery does it, which rounds up to 10⁻⁹.
 *
 * @returns undefined for what is no quantity
 */
export function canonicalQuantity(text: string): string | undefined {
  const trimmed = text.trim()
  const parts = partsOf(trimmed)
  if (parts === undefined || looksCanonical(parts)) return parts && trimmed
  const { negative, power, scientific } = parts
  const nanos = nanosOf(parts)
  if (nanos === 0n) return '0'
  const inBinary = power > 0 && nanos >= 1024n * nano && nanos % nano === 0n
  return (negative ? '-' : '') + (inBinary ? binaryText(nanos / nano) : decimalText(nanos, scientific))
}

/**
 * How much a quantity is, in units of 10⁻⁹, rounded up.
 *
 * @returns undefined for what is no quantity
 */
export function quantityNanos(text: string): bigint | undefined {
  const parts = partsOf(text.trim())
  return parts && (parts.negative ? -nanosOf(parts) : nanosOf(parts))
}

function partsOf(text: string): Parts | undefined {
  const match = text === '' ? null : pattern.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', suffix = ''] = match
  const power = Math.max(0, binary.indexOf(suffix))
  const known = power > 0 ? 0 : decimal.get(suffix)
  const exponent = known ?? Number(suffix.slice(1))
  // More would only be a way to keep the host busy.
  if (Math.abs(exponent) > 100) return undefined
  return {
    negative: sign === '-',
    whole: whole === '' ? '0' : whole,
    fraction,
    power,
    exponent,
    scientific: known === undefined,
  }
}

/** What Kubernetes, looking at no more than the ends of it, takes for canonical. */
function looksCanonical({ whole, fraction, power, exponent }: Parts): boolean {
  const digits = whole + fraction
  if (power > 0) return fraction === '' && digits.length + power * 3 < 15 && Number(digits) % 8 !== 0
  const scale = exponent - fraction.length
  return digits.length <= 18 && scale >= -9 && scale % 3 === 0 && !digits.startsWith('0') && !digits.endsWith('000')
}

function nanosOf({ whole, fraction, power, exponent }: Parts): bigint {
  const units = BigInt(whole + fraction) * nano * 1024n ** BigInt(power)
  const scale = exponent - fraction.length
  const divisor = 10n ** BigInt(Math.max(0, -scale))
  const nanos = scale >= 0 ? units * 10n ** BigInt(scale) : (units + divisor - 1n) / divisor
  return power > 0 && nanos > int64 * nano ? int64 * nano : nanos
}

function binaryText(amount: bigint): string {
  let rest = amount
  let power = 0
  while (rest % 1024n === 0n && power < binary.length - 1) {
    rest /= 1024n
    power++
  }
  return `${rest}${binary[power]}`
}

function decimalText(nanos: bigint, scientific: boolean): string {
  const largest = scientific ? Infinity : 18
  let rest = nanos
  let exponent = -9
  while (rest % 1000n === 0n && exponent < largest) {
    rest /= 1000n
    exponent += 3
  }
  if (scientific) return exponent === 0 ? `${rest}` : `${rest}e${exponent}`
  return `${rest}${suffixes.get(exponent) ?? ''}`
}
