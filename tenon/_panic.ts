/*
 * Failures reach the host as TinyGo's do: on stdout, and then a trap. Nothing is allocated, since the memory may be full.
 */

// prettier-ignore
@external('wasi_snapshot_preview1', 'fd_write') declare function fd_write(fd: i32, vectors: usize, count: i32, written: usize): i32

// @ts-ignore: decorator
@lazy const vector: usize = memory.data(12, 4)
// @ts-ignore: decorator
@lazy const buffer: usize = memory.data(1024)
/** UTF-16 code units that fit into the buffer, whichever they are. */
const longest: i32 = 256
// @ts-ignore: decorator
@lazy let filled: usize = 0

/** Internal: what `abort` is, and with it `throw` and `assert`. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  filled = 0
  print('panic: ')
  if (message !== null) print(message)
  print(message === null || message.length == 0 ? '(' : ' (')
  if (file !== null) print(file)
  print(':')
  number(line)
  print(':')
  number(column)
  print(')\n')
  flush()
  unreachable()
}

/** Internal: what AssemblyScript's allocators call where memory does not grow. */
export function outOfMemory(): void {
  filled = 0
  print('panic: runtime error: out of memory\n')
  flush()
  unreachable()
}

function print(text: string): void {
  for (let from = 0; from < text.length; ) {
    let count = min(text.length - from, longest)
    // Both halves of a pair go together.
    if (from + count < text.length && (text.charCodeAt(from + count - 1) & 0xfc00) == 0xd800 && count > 1) count--
    if (filled + count * 3 > 1024) flush()
    const at = changetype<usize>(text) + (<usize>from << 1)
    filled += String.UTF8.encodeUnsafe(at, count, buffer + filled, false, String.UTF8.ErrorMode.REPLACE)
    from += count
  }
}

function number(value: u32): void {
  if (value >= 10) number(value / 10)
  if (filled == 1024) flush()
  store<u8>(buffer + filled++, 0x30 + (value % 10))
}

function flush(): void {
  store<usize>(vector, buffer)
  store<usize>(vector, filled, 4)
  fd_write(1, vector, 1, vector + 8)
  filled = 0
}
