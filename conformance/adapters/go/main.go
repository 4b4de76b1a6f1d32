// The adapter for the committed schemas with santhosh-tekuri/jsonschema. It reports the pointers of violations.
//
//	adapter SCHEMAS
//
// It checks JSON values, so it skips cases about text, and all cases with a tolerance.
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

type testCase struct {
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
		var request testCase
		if err := json.Unmarshal(line, &request); err != nil {
			log.Fatal(err)
		}
		response, err := json.Marshal(check(schemas, request))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(response))
	}
}

func compile(path string) *jsonschema.Schema {
	schema, err := jsonschema.NewCompiler().Compile(path)
	if err != nil {
		log.Fatal(err)
	}
	return schema
}

func check(schemas map[string]*jsonschema.Schema, request testCase) answer {
	if request.Kind != "values" || request.Tolerant != nil {
		return answer{ID: request.ID, Skip: "only strict checks of values are supported"}
	}
	// Numbers become doubles, as the contract reads them.
	var value any
	if err := json.Unmarshal([]byte(request.Text), &value); err != nil {
		log.Fatal(err)
	}
	var pointers []string
	if err := schemas[request.As].Validate(value); err != nil {
		var invalid *jsonschema.ValidationError
		if !errors.As(err, &invalid) {
			log.Fatal(err)
		}
		pointers = appendPointers(nil, invalid)
	}
	slices.Sort(pointers)
	valid := len(pointers) == 0
	response := answer{ID: request.ID, Valid: &valid}
	for _, pointer := range slices.Compact(pointers) {
		response.Violations = append(response.Violations, violation{pointer})
	}
	return response
}

// appendPointers appends the pointers of an error, which has either causes or a failed keyword.
func appendPointers(found []string, err *jsonschema.ValidationError) []string {
	for _, cause := range err.Causes {
		found = appendPointers(found, cause)
	}
	if len(err.Causes) > 0 {
		return found
	}
	at := err.InstanceLocation
	switch failed := err.ErrorKind.(type) {
	case *kind.Required:
		return append(found, children(at, failed.Missing)...)
	case *kind.AdditionalProperties:
		return append(found, children(at, failed.Properties)...)
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
