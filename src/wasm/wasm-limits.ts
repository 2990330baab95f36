import type { AllLimits } from '../limits.ts'

/** The limits of one plugin on this runtime: fuel is off where it is undefined. */
export type WasmLimits = Omit<AllLimits, 'fuel'> & { readonly fuel?: number }
