import type { ServerOptions, SiteSource } from '../server/server.ts'
import { type Arguments, UsageError } from './command.ts'

/** The HTTP handlers of a server. */
export function sitesOf(args: Arguments, config: ServerOptions): Pick<ServerOptions, 'sites' | 'detail'> {
  const sites = new Map<string, string | SiteSource>(Object.entries(config.sites ?? {}))
  for (const [name, path] of pairsOf(args, 'site')) sites.set(name, path)
  for (const [name, mount] of pairsOf(args, 'mount')) {
    const site = sites.get(name)
    if (site === undefined) throw new UsageError(`--mount names '${name}', and there is no --site of this name`)
    sites.set(name, { ...(typeof site === 'string' ? { path: site } : site), mount })
  }
  return {
    ...(sites.size > 0 && { sites: Object.fromEntries(sites) }),
    ...(args.flag('detail') && { detail: true }),
  }
}

/** Sites of a config file, whose paths begin at its folder. */
export function sitesFrom(
  sites: NonNullable<ServerOptions['sites']>,
  from: (path: string) => string,
): NonNullable<ServerOptions['sites']> {
  const given = Object.entries(sites).map(([name, site]): [string, string | SiteSource] => [
    name,
    typeof site === 'string' ? from(site) : { ...site, path: from(site.path) },
  ])
  return Object.fromEntries(given)
}

function pairsOf(args: Arguments, flag: string): readonly (readonly [name: string, value: string])[] {
  return args.texts(flag).map((pair) => {
    const at = pair.indexOf('=')
    if (at < 1) throw new UsageError(`--${flag} is '${pair}', and takes name=${flag === 'site' ? 'path' : '/path'}`)
    return [pair.slice(0, at), pair.slice(at + 1)]
  })
}
