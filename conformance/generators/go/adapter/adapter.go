// Package adapter answers the cases of conformance/PROTOCOL.md with generated types: a document is valid if encoding/json
// decodes it into its type.
package adapter

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"
)

type testCase struct {
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

// Run answers cases until standard input ends.
func Run[Update, Agent any]() {
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var request testCase
		if err := json.Unmarshal(line, &request); err != nil {
			log.Fatal(err)
		}
		response := answer{Skip: "only strict checks of values are supported"}
		if request.Kind == "values" && request.Tolerant == nil {
			if request.As == "update" {
				response = check[Update](request.Text)
			} else {
				response = check[Agent](request.Text)
			}
		}
		response.ID = request.ID
		encoded, err := json.Marshal(response)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(encoded))
	}
}

func check[Document any](text string) answer {
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
