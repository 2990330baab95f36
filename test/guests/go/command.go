package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

var runs = 0

func variable(name string) string {
	if value, found := os.LookupEnv(name); found {
		return value
	}
	return "-"
}

func main() {
	input, err := io.ReadAll(os.Stdin)
	var event struct{ Name, Do string }
	if err == nil {
		err = json.Unmarshal(input, &event)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	runs++
	switch event.Do {
	case "echo":
		os.Stdout.Write(input)
		return
	case "exit":
		os.Exit(3)
	case "panic":
		panic("it broke")
	case "loop":
		for {
		}
	case "flood":
		for {
			fmt.Println("more")
		}
	case "silent":
		return
	case "noise":
		fmt.Fprintln(os.Stderr, "to stderr")
	case "fill":
		bytes := make([]byte, 4<<20)
		for at := range bytes {
			bytes[at] = 1
		}
	case "hog":
		var all [][]byte
		for {
			all = append(all, make([]byte, 1<<20))
			runs += len(all)
		}
	}
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"greetings": "Hello, " + event.Name,
		"id":        variable("__OW_ACTIVATION_ID"),
		"setting":   variable("SETTING"),
		"runs":      runs,
	})
	if event.Do == "done" {
		os.Exit(0)
	}
}
