// Package locales holds every sentence the program can say to people, Indonesian first.
//
// A sentence stands in id.toml (and its translation in en.toml) under a dotted key. It may contain
// {placeholders} and *bold*; \* is an asterisk. Handlers know keys only, so that a reader can judge
// the whole voice of the bot by reading one file, and an organisation can change it without Go.
// Tests keep the files honest: the same keys, the same placeholders, none missing, none unused.
package locales

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"awassiber/bot"
)

//go:embed id.toml en.toml
var files embed.FS

// Default is the language of the product.
const Default = "id"

// Languages lists the languages shipped, the default first.
func Languages() []string { return []string{Default, "en"} }

// Marked is an argument that is already a text of ours (bold marks and all). Every other string
// argument is taken for text from outside and cleaned.
type Marked string

// Printer says sentences in one language. It is read-only and safe for concurrent use.
type Printer struct {
	language string
	texts    map[string]sentence
}

// sentence is a parsed text: literal[0] name[0] literal[1] name[1] … literal[n].
type sentence struct {
	literals []string
	names    []string
}

// New loads the sentences of a language. An unknown language or a malformed file is an error.
func New(language string) (*Printer, error) {
	raw, err := files.ReadFile(language + ".toml")
	if err != nil {
		return nil, fmt.Errorf("no language %q: %w", language, err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(raw, &tree); err != nil {
		return nil, fmt.Errorf("%s.toml: %w", language, err)
	}
	p := &Printer{language: language, texts: map[string]sentence{}}
	if err := p.flatten("", tree); err != nil {
		return nil, fmt.Errorf("%s.toml: %w", language, err)
	}
	return p, nil
}

func (p *Printer) flatten(prefix string, tree map[string]any) error {
	for name, v := range tree {
		key := prefix + name
		switch v := v.(type) {
		case string:
			s, err := parse(v)
			if err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			p.texts[key] = s
		case map[string]any:
			if err := p.flatten(key+".", v); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s: a sentence must be a string, not %T", key, v)
		}
	}
	return nil
}

// parse reads the placeholders of a text and turns *bold* into marks.
func parse(text string) (sentence, error) {
	var s sentence
	marked, err := markBold(text)
	if err != nil {
		return s, err
	}
	for {
		before, rest, found := strings.Cut(marked, "{")
		s.literals = append(s.literals, before)
		if !found {
			return s, nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || name == "" {
			return s, fmt.Errorf("unclosed placeholder after %q", before)
		}
		s.names = append(s.names, name)
		marked = after
	}
}

func markBold(text string) (string, error) {
	const escaped = "\x00"
	text = strings.ReplaceAll(text, `\*`, escaped)
	parts := strings.Split(text, "*")
	if len(parts)%2 == 0 {
		return "", fmt.Errorf("unpaired asterisk in %q", text)
	}
	for i := 1; i < len(parts); i += 2 {
		parts[i] = bot.Bold(parts[i])
	}
	return strings.ReplaceAll(strings.Join(parts, ""), escaped, "*"), nil
}

// Language is the printer's language, "id" for example.
func (p *Printer) Language() string { return p.language }

// Has reports whether there is a sentence under key.
func (p *Printer) Has(key string) bool { _, ok := p.texts[key]; return ok }

// Keys lists all keys in order.
func (p *Printer) Keys() []string { return slices.Sorted(maps.Keys(p.texts)) }

// Placeholders lists the distinct placeholders of a sentence in order.
func (p *Printer) Placeholders(key string) []string {
	names := slices.Clone(p.texts[key].names)
	slices.Sort(names)
	return slices.Compact(names)
}

// Text says the sentence under key; args are name, value pairs for its placeholders. Integers are
// grouped by dots, strings are cleaned unless they are Marked. A missing key or argument shows as
// itself in double brackets: a defect that tests find, never a panic in front of a citizen.
func (p *Printer) Text(key string, args ...any) string {
	s, ok := p.texts[key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	if len(s.names) == 0 {
		return s.literals[0]
	}
	var out strings.Builder
	for i, name := range s.names {
		out.WriteString(s.literals[i])
		out.WriteString(lookup(args, name))
	}
	out.WriteString(s.literals[len(s.names)])
	return out.String()
}

// Refusal says a UserError.
func (p *Printer) Refusal(e *bot.UserError) string {
	args := make([]any, 0, 2*len(e.Args))
	for k, v := range e.Args {
		args = append(args, k, v)
	}
	return p.Text(e.Key, args...)
}

func lookup(args []any, name string) string {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return show(args[i+1])
		}
	}
	return "⟦" + name + "⟧"
}

func show(v any) string {
	switch v := v.(type) {
	case Marked:
		return string(v)
	case string:
		return bot.Clean(v)
	case int:
		return Number(v)
	}
	return bot.Clean(fmt.Sprint(v))
}

// Number writes an integer as Indonesian does: 1.234.567.
func Number(n int) string {
	s := strconv.Itoa(n)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}
