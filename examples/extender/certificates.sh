#!/bin/sh
# Makes an authority, and certificates for the extender and for kube-scheduler, in the folder that is given. Each folder in it becomes a secret.
set -eu
out=${1:?where to}
days=${2:-365}
name=mortise-extender.kube-system.svc
mkdir -p "$out/extender" "$out/scheduler"
cd "$out"
umask 077

new() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "$@" 2>/dev/null
}

sign() {
  new -keyout "$1/tls.key" -out "$1/tls.csr" -subj "/CN=$2"
  printf 'subjectAltName=DNS:%s\nextendedKeyUsage=%s\n' "$2" "$3" >"$1/tls.ext"
  openssl x509 -req -in "$1/tls.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days "$days" -extfile "$1/tls.ext" -out "$1/tls.crt" 2>/dev/null
  rm "$1/tls.csr" "$1/tls.ext"
  cp ca.crt "$1/ca.crt"
}

new -x509 -days "$days" -keyout ca.key -out ca.crt -subj '/CN=mortise-extender-ca'
sign extender "$name" serverAuth
sign scheduler mortise-scheduler clientAuth
