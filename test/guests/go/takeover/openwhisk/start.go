// Package openwhisk makes a function a server of /run and /init that can be replaced, as docs/takeover.md says.
package openwhisk

import (
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

// Action gets the parameters of a request as JSON, and answers with JSON.
type Action func(event json.RawMessage) (json.RawMessage, error)

const (
	largestBody = 1 << 20
	largestInit = 65 << 20
	drain       = 30 * time.Second
)

type server struct {
	action   Action
	listener net.Listener
	ready    *os.File // what says that connections are taken, until it is closed
	init     string   // the supervisor's Unix socket
	leaving  atomic.Bool
	open     atomic.Int64 // connections
	left     chan struct{}
}

// Start serves from the socket that the program was handed, else on PORT or 8080, until another program has taken over.
func Start(action Action) {
	s := &server{action: action, left: make(chan struct{}, 1)}
	s.inherit()
	if s.listener == nil {
		s.listen()
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	go func() { <-ended; s.leave() }()
	if s.init != "" {
		// The supervisor holds the other end for as long as it lives.
		go func() { io.Copy(io.Discard, os.Stdin); s.leave() }()
	}
	if s.ready != nil {
		s.ready.WriteString("\n")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/run", s.serveRun)
	mux.HandleFunc("/init", s.serveInit)
	web := http.Server{Handler: mux, IdleTimeout: 5 * time.Second, ConnState: s.count}
	if err := web.Serve(s.listener); !s.leaving.Load() {
		log.Fatal(err)
	}
	for deadline := time.Now().Add(drain); s.open.Load() > 0 && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
}

func (s *server) inherit() {
	owner, present := os.LookupEnv("LISTEN_PID")
	mine := !present || owner == strconv.Itoa(os.Getpid())
	if mine && os.Getenv("LISTEN_FDS") != "" {
		socket := os.NewFile(3, "socket")
		listener, err := net.FileListener(socket)
		if err != nil {
			log.Fatal(err)
		}
		socket.Close()
		s.listener = listener
	}
	if descriptor, err := strconv.Atoi(os.Getenv("MORTISE_READY_FD")); mine && err == nil {
		syscall.CloseOnExec(descriptor)
		s.ready = os.NewFile(uintptr(descriptor), "ready")
	}
	s.init = os.Getenv("MORTISE_INIT")
	for _, name := range []string{"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "MORTISE_READY_FD", "MORTISE_INIT"} {
		os.Unsetenv(name)
	}
}

func (s *server) listen() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	s.listener = listener
}

func (s *server) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.open.Add(-1)
	}
}

// leave takes no more connections. Those that there are end when they have been idle for a while: closed at once, a request that is on
// its way would be lost.
func (s *server) leave() {
	if !s.leaving.CompareAndSwap(false, true) {
		return
	}
	s.listener.Close()
	if s.ready != nil {
		s.ready.Close()
	}
}

func (s *server) serveRun(w http.ResponseWriter, r *http.Request) {
	if s.leaving.Load() {
		w.Header().Set("Connection", "close")
		s.passOn(w, r, s.run)
		return
	}
	s.run(w, r)
}

func (s *server) run(w http.ResponseWriter, r *http.Request) {
	var request struct{ Value json.RawMessage }
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if err == nil {
		err = json.Unmarshal(body, &request)
	}
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	if s.action == nil {
		fail(w, http.StatusInternalServerError, "the action failed to locate a binary")
		return
	}
	answer, err := s.action(request.Value)
	if s.leaving.Load() {
		w.Header().Set("Connection", "close")
	}
	if err != nil {
		fail(w, http.StatusOK, err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(answer, '\n'))
}

func fail(w http.ResponseWriter, status int, why string) {
	text, _ := json.Marshal(map[string]string{"error": why})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(append(text, '\n'))
}
