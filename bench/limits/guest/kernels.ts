// The kernels of the suite `limits`, one exported function each: how much work in, a checksum out. Built without a collector;
// each begins with an empty heap. Elements are read unchecked, as a C compiler does it: checks would hide what limits cost.

export function sort(n: i32): i32 {
  __reset()
  const a = new StaticArray<i32>(n)
  let x: u32 = 12345
  for (let i = 0; i < n; i++) {
    x = x * 1664525 + 1013904223
    unchecked((a[i] = i32(x >> 4)))
  }
  quicksort(a, 0, n - 1)
  let sum = 0
  for (let i = 1; i < n; i++) {
    if (unchecked(a[i - 1]) > unchecked(a[i])) return -1
    sum = sum * 31 + unchecked(a[i])
  }
  return sum
}

function quicksort(a: StaticArray<i32>, from: i32, to: i32): void {
  while (from < to) {
    const pivot = unchecked(a[(from + to) >> 1])
    let i = from
    let j = to
    while (i <= j) {
      while (unchecked(a[i]) < pivot) i++
      while (unchecked(a[j]) > pivot) j--
      if (i > j) break
      const swap = unchecked(a[i])
      unchecked((a[i++] = a[j]))
      unchecked((a[j--] = swap))
    }
    if (j - from < to - i) {
      quicksort(a, from, j)
      from = i
    } else {
      quicksort(a, i, to)
      to = j
    }
  }
}

/** How many primes there are below n. */
export function sieve(n: i32): i32 {
  __reset()
  const composite = new StaticArray<u8>(n)
  let count = 0
  for (let i = 2; i < n; i++) {
    if (unchecked(composite[i])) continue
    count++
    for (let j = i * 2; j < n; j += i) unchecked((composite[j] = 1))
  }
  return count
}

/** Concatenates n pieces, and sums up the characters. */
export function strings(n: i32): i32 {
  __reset()
  let text = ''
  for (let i = 0; i < n; i++) text += i.toString() + String.fromCharCode(97 + (i % 26))
  let sum = 0
  for (let i = 0; i < text.length; i++) sum = sum * 31 + text.charCodeAt(i)
  return sum
}

const k = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
])
const w = memory.data(256)
const h = memory.data(32)

/** The first word of the SHA-256 of n bytes (0, 1, 2 … 255, 0 …); n is a multiple of 64. */
export function sha256(n: i32): i32 {
  __reset()
  const bytes = heap.alloc(n + 64)
  for (let i = 0; i < n; i++) store<u8>(bytes + i, i)
  memory.fill(bytes + n, 0, 64)
  store<u8>(bytes + n, 0x80)
  store<u64>(bytes + n + 56, bswap<u64>(u64(n) * 8))
  store<u32>(h, 0x6a09e667, 0)
  store<u32>(h, 0xbb67ae85, 4)
  store<u32>(h, 0x3c6ef372, 8)
  store<u32>(h, 0xa54ff53a, 12)
  store<u32>(h, 0x510e527f, 16)
  store<u32>(h, 0x9b05688c, 20)
  store<u32>(h, 0x1f83d9ab, 24)
  store<u32>(h, 0x5be0cd19, 28)
  for (let at = 0; at <= n; at += 64) block(bytes + at)
  return load<i32>(h)
}

function block(at: usize): void {
  for (let i = 0; i < 16; i++) store<u32>(w + (i << 2), bswap<u32>(load<u32>(at + (i << 2))))
  for (let i = 16; i < 64; i++) {
    const p = w + (i << 2)
    const x = load<u32>(p - 60)
    const y = load<u32>(p - 8)
    const s0 = rotr<u32>(x, 7) ^ rotr<u32>(x, 18) ^ (x >> 3)
    const s1 = rotr<u32>(y, 17) ^ rotr<u32>(y, 19) ^ (y >> 10)
    store<u32>(p, load<u32>(p - 64) + s0 + load<u32>(p - 28) + s1)
  }
  let a = load<u32>(h, 0)
  let b = load<u32>(h, 4)
  let c = load<u32>(h, 8)
  let d = load<u32>(h, 12)
  let e = load<u32>(h, 16)
  let f = load<u32>(h, 20)
  let g = load<u32>(h, 24)
  let l = load<u32>(h, 28)
  for (let i = 0; i < 64; i++) {
    const s1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25)
    const t1 = l + s1 + ((e & f) ^ (~e & g)) + load<u32>(k + (i << 2)) + load<u32>(w + (i << 2))
    const s0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22)
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c))
    l = g
    g = f
    f = e
    e = d + t1
    d = c
    c = b
    b = a
    a = t1 + t2
  }
  store<u32>(h, load<u32>(h, 0) + a, 0)
  store<u32>(h, load<u32>(h, 4) + b, 4)
  store<u32>(h, load<u32>(h, 8) + c, 8)
  store<u32>(h, load<u32>(h, 12) + d, 12)
  store<u32>(h, load<u32>(h, 16) + e, 16)
  store<u32>(h, load<u32>(h, 20) + f, 20)
  store<u32>(h, load<u32>(h, 24) + g, 24)
  store<u32>(h, load<u32>(h, 28) + l, 28)
}

