module example/users

go 1.24
