// The example node-number, without a log and events, in standard Go: every hook is a function that is exported.
package main

import "unsafe"

//go:wasmimport k8s.io/scheduler currentPod
func currentPod(at unsafe.Pointer, limit uint32) uint32

//go:wasmimport k8s.io/scheduler currentNodeName
func currentNodeName(at unsafe.Pointer, limit uint32) uint32

var (
	buffer = make([]byte, 2048)
	digit  byte
)

func main() {}

//go:wasmexport prefilter
func prefilter() uint32 {
	digit = 0
	return 0
}

//go:wasmexport prescore
func prescore() uint32 {
	digit = last(name(field(read(currentPod), 1)))
	return 0
}

//go:wasmexport score
func score() uint64 {
	if digit == 0 || digit == last(read(currentNodeName)) {
		return 10 << 32
	}
	return 0
}

func read(ask func(unsafe.Pointer, uint32) uint32) []byte {
	size := ask(unsafe.Pointer(&buffer[0]), uint32(len(buffer)))
	if size > uint32(len(buffer)) {
		buffer = make([]byte, size)
		size = ask(unsafe.Pointer(&buffer[0]), size)
	}
	return buffer[:size]
}

func last(text []byte) byte {
	if len(text) == 0 || text[len(text)-1] < '0' || text[len(text)-1] > '9' {
		return 0
	}
	return text[len(text)-1]
}

func name(metadata []byte) []byte { return field(metadata, 1) }

// field finds a text or a message in a message where it lies: no library decodes all of it.
func field(message []byte, number uint64) []byte {
	for len(message) > 0 {
		tag, rest := varint(message)
		value, rest := varint(rest)
		if tag&7 == 2 {
			if tag>>3 == number {
				return rest[:value]
			}
			rest = rest[value:]
		}
		message = rest
	}
	return nil
}

func varint(bytes []byte) (value uint64, rest []byte) {
	for i, b := range bytes {
		value |= uint64(b&127) << (7 * i)
		if b < 128 {
			return value, bytes[i+1:]
		}
	}
	return value, nil
}
