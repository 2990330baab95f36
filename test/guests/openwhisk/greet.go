// A program that speaks ActionLoop by itself. How it greets is chosen when it is linked: -X main.form=message or greetings.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

var form = "message"

func main() {
	answers := os.NewFile(3, "answers")
	if os.Getenv("__OW_WAIT_FOR_ACK") != "" {
		fmt.Fprintln(answers, `{"ok":true}`)
	}
	requests := bufio.NewReader(os.Stdin)
	for {
		line, err := requests.ReadBytes('\n')
		if err != nil {
			return
		}
		request := struct{ Value struct{ Name string } }{}
		if err := json.Unmarshal(line, &request); err != nil {
			fmt.Fprintf(answers, "{\"error\":%q}\n", err.Error())
			continue
		}
		name := request.Value.Name
		if name == "" {
			name = "Stranger"
		}
		answer := map[string]string{}
		if form == "message" {
			fmt.Printf("name=%s\n", name)
			answer[form] = "Hello, " + name + "!"
		} else {
			fmt.Printf("Hello, %s\n", name)
			answer[form] = "Hello, " + name
		}
		json.NewEncoder(answers).Encode(answer)
	}
}
