package main

import (
	"flag"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the bot's lines of testdata/scenario")

// TestScenarios plays every conversation of testdata/scenario through the whole program: real
// router, store, inbox, outbox, evidence and digest; only network and clock are the simulator's.
// The files are the specification. After a change of behaviour, `go test . -run Scenarios -update`
// rewrites what the bot says, and the difference is reviewed as text.
func TestScenarios(t *testing.T) {
	for name, text := range scenarios(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := playScenario(t, text)
			if *update {
				if err := os.WriteFile(filepath.Join(scenarioDir, name+".txt"), []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(strings.Split(text, "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("the conversation went differently (-file +now); if that is meant: go test . -run Scenarios -update\n%s", diff)
			}
		})
	}
}

const scenarioDir = "testdata/scenario"

// scenarios yields the name and text of every file, in order.
func scenarios(t *testing.T) iter.Seq2[string, string] {
	files, err := filepath.Glob(scenarioDir + "/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	return func(yield func(string, string) bool) {
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !yield(strings.TrimSuffix(filepath.Base(file), ".txt"), string(raw)) {
				return
			}
		}
	}
}

// playScenario plays a file and returns it with the bot's lines as they are now.
func playScenario(t *testing.T, text string) string {
	s := newScene(t, text, onSim)
	var out strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if botLine(line) {
			continue // said anew
		}
		out.WriteString(line + "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s.step(line)
		out.WriteString(s.heard())
	}
	s.end()
	return out.String()
}
