// Greets whom every line names, as ActionLoop has it, and logs nothing.
package main

import (
	"bufio"
	"encoding/json"
	"os"
)

func main() {
	answers := os.NewFile(3, "answers")
	requests := bufio.NewReader(os.Stdin)
	for {
		line, err := requests.ReadBytes('\n')
		if err != nil {
			return
		}
		request := struct{ Value struct{ Name string } }{}
		if json.Unmarshal(line, &request) != nil {
			answers.WriteString("{\"error\":\"no JSON\"}\n")
			continue
		}
		answer, _ := json.Marshal(map[string]string{"greetings": "Hello, " + request.Value.Name})
		answers.Write(append(answer, '\n'))
	}
}
