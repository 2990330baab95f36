/** What one instance lends to its WASI functions. */
export interface WasiHost {
  /** The guest's memory now: views are taken anew after growth. */
  bytes(): Uint8Array
  /** The same memory for reading and writing numbers. */
  view(): DataView
  /** These bytes may be written to. */
  mark(pointer: number, length: number): void
  /**
   * Takes what the guest wrote to a stream. What it throws (an output limit) ends the guest.
   *
   * @param bytes - a view into guest memory, valid only during the call
   */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): void
  /** Takes the next bytes of standard input into guest memory, as many as there are and fit. @returns how many; 0 at its end */
  read(bytes: Uint8Array): number
  /** How many bytes of standard input are left. */
  readonly left: number
  /** The program's arguments, its name first where it expects one. */
  readonly args: readonly string[]
  /** The environment variables: the same object until they change. */
  readonly env: Readonly<Record<string, string>>
  /** Nanoseconds since 1970. */
  now(): bigint
  /** Nanoseconds since a point that never moves. */
  monotonic(): bigint
  /** Fills `bytes`, of any length, with randomness. */
  random(bytes: Uint8Array): void
  /** Blocks for at most what the host allows; throws past the limit. */
  sleep(milliseconds: number): void
  /** Ends the guest: throws a value of the host's own. */
  exit(code: number): never
}
