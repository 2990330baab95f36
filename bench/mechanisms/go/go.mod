module example/mechanisms

go 1.24
