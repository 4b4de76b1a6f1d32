// Package judge answers the cases of conformance/PROTOCOL.md by the types that a generator wrote: a document is valid if
// encoding/json reads it into its type.
package judge

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
)

type question struct {
	ID       string
	Kind     string
	As       string
	Text     string
	Tolerant *bool
}

type answer struct {
	ID     string `json:"id"`
	Skip   string `json:"skip,omitempty"`
	Error  string `json:"error,omitempty"`
	Valid  *bool  `json:"valid,omitempty"`
	Output string `json:"output,omitempty"`
}

// Run answers until there are no more cases.
func Run[Update, Agent any]() {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var asked question
		if err := json.Unmarshal(line, &asked); err != nil {
			log.Fatal(err)
		}
		said := answer{Skip: "it judges values, and strictly"}
		if asked.Kind == "values" && asked.Tolerant == nil {
			if asked.As == "update" {
				said = judge[Update](asked.Text)
			} else {
				said = judge[Agent](asked.Text)
			}
		}
		said.ID = asked.ID
		written, err := json.Marshal(said)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(written))
	}
}

func judge[Document any](text string) answer {
	var document Document
	valid := json.Unmarshal([]byte(text), &document) == nil
	if !valid {
		return answer{Valid: &valid}
	}
	output, err := json.Marshal(document)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Valid: &valid, Output: string(output)}
}
