// Measures itself: host direct | host plugin <library> | host rpc <server> <socket>.
//
// Says how many nanoseconds the load and its first call took, then reads lines of a case and a count, does so many calls, checks
// each result, and says how many nanoseconds they took.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/rpc"
	"os"
	"os/exec"
	"plugin"
	"strings"
	"time"

	"example/mechanisms/users"
)

// The directory of a child process.
type remote struct {
	client *rpc.Client
	// Held, since the child ends when the collector closes it.
	input io.Closer
}

func (r remote) GetUser(id *users.UserID) (*users.User, error) {
	var found users.Found
	err := r.client.Call("Users.GetUser", id, &found)
	return found.User, err
}

func (r remote) GetUserByClaim(claim, value string) (*users.User, error) {
	var found users.Found
	err := r.client.Call("Users.GetUserByClaim", &users.Claim{Claim: claim, Value: value}, &found)
	return found.User, err
}

func (r remote) GetUserGroups(id *users.UserID) (groups []string, err error) {
	err = r.client.Call("Users.GetUserGroups", id, &groups)
	return groups, err
}

func (r remote) FindUsers(query string) (found []*users.User, err error) {
	err = r.client.Call("Users.FindUsers", query, &found)
	return found, err
}

func load(args []string) (users.Directory, error) {
	switch args[0] {
	case "plugin":
		library, err := plugin.Open(args[1])
		if err != nil {
			return nil, err
		}
		symbol, err := library.Lookup("New")
		if err != nil {
			return nil, err
		}
		return symbol.(func() users.Directory)(), nil
	case "rpc":
		child := exec.Command(args[1], args[2])
		input, err := child.StdinPipe()
		if err != nil {
			return nil, err
		}
		output, err := child.StdoutPipe()
		if err != nil {
			return nil, err
		}
		if err := child.Start(); err != nil {
			return nil, err
		}
		if _, err := bufio.NewReader(output).ReadString('\n'); err != nil {
			return nil, err
		}
		client, err := rpc.Dial("unix", args[2])
		return remote{client, input}, err
	default:
		return users.New(), nil
	}
}

func isFirst(user *users.User, err error) bool {
	return err == nil && user != nil && user.Mail == "einstein@cern.ch" && len(user.Groups) == 3 && len(user.Opaque) == 2
}

// One call, and whether its result is right.
func call(directory users.Directory, name string) bool {
	switch name {
	case "GetUser":
		return isFirst(directory.GetUser(&users.UserID{Idp: "cernbox.cern.ch", OpaqueID: "4c510ada-c86b-4815-8820-42cdf82c3d51", Type: "primary"}))
	case "GetUserByClaim":
		return isFirst(directory.GetUserByClaim("mail", "einstein@cern.ch"))
	case "GetUserGroups":
		groups, err := directory.GetUserGroups(&users.UserID{Idp: "cernbox.cern.ch", OpaqueID: "4c510ada-c86b-4815-8820-42cdf82c3d51", Type: "primary"})
		return err == nil && len(groups) == 3 && groups[2] == "physics-lovers"
	case "FindUsers":
		found, err := directory.FindUsers("einstein")
		return err == nil && len(found) == 1 && isFirst(found[0], nil)
	case "missing":
		user, err := directory.GetUser(&users.UserID{OpaqueID: "niels"})
		return err == nil && user == nil
	case "all":
		found, err := directory.FindUsers("e")
		return err == nil && len(found) == 1000 && isFirst(found[0], nil) && found[999].Mail == "someone-0995@example.com"
	}
	return false
}

func run(directory users.Directory, name string, count int) (time.Duration, error) {
	start := time.Now()
	for n := 0; n < count; n++ {
		if !call(directory, name) {
			return 0, errors.New("it answered wrongly: " + name)
		}
	}
	return time.Since(start), nil
}

func main() {
	start := time.Now()
	directory, err := load(os.Args[1:])
	if err == nil && !call(directory, "GetUser") {
		err = errors.New("it answered wrongly")
	}
	report(time.Since(start), err)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var count int
		name, rest, _ := strings.Cut(lines.Text(), " ")
		fmt.Sscan(rest, &count)
		report(run(directory, name, count))
	}
}

func report(elapsed time.Duration, err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(elapsed.Nanoseconds())
}
