// Says of each line, which is bytes in hexadecimal, what Go's own decoders say of them: one of JSON, one of base64.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
)

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		bytes, _ := hex.DecodeString(lines.Text())
		// As it is written: numbers beyond all sizes are JSON.
		var value json.RawMessage
		_, base := base64.StdEncoding.DecodeString(string(bytes))
		answer, _ := json.Marshal([]string{text(json.Unmarshal(bytes, &value)), text(base)})
		fmt.Println(string(answer))
	}
}
