module mortise.test/native

go 1.24
