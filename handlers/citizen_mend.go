package handlers

import (
	"regexp"
	"strings"

	"awassiber/bot"
)

// offerMending asks which answer of a report to change. Only what was given can be: the rest is asked for
// anyway. The old answer stands until there is another. Who gave a name can take it back, and who did not can
// give it.
func (v *visit) offerMending(t bot.Tip) error {
	details, err := v.tx.Details(t.ID)
	if ignoreMissing(err) != nil {
		return err
	}
	var list []choice
	for _, q := range reportSteps() {
		key := "report.mend_" + q
		if q == askIdentity {
			if !t.Report.Told && t.Answers.Confidentiality != bot.Anonymous {
				continue
			}
		} else if v.lacks(t, details, q) || !t.Report.Told && (q == askName || q == askHome) {
			continue
		}
		list = append(list, choice{v.Text.Text(key), q})
	}
	return v.offer(t, askMend, bot.Message{Person: t.Reporter, Case: t.Case, Text: v.Text.Text("report.which")}, list, "report.later")
}

// isIdentityNumber reports whether a text holds a NIK, which has sixteen digits, often written in groups, and
// no business in a chat. The numbers in a link are none.
func isIdentityNumber(text string, links []string) bool {
	for _, l := range links {
		text = strings.ReplaceAll(text, l, " ")
	}
	return regexp.MustCompile(`(^|\D)(\d{6}[ .-]?\d{6}[ .-]?\d{4}|\d{4}([ .-]\d{4}){3}|\d{2}([ .-]\d{2}){2}[ .-]\d{6}[ .-]\d{4})(\D|$)`).MatchString(text)
}
