// Built with -buildmode=plugin.
package main

import "example/mechanisms/users"

// New is what the host looks up.
func New() users.Directory { return users.New() }

func main() {}
