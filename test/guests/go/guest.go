package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

func word(ok bool, otherwise string) string {
	if ok {
		return "ok"
	}
	return otherwise
}

func report() {
	greeting := os.Getenv("GREETING")
	if greeting == "" {
		greeting = "-"
	}
	fmt.Printf("env: %d %s\n", len(os.Environ()), greeting)

	start := time.Now()
	time.Sleep(5 * time.Millisecond)
	fmt.Printf("sleep: %s\n", word(time.Since(start) >= 5*time.Millisecond, "too short"))
	fmt.Printf("time: %s\n", word(time.Now().Unix() > 1_700_000_000, "wrong"))

	a, b := make([]byte, 16), make([]byte, 16)
	rand.Read(a)
	rand.Read(b)
	fmt.Printf("random: %s\n", word(!bytes.Equal(a, b), "wrong"))

	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		panic(err)
	}
	fmt.Printf("stdin: %d\n", len(text))
	file := "refused"
	if _, err := os.ReadFile("/etc/passwd"); err == nil {
		file = "opened"
	}
	fmt.Printf("file: %s\n", file)
	fmt.Fprintln(os.Stderr, "to stderr")
}

//go:wasmexport probe
func probe(mode int32) int32 {
	switch mode {
	case 0:
		report()
	case 1:
		panic("it broke")
	case 2:
		os.Exit(7)
	case 3:
		time.Sleep(time.Hour)
	case 4:
		os.Exit(0)
	case 5:
		for {
			fmt.Println("and on and on")
		}
	default:
		return mode
	}
	return 0
}

func main() {
	modes := []string{"report", "panic", "exit", "sleep", "done", "flood"}
	if mode := slices.Index(modes, os.Getenv("MODE")); mode >= 0 {
		os.Exit(int(probe(int32(mode))))
	}
}
