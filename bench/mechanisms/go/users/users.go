// Package users is the directory of the example users, for the rows of Go.
package users

import (
	_ "embed"
	"encoding/base64"
	"encoding/json"
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

// Directory is what host and plugin agree on.
type Directory interface {
	GetUser(id *UserID) (*User, error)
	GetUserByClaim(claim, value string) (*User, error)
	GetUserGroups(id *UserID) ([]string, error)
	FindUsers(query string) ([]*User, error)
}

type directory struct{ users []*User }

// New is a directory of the users that are compiled in.
func New() Directory { return &directory{read()} }

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

func (d *directory) first(matches func(*User) bool) *User {
	for _, user := range d.users {
		if matches(user) {
			return user
		}
	}
	return nil
}

func (d *directory) GetUser(id *UserID) (*User, error) {
	return d.first(func(user *User) bool {
		return (user.ID.OpaqueID == id.OpaqueID || user.Username == id.OpaqueID) && (id.Idp == "" || id.Idp == user.ID.Idp)
	}), nil
}

func (d *directory) GetUserByClaim(claim, value string) (*User, error) {
	return d.first(func(user *User) bool {
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
	}), nil
}

func (d *directory) GetUserGroups(id *UserID) ([]string, error) {
	if user, err := d.GetUser(id); user != nil {
		return user.Groups, err
	}
	return nil, nil
}

func (d *directory) FindUsers(query string) ([]*User, error) {
	found := []*User{}
	wanted := small(query)
	for _, user := range d.users {
		for _, text := range []string{user.Username, user.DisplayName, user.Mail, user.ID.OpaqueID} {
			if strings.Contains(small(text), wanted) {
				found = append(found, user)
				break
			}
		}
	}
	return found, nil
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
