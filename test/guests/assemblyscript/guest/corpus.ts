// AssemblyScript: guests that compute, for test/wasm/corpus.test.ts. What each returns depends on its arguments and its state.
let seed: u32 = 1

function random(): u32 {
  seed = seed * 1664525 + 1013904223
  return seed >> 8
}

function mix(hash: u64, value: u64): u64 {
  return rotl(hash ^ value, 13) * 0x9e3779b97f4a7c15
}

let calls: i32 = 0

export function callsSoFar(): i32 {
  return calls
}

export function sort(count: i32): u64 {
  calls++
  const numbers = new Array<i32>(count)
  for (let i = 0; i < count; i++) numbers[i] = <i32>(random() % 10007)
  numbers.sort((a, b) => a - b)
  let hash: u64 = 7
  for (let i = 0; i < count; i++) hash = mix(hash, numbers[i])
  return hash
}

export function text(count: i32): u64 {
  calls++
  let built = ''
  for (let i = 0; i < count; i++) built += i.toString(16) + (i % 7 == 0 ? ' été ' : ',')
  const parts = built.split(',')
  built = parts.reverse().join('|').toUpperCase().replaceAll('A', '<a>')
  let hash: u64 = 1
  for (let i = 0; i < built.length; i++) hash = mix(hash, built.charCodeAt(i))
  return hash
}

export function maps(count: i32): i32 {
  calls++
  const names = new Map<string, i32>()
  for (let i = 0; i < count; i++) {
    const key = (random() % 64).toString()
    names.set(key, (names.has(key) ? names.get(key) : 0) + 1)
  }
  const wide = new Set<i64>()
  for (let i = 0; i < count; i++) wide.add(<i64>(random() % 100) << 32)
  const values = names.values()
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i]
  return sum * 1000 + wide.size
}

export function floats(x: f64): f64 {
  calls++
  const back = parseFloat(x.toString())
  let sum = back == x ? 1.0 : 0.0
  for (let i = 1; i < 20; i++) sum += Math.sin(x / i) * Math.exp(-i) + Math.pow(Math.abs(x), 1.0 / i)
  return Math.round(sum * 1e6) / 1e6
}

export function vectors(count: i32): u64 {
  calls++
  if (!ASC_FEATURE_SIMD) return 0
  const bytes = memory.data(1024)
  for (let i = 0; i < 1024; i += 4) store<u32>(bytes + i, random() * 2654435761)
  let sum = i32x4.splat(0)
  let shuffled = i8x16.splat(3)
  for (let round = 0; round < count; round++) {
    for (let at = 0; at < 1024; at += 16) {
      const value = v128.load(bytes + at)
      sum = i32x4.add(sum, i32x4.mul(value, i32x4.splat(round + 1)))
      shuffled = i8x16.swizzle(v128.xor(shuffled, value), v128.and(value, i8x16.splat(15)))
      if (ASC_FEATURE_RELAXED_SIMD) sum = i8x16.relaxed_laneselect(sum, shuffled, i8x16.splat(-1))
      v128.store(bytes + at, i16x8.avgr_u(value, shuffled))
      v128.store8_lane(bytes + at, shuffled, 5)
    }
  }
  const both = v128.xor(sum, shuffled)
  return i64x2.extract_lane(both, 0) ^ i64x2.extract_lane(both, 1)
}

abstract class Shape {
  abstract area(): f64
}
class Square extends Shape {
  constructor(public side: f64) {
    super()
  }
  area(): f64 {
    return this.side * this.side
  }
}
class Circle extends Shape {
  constructor(public radius: f64) {
    super()
  }
  area(): f64 {
    return this.radius * this.radius * 3
  }
}

export function shapes(count: i32): f64 {
  calls++
  const all = new Array<Shape>()
  for (let i = 0; i < count; i++) all.push(random() % 2 == 0 ? new Square(i) : new Circle(i))
  return all.map<f64>((shape) => shape.area()).reduce<f64>((sum, area) => sum + area, 0.0)
}

export function fib(n: i32): i32 {
  return n < 2 ? n : fib(n - 1) + fib(n - 2)
}

function isEven(n: i32): bool {
  return n == 0 ? true : isOdd(n - 1)
}
function isOdd(n: i32): bool {
  return n == 0 ? false : isEven(n - 1)
}
export function even(n: i32): i32 {
  return isEven(n) ? 1 : 0
}

export function interpret(count: i32): i64 {
  calls++
  let accumulator: i64 = 1
  for (let i = 0; i < count; i++) {
    switch (random() % 8) {
      case 0:
        accumulator += 3
        break
      case 1:
        accumulator = rotl(accumulator, 7)
        break
      case 2:
        accumulator ^= accumulator >>> 11
        break
      case 3:
        accumulator *= 31
        break
      case 4:
        accumulator = accumulator / 3
        break
      case 5:
        accumulator -= clz(accumulator) + popcnt(accumulator)
        break
      case 6:
        accumulator = accumulator % 1000003
        break
      default:
        accumulator = ~accumulator
    }
  }
  return accumulator
}

let kept: Array<StaticArray<u8>> = []

/** Keeps arrays of 60,000 bytes until memory runs out, which ends in an abort and a trap. */
export function keep(count: i32): i32 {
  calls++
  for (let i = 0; i < count; i++) {
    const bytes = new StaticArray<u8>(60_000)
    bytes.fill(<u8>i)
    kept.push(bytes)
  }
  return memory.size() * 1000 + kept.length
}

export function forget(): i32 {
  kept = []
  __collect()
  return memory.size()
}

/** Makes much that nobody keeps, where there is a collector. */
export function churn(count: i32): i32 {
  calls++
  let length = 0
  for (let i = 0; i < count; i++) {
    const list = new Array<string>()
    for (let j = 0; j < 8; j++) list.push((i * j).toString())
    length += list.join('-').length
  }
  __collect()
  return length
}

export function bulk(length: i32): u64 {
  calls++
  const bytes = memory.data(8192)
  for (let i = 0; i < 8192; i++) store<u8>(bytes + i, <u8>(i * 7 + length))
  memory.copy(bytes + 100, bytes, length)
  memory.copy(bytes, bytes + 33, length)
  memory.fill(bytes + 50, 9, length >> 2)
  let hash: u64 = 3
  for (let i = 0; i < 8192; i += 8) hash = mix(hash, load<u64>(bytes + i))
  return hash
}

export function divide(a: i32, b: i32): i32 {
  calls++
  return a / b
}
export function truncate(x: f64): i32 {
  calls++
  return <i32>x
}
export function outside(at: i32): i32 {
  calls++
  return load<i32>(<usize>at)
}
export function beyond(index: i32): i32 {
  const list: i32[] = [1, 2, 3]
  calls++
  return list[index]
}
export function stop(): void {
  calls++
  unreachable()
}
