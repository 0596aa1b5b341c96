package locales

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// speakers are the functions whose argument at that place is a key, and whose further arguments are
// names and values for its placeholders.
func speakers() map[string]int {
	return map[string]int{"Text": 0, "say": 0, "reply": 0, "tell": 2, "Refuse": 0, "usage": 0, "println": 0}
}

// families are the keys made by concatenation: what code begins them with, and all they can become.
// What the vocabulary says is read from its constants, so that a new one without a sentence fails.
func families(src []source) map[string][]string {
	questions := slices.DeleteFunc(constants(src, "handlers", "", "ask"), func(q string) bool {
		return !slices.Contains([]string{"claim", "region", "tps", "happened", "learned", "confidentiality"}, q)
	})
	hinted := slices.DeleteFunc(slices.Clone(questions), func(q string) bool { return q == "tps" }) // any words are an answer
	asked := slices.Concat(questions, tails(append(hinted, "same"), "_hint"), heads("claim_", constants(src, "bot", "Claim", "")))
	menu := literalsIn(src, "handlers", "menuChoices", "")
	for i, w := range menu {
		menu[i] = strings.ReplaceAll(w, " ", "_")
	}
	commands := literalsIn(src, "handlers", "deskCommands", "name")
	return map[string][]string{
		"ask.":                 asked,
		"ask.confidentiality_": constants(src, "bot", "Confidentiality", ""),
		"button.":              {"take", "release", "hoax", "violation", "spam", "reopen", "approve", "sort", "place", "apart"},
		"same.by_":             constants(src, "bot", "Evidence", ""),
		"same.doubt_":          constants(src, "bot/match", "Doubt", ""),
		"same.said_":           {"same", "different"},
		"element.":             constants(src, "bot", "Element", ""),
		"referral.route_":      constants(src, "bot", "Part", ""),
		"report.":              {"name", "home", "reported", "place", "chronology", "evidence", "witnesses", "happened_again", "learned_again", "region_again"},
		"report.mend_":         {"identity", "name", "home", "reported", "happened", "learned", "region", "place", "chronology", "evidence", "witnesses"},
		"category.":            append(constants(src, "bot", "Category", ""), tails(constants(src, "bot", "Category", ""), "_about")...),
		"desk.told_all":        {"", "_newest"},
		"desk.told_some":       {"", "_newest"},
		"clock.line_":          constants(src, "bot", "ClockKind", ""),
		"clock.over_":          constants(src, "bot", "ClockKind", ""),
		"clock.soon_":          constants(src, "bot", "ClockKind", ""),
		"clock.hurry_":         constants(src, "bot", "ClockKind", ""),
		"clock.late_":          constants(src, "bot", "ClockKind", ""),
		"phase.":               constants(src, "bot", "Phase", ""),
		"stage.":               constants(src, "bot", "Stage", ""),
		"card.file_":           {"too_large", "refused", "gone"},
		"pair.":                constants(src, "bot/whatsapp", "PairPhase", ""),
		"pair.failed_":         {"outdated", "refused", "no_route", "state"},
		"pair.page_":           {"title", "back", "qr", "ask_code", "number", "ask", "challenge", "answer", "send", "same", "again"},
		"notice.whatsapp_":     {"banned_until", "logged_out", "outdated", "replaced", "timelocked_until"},
		"cli.bad.rules_":       append(constants(src, "bot", "Problem", ""), "empty"),
		"referral.evidence_":   constants(src, "bot", "FileKind", ""),
		"citizen.unsupported_": {"view_once", "unreadable"},
		"citizen.state_":       constants(src, "bot", "Status", ""),
		"desk.not_allowed_":    slices.DeleteFunc(constants(src, "bot", "Permission", ""), func(p string) bool { return p == "ask" }),
		"event.": slices.DeleteFunc(constants(src, "bot", "Action", ""), func(a string) bool {
			return a == "staff" || a == "outage" || a == "channel" || a == "phase" || a == "incident"
		}),
		"event.question_": questions,
		"event.kept_":     {"identity", "content"},
		"file.":           constants(src, "bot", "FileKind", ""),
		"help.":           slices.Concat(tails(commands, ".usage"), tails(commands, ".about"), tails(commands, ".example")),
		"kind.":           append(constants(src, "bot", "Claim", ""), constants(src, "bot", "Track", "")...),
		"menu.":           menu,
		"network.":        constants(src, "bot", "Network", ""),
		"origin.":         constants(src, "bot", "ForwardKind", ""),
		"rating.":         constants(src, "bot", "Rating", ""),
		"reason.":         {"blocked", "expired", "too_large", "no_chat", "no_rights", "refused", "no_file"},
		"status.":         constants(src, "bot", "Status", ""),
	}
}

func heads(head string, words []string) []string {
	var out []string
	for _, w := range words {
		out = append(out, head+w)
	}
	return out
}

func tails(words []string, tail string) []string {
	var out []string
	for _, w := range words {
		out = append(out, w+tail)
	}
	return out
}

// use is one place in the code that names a key, or the beginning of one.
type use struct{ text, at string }

