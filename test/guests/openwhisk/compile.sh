#!/bin/bash
# A compile command for Go: compile.sh <main> <source folder> <output folder>. It is silent when it succeeds. The launcher lies beside it.
launcher=$(cd "$(dirname "$0")" && pwd)/launcher.go
main=${1^}
bin=$(cd "$3" && pwd)
cd "$2" || exit 1
[[ -f exec ]] && mv exec exec__.go
grep -qs '^func main()' ./*.go || sed "s/launch(Main)/launch($main)/" "$launcher" >main__.go
export HOME=${HOME:-/tmp} GOCACHE=${GOCACHE:-/tmp/mortise-go-cache} GOTOOLCHAIN=local GOPROXY=off GOFLAGS= GOWORK=off CGO_ENABLED=0
[[ -f go.mod ]] || go mod init exec >/dev/null 2>&1 || echo 'cannot init modules'
go build -ldflags '-s -w' -o "$bin/exec" . || exit
if [[ -n $__OW_EXECUTION_ENV ]]; then echo "$__OW_EXECUTION_ENV" >"$bin/exec.env"; fi
