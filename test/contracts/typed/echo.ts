import { contract, type OpenContract, record, tuple, type Type, type Typed, u8 } from 'mortise/contract'
import type { Encoding } from '../../../src/contracts/typed/abi/text.ts'
import { signatureOf } from '../../../src/contracts/typed/abi/signature.ts'
import { wat } from '../../support/wat.ts'

/** So many values in one place do not fit into parameters: they are passed in memory. */
const many = tuple(u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8)
export const filler: readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]

interface EchoHooks {
  /** Passes its parameter to the host function and returns what that returns. */
  through(params: { readonly value?: unknown }): unknown
  /** Returns what it was given. */
  inMemory(params: { readonly value?: unknown; readonly filler: typeof filler }): { readonly value?: unknown }
}

/** A contract whose guests give back what they get. */
export function echoContract(
  type: Typed<unknown>,
): OpenContract<EchoHooks, { echo(params: { readonly value?: unknown }): unknown }, object> {
  const params = { value: type }
  return contract(
    'echo',
    {
      through: { params, result: type },
      inMemory: { params: { value: type, filler: many }, result: record('both', { value: type, filler: many }) },
    },
    { hostFunctions: { echo: { params, result: type } } },
  )
}

/** A guest of an echo contract: it knows of the type only how many numbers it is passed as. */
export function echoGuest(type: Type, encoding: Encoding = 'utf8'): Uint8Array {
  const functionType = { params: { value: type }, result: type }
  const hook = signatureOf(functionType, 'hook')
  const host = signatureOf(functionType, 'host function')
  const words = (word: string, flat: readonly string[]): string => flat.map((one) => `(${word} ${one})`).join(' ')
  const given = hook.params.map((_, index) => `(local.get ${index})`).join(' ')
  const through = host.resultInMemory
    ? `(call $echo ${given} (i32.const ${area})) (i32.const ${area})`
    : `(call $echo ${given})`
  return wat(`(module
    (import "$root" "echo" (func $echo ${words('param', host.params)} ${words('result', host.results)}))
    (memory (export "memory") 1)
    (global $heap (mut i32) (i32.const 65536))
    (@custom "component-type:echo" "${componentType(encoding)}")
    (func (export "cabi_realloc") (param $old i32) (param $size i32) (param $align i32) (param $bytes i32) (result i32)
      (local $at i32) (local $end i32)
      (local.set $at (i32.and (i32.add (global.get $heap) (i32.sub (local.get $align) (i32.const 1))) (i32.sub (i32.const 0) (local.get $align))))
      (local.set $end (i32.add (local.get $at) (local.get $bytes)))
      (if (i32.gt_u (local.get $end) (i32.shl (memory.size) (i32.const 16)))
        (then (if (i32.eq (i32.const -1) (memory.grow (i32.shr_u (i32.add (local.get $bytes) (i32.const 0x1ffff)) (i32.const 16))))
          (then unreachable))))
      (global.set $heap (local.get $end))
      (local.get $at))
    (func (export "cabi_post_through") ${words('param', hook.results)} (global.set $heap (i32.const 65536)))
    (func (export "through") ${words('param', hook.params)} ${words('result', hook.results)} ${through})
    (func (export "in-memory") (param i32) (result i32) (local.get 0)))`)
}

/** The same in C: of the type it knows nothing at all. */
export const echoLibrary = `
#include "mortise.h"
MORTISE_PLUGIN("")
MORTISE_HOST(echo);
MORTISE_HOOK(through) { return mortise_host_echo(MORTISE_ARGUMENTS); }
MORTISE_HOOK(in_memory) { return MORTISE_ARGUMENTS; }
`

/** The same as an ES module, which a process calls with one parameter only. */
export const echoModule: Uint8Array = new TextEncoder().encode(`
export const through = ({ value }, { host }) => host.echo({ value })
export const inMemory = ({ value, filler }) => (filler === undefined ? value : { value, filler })
`)

/** Where a result is put that lies in memory. */
const area = 1024

/** The custom section by which `wit-component` says how a module writes strings. */
export function componentType(encoding: Encoding): string {
  const name = 'wit-component-encoding'
  const number = ['utf8', 'utf16', 'latin1+utf16'].indexOf(encoding)
  const body = [name.length, ...Buffer.from(name), 4, number]
  const bytes = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00, 0x00, body.length, ...body]
  return bytes.map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
}
