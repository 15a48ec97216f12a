// Tell where Go's regexp finds patterns: reads {"texts": [...], "patterns": {"<pattern>": ...}} from standard input, and
// prints it with a 1 or a 0 for each text behind each pattern; - alone where the pattern does not compile.
package main

import (
	"encoding/json"
	"os"
	"regexp"
)

type table struct {
	Texts    []string          `json:"texts"`
	Patterns map[string]string `json:"patterns"`
}

func main() {
	var found table
	if err := json.NewDecoder(os.Stdin).Decode(&found); err != nil {
		panic(err)
	}
	for pattern := range found.Patterns {
		marks := "-"
		if compiled, err := regexp.Compile(pattern); err == nil {
			marks = ""
			for _, text := range found.Texts {
				if compiled.MatchString(text) {
					marks += "1"
				} else {
					marks += "0"
				}
			}
		}
		found.Patterns[pattern] = marks
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	if err := out.Encode(found); err != nil {
		panic(err)
	}
}
