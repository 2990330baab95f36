import { keyBuilder, newValue } from 'tenon/extension'

class Item {
  constructor(public value: i32) {}
}

let items: Item[] = []

export function simple(): void {}

/** What the extension contract wants of a guest: something that uses it. */
export function intend(): void {
  newValue(keyBuilder('sys.SendMail')).putInt32('port', items.length)
}

/** 10,000 objects that nobody needs any more. */
export function litter(): void {
  items = []
  for (let index = 0; index < 10_000; index++) items.push(new Item(index))
  items = []
}

export function collect(): void {
  __collect()
}
