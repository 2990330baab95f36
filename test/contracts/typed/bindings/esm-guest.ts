import type { Hooks, Values } from '../../../guests/every-type/esm/every-type-bindings.d.ts'

/** A guest of the contract with every type, on the generated types: hooks give back what they are given. */
export const echoNumbers: Hooks['echoNumbers'] = ({ value }) => value
export const echoLists: Hooks['echoLists'] = ({ value }) => value
export const echoColor: Hooks['echoColor'] = ({ value }) => value
export const echoAccess: Hooks['echoAccess'] = ({ value }) => value
export const echoWide: Hooks['echoWide'] = ({ value }) => value
export const echoShape: Hooks['echoShape'] = ({ value }) => value
export const echoOptions: Hooks['echoOptions'] = ({ value }) => value
export const echoResults: Hooks['echoResults'] = ({ value }) => value
export const echoTuple: Hooks['echoTuple'] = ({ value }) => value
export const echoChar: Hooks['echoChar'] = ({ value }) => value
export const echoBool: Hooks['echoBool'] = ({ value }) => value
export const echoText: Hooks['echoText'] = ({ value }) => value
export const echoOption: Hooks['echoOption'] = ({ value }) => value
export const echoResult: Hooks['echoResult'] = ({ value }) => value
export const swap: Hooks['swap'] = ({ left, right }) => [right, left]
export const add: Hooks['add'] = ({ a, b }, { host }) => host.rate({ by: Number(a) }) + b
let counter = 0
export const count: Hooks['count'] = ({ host }) => {
  counter++
  host.tick({ color: 'delete', at: '😀', on: true })
}
export const counted: Hooks['counted'] = () => counter
export const viaHost: Hooks['viaHost'] = (params, { host }) => host.turn(params)
export const viaHostFlat: Hooks['viaHostFlat'] = (params, { host }) => host.ask(params)
export const version: Values['version'] = '1.0'
export const limits = (): Values['limits'] => ({ a: 1, b: -1, c: 0, d: 0, e: 0, f: 0, g: 0n, h: 0n, i: 0, j: 0 })
export const level: Values['level'] = 7
