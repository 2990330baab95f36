/** The instructions behind the prefix 0xfb, in order of their numbers: they make and take apart what a collector owns. */
const collected: readonly string[] = `
  struct.new struct.new_default struct.get struct.get_s struct.get_u struct.set
  array.new array.new_default array.new_fixed array.new_data array.new_elem
  array.get array.get_s array.get_u array.set array.len array.fill array.copy array.init_data array.init_elem
  ref.test ref.test_null ref.cast ref.cast_null br_on_cast br_on_cast_fail
  any.convert_extern extern.convert_any ref.i31 i31.get_s i31.get_u`
  .trim()
  .split(/\s+/)

const beyondLimits = 'it works on garbage-collected values, which live outside every memory limit'

/** What to call an instruction that is valid and refused, and why it is; undefined for one that is not refused. */
export function refusal(prefix: number, number: number): string | undefined {
  if (prefix === 0xd3) return `ref.eq (${beyondLimits})`
  if (prefix === 0xfb) return `${collected[number] ?? spell(prefix, number)} (${beyondLimits})`
  if (prefix === 0xfe && (number === 1 || number === 2))
    return `memory.atomic.wait${number * 32} (it would block the whole thread)`
  return undefined
}

/** An opcode as bytes: `0x27`, or `0xfc 0x12`, whose number is not the LEB128 of the module but its value. */
export function spell(prefix: number, number?: number): string {
  const first = `0x${prefix.toString(16)}`
  return number === undefined ? first : `${first} 0x${number.toString(16)}`
}