const json =
  '{"id":4711,"customer":{"name":"Mike Example","email":"mike@example.org","active":true},"items":[{"sku":"A-1000","title":"a \\"thing\\" of some use","count":1,"cents":1995,"tags":["red","size 0"]},{"sku":"A-1001","title":"a thing of some use, number 1","count":2,"cents":1995,"tags":["red","size 1"]},{"sku":"A-1002","title":"a thing of some use, number 2","count":3,"cents":2095,"tags":["red","size 2"]}],"note":null,"ratio":-12.25,"rounds":[1,2,3,5,8,13,21,34,55,89,144,233,377]}'

/** A value: what it is, its number or its length, its members. */
class Value {
  kind: i32 = 0
  number: f64 = 0
  text: string | null = null
  first: Value | null = null
  next: Value | null = null
}

let at: i32 = 0

/** Parses the text n times into a tree, and sums up what is in it. */
export function parse(n: i32): i32 {
  let sum = 0
  for (let i = 0; i < n; i++) {
    __reset()
    at = 0
    sum = sum * 31 + walk(value())
  }
  return sum
}

function walk(from: Value): i32 {
  let sum = from.kind + i32(from.number * 4)
  const text = from.text
  if (text !== null) sum += text.length
  let member = from.first
  while (member !== null) {
    sum = sum * 17 + walk(member)
    member = member.next
  }
  return sum
}

function value(): Value {
  const made = new Value()
  const c = json.charCodeAt(at)
  if (c == 0x7b || c == 0x5b) {
    made.kind = c == 0x7b ? 1 : 2
    const end = c == 0x7b ? 0x7d : 0x5d
    let last: Value | null = null
    at++
    while (json.charCodeAt(at) != end) {
      if (json.charCodeAt(at) == 0x2c) at++
      let name: string | null = null
      if (made.kind == 1) {
        name = quoted()
        at++
      }
      const member = value()
      if (name !== null) member.kind += name.length << 4
      if (last === null) made.first = member
      else last.next = member
      last = member
    }
    at++
  } else if (c == 0x22) {
    made.kind = 3
    made.text = quoted()
  } else if (c == 0x74) {
    made.kind = 4
    at += 4
  } else if (c == 0x6e) {
    made.kind = 5
    at += 4
  } else {
    made.kind = 6
    made.number = number()
  }
  return made
}

function quoted(): string {
  const start = ++at
  while (true) {
    const c = json.charCodeAt(at)
    if (c == 0x22) break
    at += c == 0x5c ? 2 : 1
  }
  return json.substring(start, at++)
}

function number(): f64 {
  let sign: f64 = 1
  if (json.charCodeAt(at) == 0x2d) {
    sign = -1
    at++
  }
  let whole: f64 = 0
  let scale: f64 = 1
  let fraction = false
  while (true) {
    const c = json.charCodeAt(at)
    if (c == 0x2e) fraction = true
    else if (c < 0x30 || c > 0x39) break
    else {
      whole = whole * 10 + f64(c - 0x30)
      if (fraction) scale *= 10
    }
    at++
  }
  return (sign * whole) / scale
}

export function fib(n: i32): i32 {
  return n < 2 ? n : fib(n - 1) + fib(n - 2)
}

/** Multiplies two matrices of n rows and columns. */
export function matrix(n: i32): i32 {
  __reset()
  const a = new StaticArray<f64>(n * n)
  const b = new StaticArray<f64>(n * n)
  const c = new StaticArray<f64>(n * n)
  for (let i = 0; i < n * n; i++) {
    unchecked((a[i] = f64(i % 7)))
    unchecked((b[i] = f64(i % 5)))
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum: f64 = 0
      for (let m = 0; m < n; m++) sum += unchecked(a[i * n + m]) * unchecked(b[m * n + j])
      unchecked((c[i * n + j] = sum))
    }
  }
  let sum = 0
  for (let i = 0; i < n * n; i++) sum = sum * 31 + i32(unchecked(c[i]))
  return sum
}

/** Counts the line breaks among n bytes. */
export function scan(n: i32): i32 {
  __reset()
  const bytes = heap.alloc(n)
  memory.fill(bytes, 0x61, n)
  for (let i = 0; i < n; i += 100) store<u8>(bytes + i, 10)
  let count = 0
  for (let i = 0; i < n; i++) if (load<u8>(bytes + i) == 10) count++
  return count
}
