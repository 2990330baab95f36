@json
class Event {
  name: string = ''
}
@json
class Greeting {
  greetings: string = ''
}
export function main(event: Event): Greeting {
  const greeting = new Greeting()
  greeting.greetings = 'Hello, ' + event.name
  return greeting
}
