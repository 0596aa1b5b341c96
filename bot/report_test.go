package bot_test

import (
	"slices"
	"testing"

	"awassiber/bot"
)

// TestElements: each of the seven is there for its own reason and no other.
func TestElements(t *testing.T) {
	whole := func() bot.Tip {
		return bot.Tip{
			Answers: bot.Answers{Region: "15.09", Happened: opened, Learned: opened},
			Report:  &bot.Report{Reported: "akun", Place: "TPS 1", Chronology: "awalnya", Witnesses: "dua orang", Evidence: true},
		}
	}
	if missing := whole().Missing(true); missing != nil || len(bot.Elements()) != 7 {
		t.Errorf("a whole report misses %v", missing)
	}
	if missing := (bot.Tip{}).Missing(false); !slices.Equal(missing, bot.Elements()) {
		t.Errorf("a tip without a report misses %v", missing)
	}
	if missing := (bot.Tip{Report: &bot.Report{Told: true}}).Missing(false); !slices.Equal(missing, bot.Elements()) {
		t.Errorf("one just begun misses %v", missing)
	}
	for _, tt := range []struct {
		take func(*bot.Tip)
		want bot.Element
	}{
		{func(t *bot.Tip) { t.Report.Reported = "" }, bot.ElementReported},
		{func(t *bot.Tip) { t.Answers.Happened = bot.Tip{}.Started }, bot.ElementTime},
		{func(t *bot.Tip) { t.Answers.Learned = bot.Tip{}.Started }, bot.ElementTime},
		{func(t *bot.Tip) { t.Answers.Region = "" }, bot.ElementPlace},
		{func(t *bot.Tip) { t.Report.Place = "" }, bot.ElementPlace},
		{func(t *bot.Tip) { t.Report.Chronology = "" }, bot.ElementChronology},
		{func(t *bot.Tip) { t.Report.Witnesses = "" }, bot.ElementWitnesses},
		{func(t *bot.Tip) { t.Report.Evidence = false }, bot.ElementEvidence},
	} {
		tip := whole()
		tt.take(&tip)
		if missing := tip.Missing(true); !slices.Equal(missing, []bot.Element{tt.want}) {
			t.Errorf("without %s, %v is missing", tt.want, missing)
		}
		if missing := tip.Missing(false); !slices.Equal(missing, []bot.Element{bot.ElementReporter, tt.want}) {
			t.Errorf("and without a name, %v is missing", missing)
		}
	}
	if whole().Has("age", true) {
		t.Error("an element there is not is there")
	}
}
