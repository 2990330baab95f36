import { createServer, type IncomingMessage, type Server } from 'node:http'
import { MortiseError } from 'mortise'
import type { Order, Orders } from './orders.ts'

/** What a request is answered with. */
interface Answer {
  readonly status: number
  readonly body: object
}

const largest = 64 * 1024
const theirs: ReadonlySet<string> = new Set(['GUEST_ABORT', 'EXTENSION_FIELD', 'INPUT_INVALID'])

/** `POST /orders` places an order, `GET /amounts/2023-01-01` says what was ordered on a day. */
export function serve(orders: Orders): Server {
  return createServer((request, response) => {
    void answer(orders, request)
      .catch(failed)
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`)
      })
  })
}

async function answer(orders: Orders, request: IncomingMessage): Promise<Answer> {
  const { method, url = '' } = request
  if (method === 'POST' && url === '/orders') {
    return { status: 201, body: await orders.place(await orderOf(request)) }
  }
  const [, year, month, day] = /^\/amounts\/(\d{4})-(\d\d)-(\d\d)$/.exec(url) ?? []
  if (method === 'GET' && year !== undefined) {
    const amount = orders.amounts(Number(year), Number(month)).get(Number(day)) ?? 0
    return { status: 200, body: { amount } }
  }
  return { status: 404, body: { error: `There is no ${method} ${url}` } }
}

async function orderOf(request: IncomingMessage): Promise<Order> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) {
    text += part
    if (text.length > largest) throw new RangeError(`An order has at most ${largest} characters`)
  }
  const order: unknown = JSON.parse(text)
  if (!isOrder(order)) throw new SyntaxError('An order is an object')
  return order
}

/** What its fields hold is for the extension to say: a field of another type than it asks for ends its call. */
const isOrder = (value: unknown): value is Order => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What the extension or the log refuses of an order is for whoever asks to mend; all else is not. */
function failed(error: unknown): Answer {
  if (MortiseError.is(error) && theirs.has(error.code))
    return { status: 422, body: { error: error.details.guest?.message ?? error.message } }
  if (error instanceof SyntaxError || error instanceof RangeError)
    return { status: 400, body: { error: error.message } }
  console.error(error)
  return { status: 500, body: { error: 'The order could not be placed' } }
}
