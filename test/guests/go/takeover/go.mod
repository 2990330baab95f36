module github.com/sciabarracom/openwhisk-runtime-go

go 1.19
