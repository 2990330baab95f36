module mortise.test/plug

go 1.24
