/** The bits of one kind of number as another kind: what flat variants do whose cases are passed in the same place. */
const scratch = new DataView(new ArrayBuffer(8))

export const bits = {
  f32AsInt(value: number): number {
    scratch.setFloat32(0, value)
    return scratch.getUint32(0)
  },
  intAsF32(value: number): number {
    scratch.setInt32(0, value)
    return scratch.getFloat32(0)
  },
  f64AsLong(value: number): bigint {
    scratch.setFloat64(0, value)
    return scratch.getBigInt64(0)
  },
  longAsF64(value: bigint): number {
    scratch.setBigInt64(0, value)
    return scratch.getFloat64(0)
  },
  /** The lower half. */
  longAsInt(value: bigint): number {
    return Number(BigInt.asUintN(32, value))
  },
} as const

export type Bits = typeof bits
