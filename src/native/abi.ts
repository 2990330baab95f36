/** Native ABI 1, as native/mortise.h and docs/native.md say it. */
export const abiVersion = 1

/** What a library may export beside its hooks and its own functions. */
export const names = {
  version: 'mortise_abi_version',
  contract: 'mortise_contract',
  init: 'mortise_init',
  open: 'mortise_open',
  close: 'mortise_close',
} as const

/** What the names of the variables begin with that take host functions. */
export const hostPrefix = 'mortise_host_'

/** The exported name of a hook: `get-user` is `mortise_hook_get_user`. */
export const hookSymbol = (hook: string): string => `mortise_hook_${hook.replaceAll('-', '_')}`

/** The exported name of the variable that takes a host function. */
export const hostSymbol = (name: string): string => `${hostPrefix}${name.replaceAll('-', '_')}`

/** Byte offsets in the head of the arena, and where the arguments of a call begin. */
export const head = { top: 0, size: 4, refused: 8, error: 12, errorLength: 16, arguments: 32 } as const
