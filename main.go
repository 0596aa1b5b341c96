// Awassiber is one bot process: citizens forward suspicious posts to it, coordinators judge them in
// a group chat, everybody who sent a post hears the verdict. With nothing configured it runs on a
// built-in training network. See bot/doc.go for a tour of the program.
//
// This package is the wiring and the command line: configuration, the operator's commands, the HTTP
// endpoints and the control socket. It may import everything; nothing imports it. In the data
// directory it owns awas.sock, the control socket of a running process; the other files there
// belong to store and evidence.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // WIB must exist on a machine or image without a zone database

	"awassiber/locales"
)

func main() {
	ctx, stop := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go obey(signals, stop, kill, time.Now)
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// twin is within what time a second signal is the first one once more: timeout(1) and some
// supervisors signal the process and its group.
const twin = 500 * time.Millisecond

// obey turns the first signal into an orderly stop and a later one into an immediate end.
func obey(signals <-chan os.Signal, stop, kill func(), now func() time.Time) {
	<-signals
	first := now()
	stop()
	for range signals {
		if now().Sub(first) >= twin {
			kill()
			return
		}
	}
}

// kill ends the process with what it was asked to finish unfinished. Nothing acknowledged is lost.
func kill() {
	if say, err := locales.New(locales.Default); err == nil {
		fmt.Fprintln(os.Stderr, "awassiber: "+say.Text("cli.error.second_signal"))
	}
	os.Exit(exitFailure)
}
