// @ts-ignore: decorator
@external('tenon', 'config') declare function read(name: string): string | null

/**
 * The settings that the operator of the host gave to this plugin: text by name.
 *
 * @example
 * ```ts
 * import { config } from 'tenon/action'
 *
 * export function main(): string {
 *   const city = config.get('city')
 *   return city === null ? '{"city":"Basel"}' : '{"city":"' + city + '"}'
 * }
 * ```
 */
export namespace config {
  /**
   * Reads one setting. The host is asked at every call, so read what you need often once and keep it in a variable.
   *
   * @param name - the setting's name, as the operator spells it
   * @returns its text, or null where the operator gave none
   * @example
   * ```ts
   * import { config, fail } from 'tenon/action'
   *
   * export function main(): string {
   *   const limit = config.get('limit')
   *   if (limit === null) return fail<string>("the setting 'limit' is missing")
   *   return '{"double":' + (I32.parseInt(limit) * 2).toString() + '}'
   * }
   * ```
   */
  export function get(name: string): string | null {
    const value = read(name)
    // The host made the text with `string_new`, which pins it: from here on the guest's own references keep it.
    __unpin(changetype<usize>(value))
    return value
  }
}
