package match

import (
	"slices"
	"strings"
)

// maxLinks bounds the links of one text.
const maxLinks = 16

// Links returns the canonical web addresses in a text, in order, each once, at most 16.
func Links(text string) []string {
	_, links := takeLinks(cut(text))
	return links
}

// takeLinks returns the text with a space for every web address in it, and their canonical forms. A
// bare domain counts if a path follows, or if it ends in one of the endings nobody writes by
// forgetting the space after a full stop.
func takeLinks(text string) (string, []string) {
	if !strings.Contains(text, ".") {
		return text, nil
	}
	var (
		links []string
		b     strings.Builder
		from  int // what is not yet written begins here
	)
	for start := 0; start < len(text); {
		end := start
		for end < len(text) && !boundary(text[end]) {
			end++
		}
		if at, link := linkIn(text[start:end]); link != "" {
			b.WriteString(text[from : start+at])
			b.WriteByte(' ')
			from = end
			if len(links) < maxLinks && !slices.Contains(links, link) {
				links = append(links, link)
			}
		}
		start = end + 1
	}
	if from == 0 && b.Len() == 0 {
		return text, nil
	}
	b.WriteString(text[from:])
	return b.String(), links
}

// boundary reports whether c ends an address in running text.
func boundary(c byte) bool {
	switch c {
	case ' ', '\n', '\t', '\r', '<', '>', '"', '(', ')', '[', ']', '{', '}', '|', ',':
		return true
	}
	return c < ' '
}

// linkIn finds the web address in a word: where it begins, and its canonical form.
func linkIn(word string) (int, string) {
	if len(word) < 4 || !strings.Contains(word, ".") {
		return 0, ""
	}
	if at := indexFold(word, "http"); at >= 0 {
		if link, ok := CanonicalURL(word[at:]); ok {
			return at, link
		}
		return 0, ""
	}
	at := strings.IndexFunc(word, func(r rune) bool { return r < 0x80 && (isLetter(byte(r)|0x20) || isDigit(byte(r))) })
	if at < 0 || !domain(word[at:]) {
		return 0, ""
	}
	link, ok := CanonicalURL(word[at:])
	if !ok {
		return 0, ""
	}
	return at, link
}

// domain reports whether a word without a scheme begins with a domain name.
func domain(word string) bool {
	end := strings.IndexAny(word, "/?#:")
	host := word
	if end >= 0 {
		host = word[:end]
	}
	host = strings.ToLower(strings.TrimRight(host, ".,;!*_~'"))
	dot := strings.LastIndexByte(host, '.')
	if dot <= 0 || strings.Contains(host, "..") || strings.ContainsFunc(host, func(r rune) bool {
		return r != '.' && r != '-' && (r >= 0x80 || !isLetter(byte(r)) && !isDigit(byte(r)))
	}) {
		return false
	}
	switch tld := host[dot+1:]; tld {
	case "com", "net", "org", "id", "ly", "xyz", "gle", "gov", "edu":
		return true
	case "info", "me", "co", "be", "gg", "link", "site", "online", "shop", "top", "club", "app", "page", "live", "tv", "io", "to", "cc", "vip", "win", "click",
		"my", "sg", "watch", "news", "store", "life", "pro", "blog", "am", "us", "uk", "biz", "dev", "fun", "icu", "ink", "space", "website", "tk", "ml", "ga", "gd":
		return end >= 0 && word[end] == '/' && len(word) > end+1 || strings.HasPrefix(host, "www.")
	}
	return false
}

func indexFold(s, low string) int {
	for i := 0; i+len(low) <= len(s); i++ {
		if s[i]|0x20 == low[0] && strings.EqualFold(s[i:i+len(low)], low) {
			return i
		}
	}
	return -1
}

// telling reports whether a canonical link leads to one thing rather than to a site's front page.
func telling(link string) bool {
	_, p, ok := strings.Cut(link, "/")
	return ok && len(p) >= 3
}
