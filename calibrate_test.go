package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	labelledCorpus = `{"id":"a","text":"Surat suara di TPS 12 Kelurahan Jelutung sudah dicoblos sejak semalam oleh petugas jaga"}
{"id":"b","text":"Gempa besar akan mengguncang Kota Jambi besok malam pukul 21.00 menurut BMKG, warga mengungsi"}
`
	labelledQueries = `{"text":"SEBARKAN!! Surat suara di TPS 12 Kelurahan Jelutung sdh dicoblos sejak semalam oleh petugas jaga","match":"a","class":"decor"}
{"text":"Surat suara di TPS 13 Kelurahan Jelutung sudah dicoblos sejak semalam oleh petugas jaga","match":null,"class":"number"}
{"text":"Besok jadi gotong royong di lapangan, jangan lupa bawa cangkul ya","match":null,"class":"chat"}
`
)

func TestCalibrate(t *testing.T) {
	corpus, queries := write(t, "korpus", labelledCorpus), write(t, "tanya", labelledQueries)
	got := play(t, environ("AWAS_DATA", filepath.Join(t.TempDir(), "none")), "calibrate", "--corpus", corpus, "--queries="+queries, "--json")
	if got.code != 0 || got.err != "" {
		t.Fatalf("exit %d, %q", got.code, got.err)
	}
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines, want three answers and a summary: %s", len(lines), got.out)
	}
	for i, want := range []struct {
		decision string
		id       string
	}{{"same", "a"}, {"maybe", "a"}, {"different", ""}} {
		var a struct {
			Decision string
			ID       *string
			Score    *float64
			Micros   *int64
		}
		if err := json.Unmarshal([]byte(lines[i]), &a); err != nil {
			t.Fatal(err)
		}
		id := ""
		if a.ID != nil {
			id = *a.ID
		}
		if a.Decision != want.decision || id != want.id || a.Score == nil || a.Micros == nil {
			t.Errorf("%s, want %+v", lines[i], want)
		}
	}
	var last struct {
		Summary struct {
			Positives, Negatives, Wrong int
			Precision                   struct{ Value, Low, High float64 }
			Thresholds                  []json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(lines[3]), &last); err != nil {
		t.Fatal(err)
	}
	if s := last.Summary; s.Positives != 1 || s.Negatives != 2 || s.Wrong != 0 || s.Precision.Value != 1 || len(s.Thresholds) < 10 {
		t.Errorf("%s", lines[3])
	}
	table := play(t, environ(), "calibrate", "--queries", queries, "--corpus", corpus)
	if table.code != 0 || strings.Contains(table.out, "⟦") || !strings.Contains(table.out, "decor") {
		t.Errorf("exit %d, %q", table.code, table.out)
	}
}

func TestCalibrateRefuses(t *testing.T) {
	corpus, queries := write(t, "korpus", labelledCorpus), write(t, "tanya", labelledQueries)
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no files":         {[]string{"calibrate"}, 2, "--corpus FILE"},
		"no queries":       {[]string{"calibrate", "--corpus", corpus}, 2, "--queries FILE"},
		"an argument":      {[]string{"calibrate", "x", "--corpus", corpus, "--queries", queries}, 2, "calibrate"},
		"json elsewhere":   {[]string{"verify", "--json"}, 2, "--json"},
		"corpus elsewhere": {[]string{"verify", "--corpus", corpus}, 2, "--corpus"},
		"no such file":     {[]string{"calibrate", "--corpus", corpus + "x", "--queries", queries}, 1, "korpusx"},
		"bad corpus":       {[]string{"calibrate", "--corpus", write(t, "rusak", "{\"id\":\"a\",\"text\":\"b\"}\n{"), "--queries", queries}, 1, "2"},
		"no id":            {[]string{"calibrate", "--corpus", write(t, "tanpa", `{"text":"b"}`), "--queries", queries}, 1, "id"},
		"unknown match":    {[]string{"calibrate", "--corpus", corpus, "--queries", write(t, "asing", `{"text":"b","match":"zz"}`)}, 1, "zz"},
	} {
		t.Run(name, func(t *testing.T) {
			got := play(t, environ(), c.args...)
			if got.code != c.code || !got.oneLine() || !strings.Contains(got.err, c.says) || got.out != "" {
				t.Errorf("exit %d, %q, out %q", got.code, got.err, got.out)
			}
		})
	}
}
