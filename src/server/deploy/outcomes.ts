/** How a deploy went, with what it took in milliseconds. */
export interface Deployed {
  readonly plugin: string
  readonly version: number
  readonly digest: string
  readonly runtime: string
  readonly timings: {
    readonly load: number
    readonly smoke: number
    readonly handOver: number
    readonly store: number
    readonly swap: number
  }
}

/** A version that is live again. */
export interface RolledBack {
  readonly plugin: string
  readonly version: number
  readonly digest: string
  /** Whether it was kept ready; else it was loaded anew. */
  readonly kept: boolean
  readonly timings: { readonly load: number; readonly store: number; readonly swap: number }
}
