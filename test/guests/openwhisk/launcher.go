// What the compile command puts beside a source without a main: it calls Main, by another name where that is asked for.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() { launch(Main) }

func launch[In, Out any](action func(In) Out) {
	answers := os.NewFile(3, "answers")
	if os.Getenv("__OW_WAIT_FOR_ACK") != "" {
		fmt.Fprintln(answers, `{"ok":true}`)
	}
	requests := bufio.NewReader(os.Stdin)
	for {
		line, err := requests.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		request := map[string]json.RawMessage{}
		var value In
		if err = json.Unmarshal(line, &request); err == nil && request["value"] != nil {
			err = json.Unmarshal(request["value"], &value)
		}
		if err != nil {
			fmt.Fprintf(answers, "{\"error\":%q}\n", err.Error())
			continue
		}
		for key, raw := range request {
			text := ""
			if key != "value" && json.Unmarshal(raw, &text) == nil {
				os.Setenv("__OW_"+strings.ToUpper(key), text)
			}
		}
		encoder := json.NewEncoder(answers)
		encoder.SetEscapeHTML(false)
		encoder.Encode(action(value))
	}
}
