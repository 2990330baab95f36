// The guest for the runtime `process`: a line with a call in, a line with its result out on descriptor 3.
package main

import (
	"bufio"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"os"
	"sort"
	"strings"
)

//go:embed users.json
var source []byte

var types = []string{"invalid", "primary", "secondary", "service", "application", "guest", "federated", "lightweight"}

type UserID struct {
	Idp      string `json:"idp"`
	OpaqueID string `json:"opaqueId"`
	Type     string `json:"type"`
}

type OpaqueEntry struct {
	Name    string `json:"name"`
	Decoder string `json:"decoder"`
	Value   []byte `json:"value"`
}

type User struct {
	ID           UserID        `json:"id"`
	Username     string        `json:"username"`
	Mail         string        `json:"mail"`
	MailVerified bool          `json:"mailVerified"`
	DisplayName  string        `json:"displayName"`
	Groups       []string      `json:"groups"`
	Opaque       []OpaqueEntry `json:"opaque"`
	UIDNumber    uint32        `json:"uidNumber"`
	GIDNumber    uint32        `json:"gidNumber"`
}

var users = read()

func read() []*User {
	var rows []struct {
		ID struct {
			Idp      string `json:"idp"`
			OpaqueID string `json:"opaque_id"`
			Type     int    `json:"type"`
		} `json:"id"`
		Username     string `json:"username"`
		Mail         string `json:"mail"`
		MailVerified bool   `json:"mail_verified"`
		DisplayName  string `json:"display_name"`
		Groups       []string
		Opaque       struct {
			Map map[string]struct{ Decoder, Value string } `json:"map"`
		} `json:"opaque"`
		UIDNumber uint32 `json:"uid_number"`
		GIDNumber uint32 `json:"gid_number"`
	}
	if err := json.Unmarshal(source, &rows); err != nil {
		panic(err)
	}
	all := make([]*User, 0, len(rows))
	for _, row := range rows {
		user := &User{
			UserID{row.ID.Idp, row.ID.OpaqueID, types[row.ID.Type]},
			row.Username, row.Mail, row.MailVerified, row.DisplayName, row.Groups, nil, row.UIDNumber, row.GIDNumber,
		}
		for name, entry := range row.Opaque.Map {
			value, err := base64.StdEncoding.DecodeString(entry.Value)
			if err != nil {
				panic(err)
			}
			user.Opaque = append(user.Opaque, OpaqueEntry{name, entry.Decoder, value})
		}
		// A map has no order, and a list has one.
		sort.Slice(user.Opaque, func(a, b int) bool { return user.Opaque[a].Name < user.Opaque[b].Name })
		all = append(all, user)
	}
	return all
}

func first(matches func(*User) bool) *User {
	for _, user := range users {
		if matches(user) {
			return user
		}
	}
	return nil
}

func getUser(id UserID) *User {
	return first(func(user *User) bool {
		return (user.ID.OpaqueID == id.OpaqueID || user.Username == id.OpaqueID) && (id.Idp == "" || id.Idp == user.ID.Idp)
	})
}

func getUserByClaim(claim, value string) *User {
	return first(func(user *User) bool {
		switch claim {
		case "mail":
			return user.Mail == value
		case "username":
			return user.Username == value
		case "uid":
			for _, entry := range user.Opaque {
				if entry.Name == "uid" && entry.Decoder == "plain" {
					return string(entry.Value) == value
				}
			}
		}
		return false
	})
}

func getUserGroups(id UserID) []string {
	if user := getUser(id); user != nil {
		return user.Groups
	}
	return nil
}

func findUsers(query string) []*User {
	found := []*User{}
	wanted := small(query)
	for _, user := range users {
		for _, text := range []string{user.Username, user.DisplayName, user.Mail, user.ID.OpaqueID} {
			if strings.Contains(small(text), wanted) {
				found = append(found, user)
				break
			}
		}
	}
	return found
}

// Letters of ASCII in lower case, others as they are: the same in every language.
func small(text string) string {
	return strings.Map(func(letter rune) rune {
		if letter >= 'A' && letter <= 'Z' {
			return letter + 'a' - 'A'
		}
		return letter
	}, text)
}

// A call as the host writes it.
type call struct {
	Hook  string `json:"hook"`
	Value struct {
		ID                  UserID
		Claim, Value, Query string
	} `json:"value"`
}

func answer(line []byte) any {
	var given call
	if err := json.Unmarshal(line, &given); err != nil {
		return map[string]string{"error": err.Error()}
	}
	switch params := given.Value; given.Hook {
	case "getUser":
		return getUser(params.ID)
	case "getUserByClaim":
		return getUserByClaim(params.Claim, params.Value)
	case "getUserGroups":
		return getUserGroups(params.ID)
	case "findUsers":
		return findUsers(params.Query)
	default:
		return map[string]string{"error": "there is no hook " + given.Hook}
	}
}

func main() {
	answers := bufio.NewWriter(os.NewFile(3, "answers"))
	lines := bufio.NewReaderSize(os.Stdin, 64*1024)
	encoder := json.NewEncoder(answers)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		if err := encoder.Encode(answer(line)); err != nil {
			return
		}
		// Answers to calls that came together go together.
		if lines.Buffered() == 0 {
			answers.Flush()
		}
	}
}
