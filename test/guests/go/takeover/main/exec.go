package main

import "github.com/sciabarracom/openwhisk-runtime-go/openwhisk"

func main() {
	openwhisk.Start(nil)
}
