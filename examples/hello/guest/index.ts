import { fail, log } from 'tenon/action'

@json
class Event {
  name: string = ''
}
@json
class Greeting {
  greetings: string = ''
}

export function main(event: Event): Greeting {
  if (event.name.length == 0) return fail<Greeting>('no name specified')
  log.info('greeting ' + event.name)
  const greeting = new Greeting()
  greeting.greetings = 'Hello, ' + event.name
  return greeting
}
