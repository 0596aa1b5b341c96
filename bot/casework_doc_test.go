package bot

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// docTable reads a table of a document by the words of its head, row by row, trimmed.
func docTable(t *testing.T, path, head string) [][]string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(raw), head+"\n")
	if !found {
		t.Fatalf("%s has no table %q", path, head)
	}
	var rows [][]string
	for _, line := range strings.Split(rest, "\n")[1:] {
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows
}

// The table of steps in docs/casework.md is that of the program.
func TestCaseworkDocument(t *testing.T) {
	words := map[relation]string{anyone: "anyone", unheld: "unheld", nobody: "nobody", holder: "holder", second: "second"}
	command := regexp.MustCompile("^`/[a-z]+`$")
	rows := docTable(t, "../docs/casework.md", "| step | command | from | to | right | hold |")
	if len(rows) != len(transitions()) {
		t.Fatalf("the document has %d steps, the program %d", len(rows), len(transitions()))
	}
	for i, r := range transitions() {
		var from []string
		for _, s := range r.from {
			from = append(from, string(s))
		}
		want := []string{string(r.step), rows[i][1], strings.Join(from, ", "), string(r.to), string(r.step.Permission()), words[r.by]}
		if !command.MatchString(rows[i][1]) || !slices.Equal(rows[i], want) {
			t.Errorf("the document says %q, the program %q", rows[i], want)
		}
	}
}
