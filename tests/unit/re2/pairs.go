// Tell whether Go's regexp finds a pattern in a text: reads lines of a pattern and a text, each in base64, with a comma
// between them, and prints 1, 0, or - where the pattern does not compile. A text is bytes, which need not be UTF-8.
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"regexp"
	"strings"
)

func decoded(text string) []byte {
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return content
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		pattern, text, _ := strings.Cut(lines.Text(), ",")
		compiled, err := regexp.Compile(string(decoded(pattern)))
		switch {
		case err != nil:
			fmt.Println("-")
		case compiled.Match(decoded(text)):
			fmt.Println("1")
		default:
			fmt.Println("0")
		}
	}
}
