package bot

import (
	"errors"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// RegisterForm is how an organisation writes its register numbers. Bawaslu's look like
// 003/LP/PB/Kab/06.08/XII/2024 (public register of SigapLapor; DOMAIN section 2.5). The bot only ever
// reads such numbers, from what an officer typed; it never makes one. The zero form takes any line
// that has a digit in it.
type RegisterForm struct {
	pattern  *regexp.Regexp // of the whole number, as the organisation writes it
	example  string
	spelling []string // words not in capitals: "Kab"
}

// longestRegister bounds what is taken for a number, in characters.
const longestRegister = 80

// ErrExample: the example of a register form does not have that form.
var ErrExample = errors.New("example does not fit the pattern")

// NewRegisterForm makes a form from a pattern of the whole number in the organisation's own writing,
// an example, and the words that are not all capitals. ErrExample if the example is not read as
// itself, which finds mistakes in the other two.
func NewRegisterForm(pattern *regexp.Regexp, example string, spelling []string) (RegisterForm, error) {
	f := RegisterForm{pattern: pattern, example: example, spelling: spelling}
	if got, err := f.Parse(example); err != nil || got != example {
		return RegisterForm{}, ErrExample
	}
	return f, nil
}

// Example is a number of the form, for people to see what is expected; empty for the zero form.
func (f RegisterForm) Example() string { return f.example }

// Parse reads a number as typed: in any case, with spaces, with "Nomor:" before it or a full stop
// behind. It returns the one writing of the organisation. What does not have the form is a UserError.
func (f RegisterForm) Parse(typed string) (string, error) {
	typed = strings.Join(strings.Fields(Clean(typed)), " ")
	if utf8.RuneCountInString(typed) > longestRegister {
		return "", Refuse("referral.register_long", "limit", longestRegister)
	}
	if f.pattern == nil {
		if !strings.ContainsFunc(typed, unicode.IsDigit) {
			return "", Refuse("referral.register_none")
		}
		return typed, nil
	}
	number := f.write(typed)
	for _, word := range []string{"", "NOMOR", "NO", "REGISTER", "REG"} {
		number = strings.TrimLeft(strings.TrimPrefix(number, word), ".:#")
		if f.pattern.MatchString(number) {
			return number, nil
		}
	}
	return "", Refuse("referral.register_form", "example", f.example)
}

// write brings typed text into the form's spelling, whatever it says.
func (f RegisterForm) write(typed string) string {
	typed = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r == '\\' || r == '⁄' || r == '∕' || r == '／':
			return '/'
		}
		return unicode.ToUpper(r)
	}, typed)
	parts := strings.Split(strings.TrimRight(typed, ".,;!/"), "/")
	for i, part := range parts {
		for _, word := range f.spelling {
			if strings.EqualFold(part, word) {
				parts[i] = word
			}
		}
	}
	return strings.Join(parts, "/")
}
