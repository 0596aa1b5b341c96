package bot

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

func bawasluForm(t testing.TB) RegisterForm {
	t.Helper()
	pattern := regexp.MustCompile(`^(?:\d{1,4}/(Reg/)?(LP|TM)/(PP|PL|PG|PB|PW)/(RI|Prov|Kab|Kota)/\d{2}\.\d{2}/(I|II|III|IV|V|VI|VII|VIII|IX|X|XI|XII)/20\d{2})$`)
	f, err := NewRegisterForm(pattern, "003/LP/PB/Kab/06.08/XII/2024", []string{"Prov", "Kab", "Kota", "Reg"})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRegisterNumbers(t *testing.T) {
	f := bawasluForm(t)
	for typed, want := range map[string]string{
		"003/LP/PB/Kab/06.08/XII/2024":            "003/LP/PB/Kab/06.08/XII/2024",
		"005/LP/PP/Prov/05.00/III/2024":           "005/LP/PP/Prov/05.00/III/2024",
		"001/TM/PW/KOTA/05.10/x/2024":             "001/TM/PW/Kota/05.10/X/2024",
		" 003 / lp / pb / kab / 06.08 / xii/2024": "003/LP/PB/Kab/06.08/XII/2024",
		"Nomor: 003/LP/PB/Kab/06.08/XII/2024.":    "003/LP/PB/Kab/06.08/XII/2024",
		"No. Reg: 003/LP/PB/Kab/06.08/XII/2024":   "003/LP/PB/Kab/06.08/XII/2024",
		"003\\LP\\PB\\Kab\\06.08\\XII\\2024":      "003/LP/PB/Kab/06.08/XII/2024",
		"01/reg/lp/pg/ri/00.00/ix/2024":           "01/Reg/LP/PG/RI/00.00/IX/2024",
		"003/LP/PB/Kab/06.08/XII/2024\n":          "003/LP/PB/Kab/06.08/XII/2024",
		"003/LP/PB/K\u202eab/06.08/XII/2024":      "003/LP/PB/Kab/06.08/XII/2024",
	} {
		if got, err := f.Parse(typed); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", typed, got, err, want)
		}
	}
	for typed, key := range map[string]string{
		"":                                   "referral.register_form",
		"003":                                "referral.register_form",
		"JBI-26-00173-K":                     "referral.register_form", // our own ticket is none
		"003/LP/PB/Kab/0608/XII/2024":        "referral.register_form",
		"003/LP/PB/Kab/06.08/XIII/2024":      "referral.register_form",
		"003/LP/PX/Kab/06.08/XII/2024":       "referral.register_form",
		"003/LP/PB/Kabupaten/06.08/XII/2024": "referral.register_form",
		"003/LP/PB/Kab/06.08/XII/24":         "referral.register_form",
		"003-LP-PB-Kab-06.08-XII-2024":       "referral.register_form",
		"003/LP/PB/Kab/06.08/XII/2024 dan 004/LP/PB/Kab/06.08/XII/2024": "referral.register_form",
		strings.Repeat("0", 81): "referral.register_long",
	} {
		got, err := f.Parse(typed)
		var u *UserError
		if !errors.As(err, &u) || u.Key != key || got != "" {
			t.Errorf("%q: %q, %v; want %s", typed, got, err, key)
		}
	}
}

func TestRegisterOfUnknownForm(t *testing.T) {
	var f RegisterForm
	if got, err := f.Parse("  LP/B/12/XI/2026 \n SPKT "); err != nil || got != "LP/B/12/XI/2026 SPKT" {
		t.Errorf("got %q, %v", got, err)
	}
	for _, typed := range []string{"", "belum ada", "\x02\x03"} {
		if got, err := f.Parse(typed); err == nil {
			t.Errorf("%q gave %q", typed, got)
		}
	}
	if f.Example() != "" {
		t.Error("the zero form has an example")
	}
}

func TestRegisterExampleMustFit(t *testing.T) {
	for _, example := range []string{"", "3/lp", "NO 3/LP"} {
		if _, err := NewRegisterForm(regexp.MustCompile(`^\d/LP$`), example, nil); !errors.Is(err, ErrExample) {
			t.Errorf("%q: %v", example, err)
		}
	}
}

// Whatever is typed: what comes back is a number of the form, and is read as itself.
func FuzzRegister(f *testing.F) {
	form := bawasluForm(f)
	for _, s := range []string{"003/LP/PB/Kab/06.08/XII/2024", "No. reg 3", "///", "ſ/İ/ß"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := form.Parse(typed)
		if err != nil {
			return
		}
		if again, err := form.Parse(got); err != nil || again != got {
			t.Errorf("%q gave %q, and that %q, %v", typed, got, again, err)
		}
	})
}
