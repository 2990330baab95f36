/** A guest in AssemblyScript that answers with a number. */
export const assemblyscript = (n: number): string => `import { log } from 'tenon/action'

@json
class Event {
  name: string = ''
}

@json
class Greeting {
  greetings: string = ''
  number: i32 = 0
}

export function main(event: Event): Greeting {
  const greeting = new Greeting()
  greeting.greetings = 'Hello, ' + event.name
  greeting.number = ${n}
  if (event.name.length == 0) log.info('nobody')
  return greeting
}
`

/** The same in TypeScript, of so many bytes, with functions that are all called once. */
export function typescript(n: number, size: number): string {
  const head = `export const main = ({ name }: { readonly name: string }) => ({ greetings: 'Hello, ' + name, number: ${n}, total })\n`
  let text =
    'interface Item { readonly amount: number; readonly price: number; readonly label?: string }\nlet total = 0\n'
  for (let at = 0; text.length < size - head.length; at++) text += part(at)
  return text + head
}

const part = (at: number): string => `
/** What an item of kind ${at} comes to. */
function price${at}({ amount, price, label = 'kind ${at}' }: Item): number {
  const discount: number = amount > ${10 + (at % 7)} ? 0.${(at % 8) + 1} : 0
  for (const letter of label) if (letter === 'x') return 0
  return Math.round(amount * price * (1 - discount) * 100) / 100
}
total += price${at}({ amount: ${1 + (at % 20)}, price: ${(at * 7) % 100} } satisfies Item)
`
