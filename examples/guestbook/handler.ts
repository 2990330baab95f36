/** Who has written into the book. */
let names: string[] = []

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** A guest book: `GET /` shows it, `POST /` writes the name in the body into it. */
export default {
  async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname !== '/') return new Response('There is nothing here\n', { status: 404 })
    if (request.method === 'POST') {
      const name = (await request.text()).trim()
      if (name === '' || name.length > 100) return new Response('A name has 1 to 100 characters\n', { status: 400 })
      names = [...names, name].slice(-1000)
    }
    const list = names.map((name) => `<li>${escaped(name)}\n`).join('')
    return new Response(`<title>Guests</title>\n<ol>\n${list}</ol>\n`, {
      headers: { 'content-type': 'text/html; charset=utf-8' },
    })
  },
}

/** What the next version of this file begins with. */
export const dispose = (): readonly string[] => names
export const accept = (before: readonly string[]): void => {
  names = [...before]
}
