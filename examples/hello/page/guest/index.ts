// A web action: what it gives is the page that a browser shows.
@json
class Request {
  name: string = 'you'
  __ow_method: string = ''
  __ow_path: string = ''
}
@json
class Page {
  statusCode: i32 = 200
  body: string = ''
}

export function main(request: Request): Page {
  const page = new Page()
  page.body =
    '<!doctype html><title>Mortise</title><h1>Hello, ' +
    escape(request.name) +
    '</h1>' +
    '<p>' +
    escape(request.__ow_method.toUpperCase()) +
    ' ' +
    escape(request.__ow_path) +
    '</p>\n'
  return page
}

/** Text of a request is nothing that a page may be made of as it is. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
