import { checkKeys, checkOption } from '../../options.ts'
import type { AsyncStorage, Operation, Storage } from './storage.ts'

/** A storage of a kind of state: its answers are there at once, or take their time. */
export type AnyStorage<C> = Storage<C> | AsyncStorage<C>

/** What every kind of state is made of, as its user writes it. */
export interface KindOptions<S> {
  /** As errors name it: `CommandProcessor`. */
  readonly name: string
  /** The storages by their names, such as `sys.View`; intents are applied in this order. */
  readonly storages: Readonly<Record<string, S>>
  /** What guests may ask a storage for, by its name. Default: all that it has methods for. */
  readonly operations?: Readonly<Record<string, readonly Operation[]>>
  /** Full paths of packages, by their local names. Default: every package is called the same on both sides. */
  readonly packages?: Readonly<Record<string, string>>
  /** How many intents a state may hold; default 100. */
  readonly intents?: number
}

/** A storage with what guests may ask it for. */
export interface StorageSlot<S> {
  readonly name: string
  readonly storage: S
  readonly operations: Readonly<Record<Operation, boolean>>
  /** Some of its gets and reads do something elsewhere. */
  readonly acts: boolean
}

/** The parts of a kind of state as states use them. */
export interface KindParts<S> {
  readonly name: string
  readonly storages: ReadonlyMap<string, StorageSlot<S>>
  /** Local names of packages by full path, and the other way; `undefined` where they are the same. */
  readonly local: ReadonlyMap<string, string> | undefined
  readonly full: ReadonlyMap<string, string> | undefined
  readonly intents: number
}

const operationNames = ['get', 'getBatch', 'read', 'insert', 'update'] as const
const methods = [...operationNames, 'keyFields', 'canonical', 'acts', 'emit', 'validate', 'apply'] as const
const storageForm = /^[^.]+\.[^.]+$/

/** The one parser of kinds of state. @param what - for errors: `a StateKind` */
export function parseKind<C, S extends AnyStorage<C>>(
  options: KindOptions<S> & { readonly transaction?: unknown; readonly scope?: unknown },
  what: string,
): KindParts<S> {
  checkKeys(options, ['name', 'storages', 'operations', 'packages', 'intents', 'transaction', 'scope'], what)
  const { name, storages, operations = {}, packages, intents = 100, transaction, scope } = options
  checkOption('name', name, typeof name === 'string' && name !== '', 'a text')
  checkOption('storages', storages, isObject(storages), 'an object of storages by their names')
  checkKeys(operations, Object.keys(storages), `the 'operations' of ${what}`)
  if (packages !== undefined) checkPackages(packages)
  checkOption('intents', intents, Number.isSafeInteger(intents) && intents >= 0, 'a whole number')
  checkOption('transaction', transaction, transaction === undefined || typeof transaction === 'function', 'a function')
  checkOption('scope', scope, scope === undefined || typeof scope === 'function', 'a function')
  return {
    name,
    storages: new Map(Object.entries(storages).map(([key, one]) => [key, slot(key, one, operations[key])])),
    full: packages && new Map(Object.entries(packages)),
    local: packages && new Map(Object.entries(packages).map(([local, full]) => [full, local])),
    intents,
  }
}

function checkPackages(packages: Readonly<Record<string, string>>): void {
  const wanted = 'full paths by local names, each once'
  checkOption('packages', packages, isObject(packages), wanted)
  const paths = Object.values(packages)
  for (const path of paths) checkOption('packages', path, typeof path === 'string' && path !== '', wanted)
  checkOption('packages', paths.join(', '), new Set(paths).size === paths.length, wanted)
}

/** The one parser of a bundle's size. */
export function parseBundleSize(size: number): number {
  checkOption('size', size, Number.isSafeInteger(size) && size > 0, 'a whole number above 0')
  return size
}

function slot<C, S extends AnyStorage<C>>(
  name: string,
  storage: S,
  allowed: readonly Operation[] | undefined,
): StorageSlot<S> {
  checkOption('storages', name, storageForm.test(name), "names of two parts, such as 'sys.View'")
  checkOption(`storages.${name}`, storage, isObject(storage), 'a storage')
  for (const one of methods) {
    const method: unknown = storage[one]
    checkOption(`storages.${name}.${one}`, method, method === undefined || typeof method === 'function', 'a function')
  }
  const all: readonly string[] = operationNames
  const wanted = `some of ${operationNames.join(', ')}`
  checkOption(`operations.${name}`, allowed, allowed === undefined || Array.isArray(allowed), wanted)
  for (const one of allowed ?? []) checkOption(`operations.${name}`, one, all.includes(one), wanted)
  const may = (operation: Operation): boolean =>
    typeof storage[operation] === 'function' && (allowed?.includes(operation) ?? true)
  return {
    name,
    storage,
    operations: {
      get: may('get'),
      getBatch: may('getBatch'),
      read: may('read'),
      insert: may('insert'),
      update: may('update'),
    },
    acts: storage.acts !== undefined,
  }
}

/** Whether a storage's answers take their time. */
export const waits = <C>(storage: AnyStorage<C>): storage is AsyncStorage<C> => storage.async === true

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
