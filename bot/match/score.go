package match

// grams is a set of letter triples of words, padded as PostgreSQL's pg_trgm pads them: two spaces
// before a word, one after it. Marks are compared by a generation number, so that clearing costs
// nothing; triples are told apart by 15 bits of a hash.
type grams struct {
	mark [1 << gramBits]uint32
	now  uint32
	n    int
}

const gramBits = 15

func (g *grams) clear() {
	g.now++
	g.n = 0
	if g.now == 0 {
		g.mark = [1 << gramBits]uint32{}
		g.now = 1
	}
}

func gram(t uint32) uint32 { return (t & 0xffffff) * 0x9e3779b1 >> (32 - gramBits) }

// add puts the triples of a word into the set. It returns how many of the new ones are in other.
func (g *grams) add(w []byte, other *grams) int {
	t := uint32(' ')<<8 | ' '
	both := 0
	for i := range len(w) + 1 {
		c := byte(' ')
		if i < len(w) {
			c = w[i]
		}
		t = t<<8 | uint32(c)
		h := gram(t)
		if g.mark[h] == g.now {
			continue
		}
		g.mark[h] = g.now
		g.n++
		if other != nil && other.mark[h] == other.now {
			both++
		}
	}
	return both
}

// similarity combines what two sets share of what both hold (which keeps common phrases from
// winning) with what they share of the smaller (which finds texts that were cut or wrapped).
func similarity(both, a, b int) float64 {
	if both == 0 {
		return 0
	}
	jaccard := float64(both) / float64(a+b-both)
	contained := float64(both) / float64(min(a, b))
	return jaccardShare*jaccard + (1-jaccardShare)*contained*contained
}

const jaccardShare = 0.8
