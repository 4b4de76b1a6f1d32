// An adapter of the committed schemas: santhosh-tekuri/jsonschema, with the places of violations.
//
//	adapter SCHEMAS
//
// It judges JSON values, so it skips what only text has, and it knows no tolerance.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

type question struct {
	ID       string
	Kind     string
	As       string
	Text     string
	Tolerant *bool
}

type violation struct {
	Pointer string `json:"pointer"`
}

type answer struct {
	ID         string      `json:"id"`
	Skip       string      `json:"skip,omitempty"`
	Valid      *bool       `json:"valid,omitempty"`
	Violations []violation `json:"violations,omitempty"`
}

func main() {
	folder := os.Args[1]
	schemas := map[string]*jsonschema.Schema{
		"update": compile(filepath.Join(folder, "update-agent.schema.json")),
		"agent":  compile(filepath.Join(folder, "agent.schema.json")),
	}
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
		said, err := json.Marshal(judge(schemas, asked))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(said))
	}
}

func compile(path string) *jsonschema.Schema {
	schema, err := jsonschema.NewCompiler().Compile(path)
	if err != nil {
		log.Fatal(err)
	}
	return schema
}

func judge(schemas map[string]*jsonschema.Schema, asked question) answer {
	if asked.Kind != "values" || asked.Tolerant != nil {
		return answer{ID: asked.ID, Skip: "a schema judges values, and strictly"}
	}
	// Numbers become doubles, as the contract reads them.
	var value any
	if err := json.Unmarshal([]byte(asked.Text), &value); err != nil {
		log.Fatal(err)
	}
	var pointers []string
	if err := schemas[asked.As].Validate(value); err != nil {
		var invalid *jsonschema.ValidationError
		if !errors.As(err, &invalid) {
			log.Fatal(err)
		}
		pointers = places(invalid, nil)
	}
	slices.Sort(pointers)
	valid := len(pointers) == 0
	said := answer{ID: asked.ID, Valid: &valid}
	for _, pointer := range slices.Compact(pointers) {
		said.Violations = append(said.Violations, violation{pointer})
	}
	return said
}

// places adds the pointers of an error, which has either causes or a keyword that was broken.
func places(err *jsonschema.ValidationError, found []string) []string {
	for _, cause := range err.Causes {
		found = places(cause, found)
	}
	if len(err.Causes) > 0 {
		return found
	}
	at := err.InstanceLocation
	switch broken := err.ErrorKind.(type) {
	case *kind.Required:
		return append(found, children(at, broken.Missing)...)
	case *kind.AdditionalProperties:
		return append(found, children(at, broken.Properties)...)
	default:
		return append(found, pointer(at))
	}
}

func children(at, names []string) []string {
	var pointers []string
	for _, name := range names {
		pointers = append(pointers, pointer(append(slices.Clone(at), name)))
	}
	return pointers
}

func pointer(steps []string) string {
	var out strings.Builder
	for _, step := range steps {
		out.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(step))
	}
	return out.String()
}
