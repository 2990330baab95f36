package openwhisk

import (
	"encoding/base64"
	"strings"
)

// decode takes the line breaks that base64 writes, and the spaces that a shell makes of them.
func decode(code string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(code), ""))
}
