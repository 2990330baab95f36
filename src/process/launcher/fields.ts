/** A value that JSON made, by its keys. */
export type Fields = Readonly<Record<string, unknown>>

/** A value by its keys, where it has any. */
export const asFields = (value: unknown): Fields => (isFields(value) ? value : {})

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null
