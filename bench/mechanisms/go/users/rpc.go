package users

// What net/rpc wants: one argument, and a place for the result. A user that is not there is not sent.

// Claim is what GetUserByClaim takes.
type Claim struct{ Claim, Value string }

// Found is an optional user.
type Found struct{ User *User }

// Service offers a directory to net/rpc.
type Service struct{ Directory Directory }

// GetUser answers for the directory.
func (s *Service) GetUser(id *UserID, found *Found) (err error) {
	found.User, err = s.Directory.GetUser(id)
	return err
}

// GetUserByClaim answers for the directory.
func (s *Service) GetUserByClaim(wanted *Claim, found *Found) (err error) {
	found.User, err = s.Directory.GetUserByClaim(wanted.Claim, wanted.Value)
	return err
}

// GetUserGroups answers for the directory.
func (s *Service) GetUserGroups(id *UserID, groups *[]string) (err error) {
	*groups, err = s.Directory.GetUserGroups(id)
	return err
}

// FindUsers answers for the directory.
func (s *Service) FindUsers(query string, found *[]*User) (err error) {
	*found, err = s.Directory.FindUsers(query)
	return err
}
