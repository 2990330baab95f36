import { Request, Response } from 'tenon/http'

/** Who has written into the book, a line each. */
let names = ''

/** The same in AssemblyScript: `GET /` shows the book, `POST /` writes the name in the body into it. */
export function fetch(request: Request): Response {
  if (request.path != '/') return Response.text('There is nothing here\n', 404)
  if (request.method == 'POST') {
    const name = request.text().trim()
    if (name.length == 0 || name.length > 100) return Response.text('A name has 1 to 100 characters\n', 400)
    names += name + '\n'
  }
  return Response.text(names)
}

/** What the next version begins with. */
export function dispose(): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(names))
}

export function accept(before: Uint8Array): void {
  names = String.UTF8.decodeUnsafe(before.dataStart, before.byteLength)
}