// usage is how the module's code names sentences.
type usage struct {
	keys     []use
	prefixes []use
	// lacking are calls that name a sentence and leave one of its placeholders without a value.
	lacking []string
}

func TestEveryKeyIsThereAndUsed(t *testing.T) {
	p := printer(t, Default)
	src := sources(t)
	found := look(p, src)
	used := map[string]bool{}
	for _, k := range found.keys {
		used[k.text] = true
		if !p.Has(k.text) {
			t.Errorf("%s: no sentence %q", k.at, k.text)
		}
	}
	known, begun := families(src), map[string]bool{}
	for _, b := range found.prefixes {
		begun[b.text] = true
		if known[b.text] == nil {
			t.Errorf("%s: keys beginning %q are made here, and families does not say which", b.at, b.text)
		}
	}
	for prefix, words := range known {
		if len(words) == 0 {
			t.Errorf("keys beginning %q: none found", prefix)
		}
		if !begun[prefix] {
			t.Errorf("no code makes keys beginning %q any more", prefix)
		}
		for _, w := range words {
			used[prefix+w] = true
			if !p.Has(prefix + w) {
				t.Errorf("no sentence %q, which code can ask for", prefix+w)
			}
		}
	}
	for _, key := range p.Keys() {
		if !used[key] {
			t.Errorf("nobody says %q", key)
		}
	}
	for _, l := range found.lacking {
		t.Error(l)
	}
}

// look collects what looks like a key of an existing table anywhere in the code, and whatever is
// given to a speaker, of an existing table or not. Stores have table names of the same form and say
// nothing to people.
func look(p *Printer, src []source) usage {
	tables := map[string]bool{}
	for _, key := range p.Keys() {
		table, _, _ := strings.Cut(key, ".")
		tables[table] = true
	}
	form := regexp.MustCompile(`^([a-z]+)(\.[A-Za-z0-9_]+)*\.?$`)
	like := func(s string) bool {
		m := form.FindStringSubmatch(s)
		return m != nil && tables[m[1]] && strings.Contains(s, ".")
	}
	var u usage
	for _, f := range src {
		if strings.HasPrefix(f.dir, "store") || f.dir == "locales" {
			continue
		}
		beginnings := map[ast.Node]bool{}
		ast.Inspect(f.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if s, ok := literal(n.X); ok && n.Op == token.ADD && like(s) {
					beginnings[n.X] = true
					u.prefixes = append(u.prefixes, use{s, f.at(n)})
				}
			case *ast.CallExpr:
				u.call(p, f, n)
			case *ast.BasicLit:
				if s, ok := literal(n); ok && !beginnings[n] && like(s) {
					u.keys = append(u.keys, use{s, f.at(n)})
				}
			}
			return true
		})
	}
	return u
}

// call checks a call of a speaker: the key, and a value for each placeholder.
func (u *usage) call(p *Printer, f source, call *ast.CallExpr) {
	place, speaks := speakers()[callee(call)]
	if !speaks || len(call.Args) <= place {
		return
	}
	first, composed := leftmost(call.Args[place])
	key, ok := literal(first)
	if !ok {
		return
	}
	if composed {
		u.prefixes = append(u.prefixes, use{key, f.at(call)})
		return
	}
	u.keys = append(u.keys, use{key, f.at(call)})
	if call.Ellipsis.IsValid() {
		return
	}
	var given []string
	for i := place + 1; i < len(call.Args); i += 2 {
		name, ok := literal(call.Args[i])
		if !ok {
			return // names that are not literals cannot be compared
		}
		given = append(given, name)
	}
	for _, name := range p.Placeholders(key) {
		if !slices.Contains(given, name) && callee(call) != "usage" { // settings add name and value later
			u.lacking = append(u.lacking, f.at(call)+": "+key+" lacks a value for {"+name+"}")
		}
	}
}

// The scan itself must be able to find what it looks for.
func TestLookFinds(t *testing.T) {
	p := printer(t, Default)
	src := snippet(t, `package x
func f(p P, q string, args ...any) {
	p.Text("citizen.added", "ticket", 1)
	p.say("citizen.added")
	p.say("citizen.added", args...)
	p.reply("nosuch.key")
	g("desk.mistyped", "not.a.table", "citizen", "https://desk.example")
	p.Text("brandnew."+q, "ask."+q+"_hint")
}`)
	u := look(p, src)
	var keys, prefixes []string
	for _, k := range u.keys {
		if !slices.Contains(keys, k.text) {
			keys = append(keys, k.text)
		}
	}
	for _, b := range u.prefixes {
		prefixes = append(prefixes, b.text)
	}
	if want := []string{"citizen.added", "nosuch.key", "desk.mistyped"}; !slices.Equal(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
	if want := []string{"brandnew.", "ask."}; !slices.Equal(prefixes, want) {
		t.Errorf("prefixes %q, want %q", prefixes, want)
	}
	if len(u.lacking) != 1 || !strings.Contains(u.lacking[0], "x.go:4: citizen.added lacks a value for {ticket}") {
		t.Errorf("lacking %q", u.lacking)
	}
}
