import { contract, s32 } from 'mortise/contract'

/** What test.go exports. */
export const plug = contract('plug', { add: { params: { a: s32, b: s32 }, result: s32 } }, { values: { v: s32 } })
