import { room } from '../_room'
import { encode, matches } from './_utf8'

/**
 * A text as the host gave it, UTF-8, without a copy. It lasts until the call ends; taken inside a callback of `read`, until that
 * returns. It goes back to the host as it is, so a text that is only passed on or compared takes no memory.
 *
 * @example
 * ```ts
 * import { Storage, assert, keyBuilder, mustGet, newValue } from 'tenon/extension'
 *
 * export function Answer(): void {
 *   const email = mustGet(keyBuilder(Storage.Event)).asValue('ArgumentObject').asText('Email')
 *   assert(!email.equals(''), 'an event has an address')
 *   newValue(keyBuilder(Storage.Result)).putString('To', email)
 * }
 * ```
 */
@unmanaged
@final
export class Text {
  /** How many bytes of UTF-8 it is. */
  readonly byteLength: i32
  private readonly address: usize

  /** Internal: a view of packed bytes. */
  @unsafe static at(packed: u64): Text {
    return changetype<Text>(view(packed))
  }

  /** Internal: the bytes, packed. */
  @unsafe get packed(): u64 {
    return load<u64>(changetype<usize>(this))
  }

  /** Whether it is the same as a text. Nothing is allocated where that is written in the source. */
  equals(text: string): bool {
    return matches(this.address, this.byteLength, text)
  }

  /** A copy as a string. */
  toString(): string {
    return String.UTF8.decodeUnsafe(this.address, this.byteLength)
  }
}

/**
 * Bytes as the host gave them, without a copy. They last until the call ends; taken inside a callback of `read`, until that returns.
 *
 * @example
 * ```ts
 * import { Storage, keyBuilder, mustGet, newValue } from 'tenon/extension'
 *
 * export function Sum(): void {
 *   const body = mustGet(keyBuilder(Storage.Event)).asBytes('Body')
 *   let sum = 0
 *   for (let i = 0; i < body.length; i++) sum += body[i]
 *   newValue(keyBuilder(Storage.Result)).putInt32('Sum', sum)
 * }
 * ```
 */
@unmanaged
@final
export class Bytes {
  /** For editors, which know no operators. */
  [key: i32]: u8
  /** How many there are. */
  readonly length: i32
  private readonly address: usize

  /** Internal: a view of packed bytes. */
  @unsafe static at(packed: u64): Bytes {
    return changetype<Bytes>(view(packed))
  }

  /** Internal: the bytes, packed. */
  @unsafe get packed(): u64 {
    return load<u64>(changetype<usize>(this))
  }

  @operator('[]') private get(index: i32): u8 {
    if (<u32>index >= <u32>this.length) throw new RangeError('Index out of range')
    return load<u8>(this.address + index)
  }

  /** Whether they are the same as others, in the same order. */
  equals(other: Uint8Array): bool {
    return other.length == this.length && memory.compare(this.address, other.dataStart, this.length) == 0
  }

  /** A copy. */
  toArray(): Uint8Array {
    const copy = new Uint8Array(this.length)
    memory.copy(copy.dataStart, this.address, this.length)
    return copy
  }
}

/**
 * A qualified name: the full path of a package, and the name of something in it. One that was read lasts as long as a {@link Text}
 * does.
 *
 * @example
 * ```ts
 * import { QName, Storage, keyBuilder, mustGet, newValue } from 'tenon/extension'
 *
 * export function Approve(): void {
 *   const event = mustGet(keyBuilder(Storage.Event))
 *   const intent = newValue(keyBuilder(Storage.View, 'example.com/shop.Approvals'))
 *   intent.putQName('Event', event.asQName('QName'))
 *   intent.putQName('By', QName.of('example.com/shop', 'Approve'))
 * }
 * ```
 */
@unmanaged
@final
export class QName {
  private readonly pkgView: u64
  private readonly entityView: u64

  /** A name of its two parts. Of parts that are written in the source it takes no memory. */
  static of(pkg: string, entity: string): QName {
    // Taken before the parts are, which last as long.
    const at = room(2, 8, 8)
    return fill(at, encode(pkg), encode(entity))
  }

  /** Internal: a view of two packed texts. */
  @unsafe static at(pkg: u64, entity: u64): QName {
    return fill(room(2, 8, 8), pkg, entity)
  }

  /** Internal: the package's path, packed. */
  @unsafe get packedPkg(): u64 {
    return this.pkgView
  }

  /** Internal: the entity's name, packed. */
  @unsafe get packedEntity(): u64 {
    return this.entityView
  }

  /** The full path of the package. */
  get pkg(): Text {
    return Text.at(this.pkgView)
  }

  /** The name in the package. */
  get entity(): Text {
    return Text.at(this.entityView)
  }

  /** Whether it is the name of these two parts. Nothing is allocated where they are written in the source. */
  equals(pkg: string, entity: string): bool {
    return this.pkg.equals(pkg) && this.entity.equals(entity)
  }

  /** Package and entity, with a dot between. */
  toString(): string {
    return this.pkg.toString() + '.' + this.entity.toString()
  }
}

function fill(at: usize, pkg: u64, entity: u64): QName {
  store<u64>(at, pkg)
  store<u64>(at, entity, 8)
  return changetype<QName>(at)
}

function view(packed: u64): usize {
  const at = room(1, 8, 8)
  store<u64>(at, packed)
  return at
}
