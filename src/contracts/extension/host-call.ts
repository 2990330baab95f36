/**
 * A call of a function of the host by an extension, as the tracing channel `mortise:host-function` of `node:diagnostics_channel` has
 * it: one object for all events of the call. An instance of a guest is traced where somebody listens when it is made.
 */
export interface HostCall {
  readonly plugin: string
  /** The extension. */
  readonly hook: string
  /** The function of the ABI, such as `hostGetValue`. A row of a read is a call of its own, `hostReadValues.next`. */
  readonly name: string
  /** The storage and the key that it is about, as errors show it; absent where the guest handed over what is none. */
  readonly storage?: string
  readonly key?: string
  /** The field, or the index of an element. */
  readonly field?: string
  /** How long it took, once it has ended: for a storage that waits, with the time that the guest was suspended. */
  readonly milliseconds?: number
  /** What it failed with. */
  readonly error?: unknown
}
