package main

// slips is how many slips of the fingers lie between two words: a letter too
// many, one missing, one for another, or two swapped (optimal string alignment).
func slips(a, b string) int {
	s, t := []rune(a), []rune(b)
	d := make([][]int, len(s)+1)
	for i := range d {
		d[i] = make([]int, len(t)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(s); i++ {
		for j := 1; j <= len(t); j++ {
			other := 1
			if s[i-1] == t[j-1] {
				other = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+other)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(s)][len(t)]
}

// shortWord is where a second slip makes another word.
const shortWord = 5

// closest is the one of names that typed is a slip of, or "".
func closest(names []string, typed string) string {
	limit := 1
	if len(typed) > shortWord {
		limit = 2
	}
	best := ""
	for _, n := range names {
		if d := slips(n, typed); len(n) > 1 && d <= limit && (best == "" || d < slips(best, typed)) {
			best = n
		}
	}
	return best
}
