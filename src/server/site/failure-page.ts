import { STATUS_CODES } from 'node:http'
import { catalogue, type Diagnostic, MortiseError } from '../../errors.ts'
import { failure, type Reply } from '../reply.ts'
import type { SiteState } from './options.ts'

/** A failure that is to be told. */
export interface Failure {
  readonly error: unknown
  /** Whether it is somebody who works on it that asks: they are told everything. */
  readonly detail: boolean
  readonly id: string
}

const headers = {
  'content-type': 'text/html; charset=utf-8',
  // Nothing of it is to be run, kept, or shown inside something else.
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

/**
 * A failure of a site, as JSON or, for browsers, as a page. What is wrong inside is told to those who work on it alone.
 *
 * @param accept - the header of the request
 */
export function failureReply({ error, detail, id }: Failure, accept: string | undefined): Reply {
  const told = detail || !MortiseError.is(error) ? error : new MortiseError(error.code, `${catalogue[error.code]}.`)
  const reply = failure(told)
  if (!wantsPage(accept)) return { ...reply, headers: { ...reply.headers, 'cache-control': 'no-store' } }
  const known = MortiseError.is(told)
  const { diagnostics = [], problems = [], frames = [] } = known ? told.details : {}
  const body = page(`${reply.status} ${STATUS_CODES[reply.status] ?? ''}`, [
    `<p class="m">${escaped(known ? told.message : 'The server failed')}</p>`,
    ...diagnostics.map(diagnostic),
    ...problems.map((problem) => `<pre>${escaped(problem)}</pre>`),
    ...(frames.length === 0 ? [] : [`<pre>${frames.map((frame) => escaped(`at ${frame.function}`)).join('\n')}</pre>`]),
    `<p class="f">${escaped(known ? told.code : 'INTERNAL')} · ${escaped(id)}</p>`,
  ])
  return { status: reply.status, headers: { ...reply.headers, ...headers }, body }
}

/** The page `/_mortise`: what is live, and what is broken. */
export function overview(sites: readonly SiteState[], accept: string | undefined): Reply {
  if (!wantsPage(accept)) {
    const list = sites.map(({ broken, ...site }) => ({
      ...site,
      ...(broken !== undefined && {
        broken: { code: broken.code, error: broken.message, ...broken.details },
      }),
    }))
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: `${JSON.stringify({ sites: list })}\n`,
    }
  }
  const parts = sites.flatMap(({ name, mount, version, broken }) => [
    `<h2>${escaped(name)} <small>${escaped(mount)} · ${version === undefined ? 'nothing is live' : `version ${version}`}</small></h2>`,
    ...(broken === undefined ? [] : brokenParts(broken)),
  ])
  return { status: 200, headers, body: page('Mortise', parts) }
}

function brokenParts(error: MortiseError): readonly string[] {
  const { diagnostics = [] } = error.details
  return [`<p class="m">${escaped(error.message)}</p>`, ...diagnostics.map(diagnostic)]
}

/** As compilers write it, with the place marked. */
function diagnostic({ message, file = '', line, column, source }: Diagnostic): string {
  const place = [file, line, column].filter((part) => part !== undefined && part !== '').join(':')
  const mark = source === undefined ? '' : `\n${source}\n${' '.repeat(Math.max(0, (column ?? 1) - 1))}^`
  return `<pre><b>${escaped(place)}</b> ${escaped(message)}${escaped(mark)}</pre>`
}

const page = (title: string, parts: readonly string[]): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:60rem;padding:0 1rem;color-scheme:light dark}
pre{overflow:auto;padding:1rem;border-left:4px solid #c33;background:#8882}.m{white-space:pre-wrap}.f,small{opacity:.6}</style>
<h1>${escaped(title)}</h1>
${parts.join('\n')}
</html>
`

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (found) => entities[found] ?? found)

/** Browsers say that they take HTML, and do so before anything else. */
const wantsPage = (accept = ''): boolean => /^\s*text\/html\b/i.test(accept)
