package catalog

import (
	"strings"

	"awassiber/bot"
	"awassiber/bot/match"
)

// Bounds of what is read of one tip and one case: what repeats is short, and a viral hoax must not fill the
// index with its copies.
const (
	mostItems    = 20 // of a tip
	mostVariants = 20 // tips of a case that are indexed: the first and those after it
)

// documents are what a tip consists of, one for each message that says or shows something. A comment of a few
// words that comes with more is no document of its own: "cek dulu, min" is in every second tip.
func (c *Catalog) documents(items []bot.Item) []match.Doc {
	var all, telling []match.Doc
	for _, it := range items[:min(len(items), mostItems)] {
		d := match.Doc{Text: it.Text, Links: it.Links}
		for _, f := range it.Files {
			d.Keys = append(d.Keys, keys(f)...)
		}
		for _, f := range it.Files { // what a machine read in it
			if len(c.norm.Words(f.Text)) >= match.MinWords {
				telling = append(telling, match.Doc{Text: f.Text})
			}
		}
		words := len(c.norm.Words(d.Text))
		if words == 0 && len(d.Keys) == 0 && len(d.Links) == 0 && len(match.Links(d.Text)) == 0 {
			continue
		}
		all = append(all, d)
		if words >= match.MinWords || len(d.Keys) > 0 || len(d.Links) > 0 || len(match.Links(d.Text)) > 0 {
			telling = append(telling, d)
		}
	}
	if len(telling) > 0 {
		return telling
	}
	if len(all) > 1 { // several short messages are one text
		var texts []string
		for _, d := range all {
			texts = append(texts, d.Text)
		}
		return []match.Doc{{Text: strings.Join(texts, "\n")}}
	}
	return all
}

// keys name a file exactly: by the network's own hash, which is known before a byte of it is here, and by its
// content once it is.
func keys(f bot.Attachment) (out []string) {
	if f.Unique != "" {
		out = append(out, string(f.Network)+":"+f.Unique)
	}
	if f.SHA256 != "" {
		out = append(out, "sha256:"+f.SHA256)
	}
	return out
}
