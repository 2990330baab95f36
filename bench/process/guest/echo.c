#include <string.h>
#include <unistd.h>

static char in[1 << 20], out[1 << 20];

/* Answers every {"value":...} with what stands in it: one block of answers for each block of lines. */
int main(void) {
  size_t have = 0;
  for (ssize_t got; (got = read(0, in + have, sizeof in - have)) > 0;) {
    have += got;
    size_t size = 0;
    char *line = in;
    for (char *end; (end = memchr(line, '\n', in + have - line)) != NULL; line = end + 1) {
      size_t length = end - line - 10;
      memcpy(out + size, line + 9, length);
      size += length;
      out[size++] = '\n';
    }
    for (size_t at = 0; at < size;) {
      ssize_t put = write(3, out + at, size - at);
      if (put < 0) return 1;
      at += put;
    }
    have -= line - in;
    memmove(in, line, have);
  }
  return 0;
}
