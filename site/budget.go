package site

import "strings"

// maxCost is what parsing the text of one page may cost by the estimate of cost:
// about a fifth of a second. What is over is shown as it was typed.
const maxCost = 200_000_000

// maxEvents is how many events of a timeline are set one by one. It is far more than
// people write down; an event takes thirty times the bytes that it has in the note.
const maxEvents = 5000

// maxNesting is how deep quotes and lists may stand in each other.
const maxNesting = 64

// cost estimates in nanoseconds what parsing a text may take where that grows
// faster than the text: brackets and emphasis are matched within a block of lines
// without a blank one, a table has every cell of its widest row in every row, every
// line is tried against all open quotes and lists, and every bracket may stand for
// the longest address that is defined somewhere. An estimate and no clock,
// because the same text must give the same page everywhere.
func cost(source string) int {
	var total, block, word int
	var t tally
	for line := range strings.Lines(source + "\n\n") {
		if strings.Trim(line, " \t\r\n") != "" {
			t.add(line)
			continue
		}
		total += t.cost()
		if t.defines {
			block, word = max(block, t.size), max(word, t.word)
		}
		t = tally{}
	}
	return total + strings.Count(source, "[")*(block/8+50*word)
}

// tally counts what is expensive in one block.
type tally struct {
	brackets, delimiters int
	lines, cells         int
	ruled                bool // there is a line that may make the block a table
	deep                 bool

	defines    bool // there may be an address that brackets elsewhere stand for
	size, word int  // bytes of the block, and of its longest word
}

func (t *tally) add(line string) {
	t.lines++
	t.brackets += strings.Count(line, "[")
	for i := range len(line) {
		if strings.IndexByte("*_~", line[i]) >= 0 && (i == 0 || line[i-1] != line[i]) {
			t.delimiters++
		}
	}
	t.cells = max(t.cells, 1+strings.Count(line, "|"))
	t.ruled = t.ruled || strings.Trim(line, " \t\r\n|:->") == "" && strings.Contains(line, "-")
	t.deep = t.deep || nesting(line) > maxNesting
	t.defines = t.defines || strings.Contains(line, "]:")
	t.size += len(line)
	for w := range strings.FieldsSeq(line) {
		t.word = max(t.word, len(w))
	}
}

func (t *tally) cost() int {
	if t.deep {
		return maxCost + 1
	}
	n := 3*t.brackets*(t.brackets+t.delimiters) + t.delimiters*t.delimiters/4
	if t.ruled {
		n += 1500 * t.lines * t.cells
	}
	return n
}

// nesting is how many quotes and list items a line may open or continue.
func nesting(line string) int {
	markers, indent := 0, 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '>':
			markers++
		case c == ' ':
			indent++
		case c == '\t':
			indent += 4
		case strings.IndexByte("-+*.)", c) >= 0 && (i+1 == len(line) || strings.IndexByte(" \t\r\n", line[i+1]) >= 0):
			markers++
		case c < '0' || c > '9':
			return depth(markers, indent)
		}
	}
	return depth(markers, indent)
}

// depth counts indentation only before a marker: alone it opens nothing.
func depth(markers, indent int) int {
	if markers == 0 {
		return 0
	}
	return markers + indent/2
}
