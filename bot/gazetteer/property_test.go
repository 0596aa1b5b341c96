package gazetteer_test

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"awassiber/bot/gazetteer"
)

func table(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open("jambi/" + name + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// Every area of the table is found by its official name: with certainty where the name is the
// only one of its kind, among the candidates everywhere else.
func TestEveryOfficialName(t *testing.T) {
	g := jambi(t)
	rows := table(t, "wilayah")
	uses := map[string]map[string]bool{} // name -> kabupaten that have it
	for _, r := range rows {
		name := strings.ToLower(r[1])
		if uses[name] == nil {
			uses[name] = map[string]bool{}
		}
		uses[name][r[0][:min(len(r[0]), 5)]] = true
	}
	counts := map[string]int{}
	for _, r := range rows {
		code, name, kind := r[0], r[1], gazetteer.Kind(r[2])
		counts[r[2]]++
		if kind == gazetteer.Provinsi {
			continue
		}
		home := code[:5]
		for _, typed := range []string{name, strings.ToUpper(name), "di " + strings.ToLower(name) + " kak"} {
			m := g.Resolve(typed)
			found := false
			for _, c := range m.Candidates {
				found = found || c.Area.Code == home
			}
			// A name of a kabupaten or its alias outranks villages of that name elsewhere.
			outranked := m.Decision == gazetteer.One && len(m.Candidates[0].Via) == 0
			if !found && !outranked {
				t.Errorf("%q (%s) gives %s", typed, code, read(m))
			}
			unique := kind == gazetteer.Kabupaten || kind == gazetteer.Kota || kind == gazetteer.Kecamatan && len(uses[strings.ToLower(name)]) == 1
			if unique && read(m) != home {
				t.Errorf("%q (%s %s) gives %s", typed, kind, code, read(m))
			}
		}
		if kind == gazetteer.Kecamatan {
			if m := g.Resolve("kec. " + name); read(m) != home {
				t.Errorf("kec. %q gives %s, want %s", name, read(m), home)
			}
		}
		if m := g.Resolve(code); read(m) != home {
			t.Errorf("code %s gives %s", code, read(m))
		}
	}
	if counts["kecamatan"] != 144 || counts["kelurahan"] != 171 || counts["desa"] != 1414 {
		t.Errorf("the table lost rows: %v", counts)
	}
}

// Every alias means its area, unless the words to ask about name it.
func TestEveryAlias(t *testing.T) {
	g := jambi(t)
	ask := map[string]bool{}
	for _, r := range table(t, "tanya") {
		ask[r[0]] = true
		if m := g.Resolve(r[0]); m.Decision != gazetteer.Ask {
			t.Errorf("%q is to be asked about, gives %s", r[0], read(m))
		}
	}
	for _, r := range table(t, "alias") {
		for _, typed := range []string{r[0], strings.ToUpper(r[0]), "di " + r[0] + ", kak"} {
			if m := g.Resolve(typed); !ask[r[0]] && read(m) != r[1] {
				t.Errorf("%q gives %s, want %s", typed, read(m), r[1])
			}
		}
	}
}

// One slip in an official name never decides for another area.
func TestSlipNeverMisleads(t *testing.T) {
	g := jambi(t)
	for _, a := range g.Regencies() {
		for i := range len(a.Short) {
			typed := a.Short[:i] + a.Short[i+1:]
			m := g.Resolve(typed)
			if m.Decision == gazetteer.One && m.Candidates[0].Area.Code != a.Code {
				t.Errorf("%q, meant for %s, gives %s", typed, a.Short, read(m))
			}
		}
	}
}

// check says what is wrong with a match, whatever was typed.
func check(g *gazetteer.Gazetteer, m gazetteer.Match) string {
	n := len(m.Candidates)
	if m.Decision == gazetteer.One && n != 1 || m.Decision == gazetteer.Ask && n == 0 || m.Decision == gazetteer.None && n != 0 {
		return "decision and candidates disagree"
	}
	seen := map[string]bool{}
	for _, c := range m.Candidates {
		a, ok := g.Area(c.Area.Code)
		if !ok || a != c.Area || a.Kind != gazetteer.Kabupaten && a.Kind != gazetteer.Kota {
			return "candidate is not a kabupaten or kota of the table"
		}
		if seen[a.Code] {
			return "candidate twice"
		}
		seen[a.Code] = true
		for _, v := range c.Via {
			if known, ok := g.Area(v.Code); !ok || known != v || !strings.HasPrefix(v.Code, a.Code+".") {
				return "via does not lie in the candidate"
			}
		}
	}
	return ""
}

func FuzzResolve(f *testing.F) {
	g := jambi(f)
	for _, s := range []string{"", "tebo", "Jambi Luar Kota", "kec. tebing tinggi", "15.09", "1509", "bukan tebo", "ma. bulian",
		"\xff\xfe", "ＴＥＢＯ", "é", "...", strings.Repeat("jambi ", 20000), strings.Repeat("a", 100000), strings.Repeat("é", 600)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if fault := check(g, g.Resolve(s)); fault != "" {
			t.Errorf("%.80q: %s", s, fault)
		}
	})
}

// What lies beyond the first thousand bytes cannot cost time or change the answer.
func TestLongAnswer(t *testing.T) {
	g := jambi(t)
	for _, filler := range []string{" x", "é", "rimbobujan ", "\xff"} {
		long := "tebo " + strings.Repeat(filler, 100_000)
		if m := g.Resolve(long); check(g, m) != "" || m.Candidates[0].Area.Code != "15.09" {
			t.Errorf("%q…: %s", long[:12], read(m))
		}
	}
}
