// Print jobsetgen/re2/unicode.json: what Go's regexp takes for the classes of \p{...}, and which letters it folds.
//
// The names are those that the file has already; a newer Go may know more, which are then to be added by hand.
//
// Run: go run scripts/unicode_tables/main.go > unicode.json && mv unicode.json jobsetgen/re2/
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp/syntax"
	"sort"
	"strings"
	"unicode"
)

type tables struct {
	Unicode string            `json:"unicode"`
	Classes map[string]string `json:"classes"`
	Aliases map[string]string `json:"aliases"`
	Orbits  []string          `json:"orbits"`
}

func main() {
	var before tables
	content, err := os.ReadFile("jobsetgen/re2/unicode.json")
	if err == nil {
		err = json.Unmarshal(content, &before)
	}
	if err != nil {
		panic(err)
	}
	after := tables{unicode.Version, map[string]string{}, map[string]string{}, orbits()}
	first := map[string]string{}
	for _, name := range names(before) {
		ranges := rangesOf(name)
		if same, there := first[ranges]; there {
			after.Aliases[name] = same
		} else {
			first[ranges] = name
			after.Classes[name] = ranges
		}
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	if err := out.Encode(after); err != nil {
		panic(err)
	}
}

// names returns the names of all classes, the shorter ones first, so that they are the ones with ranges.
func names(before tables) []string {
	found := []string{}
	for name := range before.Classes {
		found = append(found, name)
	}
	for name := range before.Aliases {
		found = append(found, name)
	}
	sort.Slice(found, func(i, j int) bool {
		if len(found[i]) != len(found[j]) {
			return len(found[i]) < len(found[j])
		}
		return found[i] < found[j]
	})
	return found
}

// rangesOf returns the ends of a class's ranges in hexadecimal, each as the distance from the one before it.
func rangesOf(name string) string {
	parsed, err := syntax.Parse(`\p{`+name+`}`, syntax.Perl)
	if err != nil {
		panic(err)
	}
	runes := parsed.Rune
	switch parsed.Op {
	case syntax.OpLiteral:
		runes = []rune{runes[0], runes[0]}
	case syntax.OpAnyChar:
		runes = []rune{0, unicode.MaxRune}
	}
	words, last := []string{}, rune(0)
	for _, each := range runes {
		words = append(words, fmt.Sprintf("%x", each-last))
		last = each
	}
	return strings.Join(words, " ")
}

// orbits returns the sets of characters that fold into each other, in hexadecimal.
func orbits() []string {
	found := []string{}
	for first := rune(0); first <= unicode.MaxRune; first++ {
		words, smallest := []string{fmt.Sprintf("%x", first)}, true
		for each := unicode.SimpleFold(first); each != first; each = unicode.SimpleFold(each) {
			words = append(words, fmt.Sprintf("%x", each))
			smallest = smallest && each > first
		}
		if smallest && len(words) > 1 {
			found = append(found, strings.Join(words, " "))
		}
	}
	return found
}
