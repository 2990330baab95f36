/**
 * Headers, by names that are compared without a difference between capitals and small letters. Those of a request lie where the
 * host wrote them until they are changed.
 *
 * @example
 * ```ts
 * import { Headers, Request, Response } from 'tenon/http'
 *
 * function copy(from: Headers, to: Headers): void {
 *   for (let i = 0; i < from.length; i++) to.append(from.nameAt(i), from.valueAt(i))
 * }
 *
 * export function fetch(request: Request): Response {
 *   const response = new Response()
 *   copy(request.headers, response.headers)
 *   if (request.headers.get('accept') === null) response.headers.delete('accept-language')
 *   return response
 * }
 * ```
 */
export class Headers {
  private names: string[] = []
  private values: string[] = []
  /** Where the host wrote them: for each, two texts by place and length. */
  private at: usize = 0
  private count: i32 = 0
  private over: bool = false

  /** Internal: headers as the host wrote them. */
  static _given(at: usize, count: i32): Headers {
    const headers = new Headers()
    headers.at = at
    headers.count = count
    return headers
  }

  /** Internal: the call has ended that they lie in memory for, and the host's pins of them are let go. */
  _end(): void {
    for (let i = 0; i < this.count; i++) {
      const pair = this.at + ((<usize>i) << 4)
      if (load<i32>(pair, 4) != 0) __unpin(load<usize>(pair))
      if (load<i32>(pair, 12) != 0) __unpin(load<usize>(pair, 8))
    }
    if (this.at != 0 && this.count > 0) __unpin(this.at)
    this.over = this.at != 0
  }

  /** How many there are; a name that comes twice counts twice. */
  get length(): i32 {
    return this.at == 0 ? this.names.length : this.count
  }

  /** The name of one of them, by its place, as it was written. */
  nameAt(index: i32): string {
    return this.at == 0 ? this.names[index] : this.lying(index, 0)
  }

  /** The value of one of them, by its place. */
  valueAt(index: i32): string {
    return this.at == 0 ? this.values[index] : this.lying(index, 8)
  }

  /** The value of a name, or null where there is none. Several are joined by commas, as HTTP has it. */
  get(name: string): string | null {
    let found: string | null = null
    for (let i = 0, length = this.length; i < length; i++) {
      if (!same(this.nameAt(i), name)) continue
      found = found === null ? this.valueAt(i) : found + ', ' + this.valueAt(i)
    }
    return found
  }

  /** Whether there is one of this name. */
  has(name: string): bool {
    for (let i = 0, length = this.length; i < length; i++) if (same(this.nameAt(i), name)) return true
    return false
  }

  /** Gives a name one value, in place of all that it had. */
  set(name: string, value: string): void {
    this.delete(name)
    this.append(name, value)
  }

  /** Adds a value, behind those that the name has. */
  append(name: string, value: string): void {
    this.own()
    this.names.push(name)
    this.values.push(value)
  }

  /** Takes a name away, with all its values. */
  delete(name: string): void {
    this.own()
    for (let i = this.names.length - 1; i >= 0; i--) {
      if (!same(this.names[i], name)) continue
      this.names.splice(i, 1)
      this.values.splice(i, 1)
    }
  }

  /** What is to be changed is not where the host wrote it. The texts themselves are the same. */
  private own(): void {
    if (this.at == 0) return
    const names: string[] = []
    const values: string[] = []
    for (let i = 0; i < this.count; i++) {
      names.push(this.lying(i, 0))
      values.push(this.lying(i, 8))
    }
    this._end()
    this.names = names
    this.values = values
    this.at = 0
    this.count = 0
    this.over = false
  }

  private lying(index: i32, offset: usize): string {
    if (this.over) throw new Error('a request lasts as long as its call: take what you want to keep of it')
    if (<u32>index >= <u32>this.count) throw new RangeError('there is no header ' + index.toString())
    const at = this.at + ((<usize>index) << 4) + offset
    return load<i32>(at, 4) == 0 ? '' : changetype<string>(load<usize>(at))
  }
}

/** Names are ASCII. */
function same(a: string, b: string): bool {
  const length = a.length
  if (length != b.length) return false
  for (let i = 0; i < length; i++) {
    const one = a.charCodeAt(i)
    const other = b.charCodeAt(i)
    if (one == other) continue
    const small = one | 0x20
    if (small != (other | 0x20) || small < 0x61 || small > 0x7a) return false
  }
  return true
}
