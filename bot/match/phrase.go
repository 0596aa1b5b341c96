package match

// phrases is a trie of sequences of normalised words.
type phrases struct {
	next map[string]*phrases
	end  bool
}

// readPhrases reads a list whose lines are phrases as people write them.
func (n *Normaliser) readPhrases(name string, backwards bool) (*phrases, error) {
	lines, err := readList(name)
	if err != nil {
		return nil, err
	}
	root := &phrases{}
	for _, line := range lines {
		words := n.tokens(clean(line))
		at := root
		for i := range words {
			w := words[i]
			if backwards {
				w = words[len(words)-1-i]
			}
			if at.next == nil {
				at.next = map[string]*phrases{}
			}
			if at.next[w] == nil {
				at.next[w] = &phrases{}
			}
			at = at.next[w]
		}
		at.end = true
	}
	return root, nil
}

// head returns how many words at the beginning of words are the longest phrase that begins there.
func (p *phrases) head(words []string) int {
	longest := 0
	for i := 0; i < len(words) && p.next != nil; i++ {
		if p = p.next[words[i]]; p == nil {
			break
		}
		if p.end {
			longest = i + 1
		}
	}
	return longest
}

// tail is head from the end.
func (p *phrases) tail(words []string) int {
	longest := 0
	for i := 0; i < len(words) && p.next != nil; i++ {
		if p = p.next[words[len(words)-1-i]]; p == nil {
			break
		}
		if p.end {
			longest = i + 1
		}
	}
	return longest
}
