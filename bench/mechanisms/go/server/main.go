// The child process of the row net/rpc: server <socket>. Ends when its standard input does.
package main

import (
	"fmt"
	"io"
	"net"
	"net/rpc"
	"os"

	"example/mechanisms/users"
)

func main() {
	listener, err := net.Listen("unix", os.Args[1])
	if err != nil {
		panic(err)
	}
	if err := rpc.RegisterName("Users", &users.Service{Directory: users.New()}); err != nil {
		panic(err)
	}
	fmt.Println("ready")
	go rpc.Accept(listener)
	io.Copy(io.Discard, os.Stdin)
	os.Remove(os.Args[1])
}
