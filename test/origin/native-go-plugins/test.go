// A Go package with an exported function and an exported variable, as it is for Go's own `plugin`.
package main

// V is looked up by its name.
var V int32 = 42

// Add is looked up by its name, and called.
func Add(a, b int32) int32 { return a + b }

func main() {}
