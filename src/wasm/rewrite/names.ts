/**
 * The names by which the host reaches into a rewritten module, and the module that what it imports from the host comes from.
 * A guest may use neither.
 */
export const hidden = {
  prefix: 'mortise:',
  module: 'mortise:host',
  /** The start function, which waits until it is called. */
  start: 'mortise:start',
  /** `() -> (i32)`: the size of the first memory, in pages, as the guest sees it. */
  pages: 'mortise:pages',
  /** `() -> ()` and `() -> (i32)`: what every call begins and ends with. */
  enter: 'mortise:enter',
  leave: 'mortise:leave',
  /** The same as `leave`, and a restore. */
  leaveFresh: 'mortise:leave-fresh',
  /** `() -> (i32)`: all of a call of an exported function that takes and gives nothing. */
  call: (name: string): string => `mortise:call:${name}`,
  /** Globals: how many pages are so many that `leave` says so, the microseconds that a call may take, and the units that it may burn. */
  full: 'mortise:full',
  /** A global: the number of the call that the guest is in, 0 for none. */
  running: 'mortise:running',
  deadline: 'mortise:deadline',
  fuelLimit: 'mortise:fuel-limit',
  /** A global: the last growth was refused. */
  refused: 'mortise:refused',
  /** The shared memory whose first word says which call is running, and that it has to end. */
  words: 'words',
  /** A global: what is left of the fuel. */
  fuel: 'mortise:fuel',
  /** The memory with the map of marks and the copy of a checkpoint; `save` and `restore` work on it. */
  shadow: 'mortise:shadow',
  saveGlobals: 'mortise:save-globals',
  restoreGlobals: 'mortise:restore-globals',
  save: 'mortise:save',
  restore: 'mortise:restore',
  memory: (index: number): string => `mortise:memory:${index}`,
  global: (index: number): string => `mortise:global:${index}`,
  table: (index: number): string => `mortise:table:${index}`,
} as const

/** Bytes of one page of WebAssembly memory, as a power of two. */
export const pageBits = 16

/** Bytes of one page of WebAssembly memory. */
export const pageSize: number = 2 ** pageBits
