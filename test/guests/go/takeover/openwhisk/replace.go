package openwhisk

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Nobody knows a process number before there is the process, so that a shell says it, which becomes the program.
const becoming = `LISTEN_PID=$$; export LISTEN_PID; exec "$0"`

// How long a program has to get ready.
const within = 10 * time.Second

// passOn lets the server that has taken over answer; where there is none, this one does.
func (s *server) passOn(w http.ResponseWriter, r *http.Request, otherwise http.HandlerFunc) {
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: s.listener.Addr().String()})
	proxy.Transport = &http.Transport{DisableKeepAlives: true}
	proxy.ErrorHandler = func(w http.ResponseWriter, r *http.Request, err error) { otherwise(w, r) }
	proxy.ServeHTTP(w, r)
}

func (s *server) serveInit(w http.ResponseWriter, r *http.Request) {
	switch {
	case s.init != "":
		proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: r.Host})
		dial := func(ctx context.Context, _, _ string) (net.Conn, error) { return net.Dial("unix", s.init) }
		proxy.Transport = &http.Transport{DisableKeepAlives: true, DialContext: dial}
		proxy.ServeHTTP(w, r)
	case s.leaving.Load():
		s.passOn(w, r, func(w http.ResponseWriter, r *http.Request) { fail(w, 503, "the server is ending") })
	default:
		if err := s.replace(w, r); err != nil {
			fail(w, http.StatusBadGateway, err.Error())
			return
		}
		s.leave()
		w.Header().Set("Connection", "close")
		io.WriteString(w, "OK\n")
	}
}

// replace places the posted executable somewhere and starts it with the listening socket.
func (s *server) replace(w http.ResponseWriter, r *http.Request) error {
	var request struct{ Value struct{ Code string } }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, largestInit)).Decode(&request); err != nil {
		return err
	}
	program, err := decode(request.Value.Code)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "action-")
	if err != nil {
		return err
	}
	// Once it serves, it needs the file no more.
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "action")
	if err := os.WriteFile(file, program, 0o700); err != nil {
		return err
	}
	return s.start(file)
}

func (s *server) start(file string) error {
	tcp, ok := s.listener.(*net.TCPListener)
	if !ok {
		return errors.New("this socket cannot be handed over")
	}
	socket, err := tcp.File()
	if err != nil {
		return err
	}
	defer socket.Close()
	reader, writer, err := os.Pipe()
	if err != nil {
		return err
	}
	defer reader.Close()
	command := exec.Command("/bin/sh", "-c", becoming, file)
	command.Env = append(os.Environ(), "LISTEN_FDS=1", "MORTISE_READY_FD=4")
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.ExtraFiles = []*os.File{socket, writer}
	err = command.Start()
	writer.Close()
	if err != nil {
		return err
	}
	reader.SetReadDeadline(time.Now().Add(within))
	if _, err := bufio.NewReader(reader).ReadString('\n'); err != nil {
		command.Process.Kill()
		return fmt.Errorf("the program did not get ready: %v", command.Wait())
	}
	return nil
}
