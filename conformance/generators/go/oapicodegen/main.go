// The types of oapi-codegen as an adapter.
package main

import (
	"callagent/generators/generated/oapicodegen"
	"callagent/generators/judge"
)

func main() { judge.Run[oapicodegen.UpdateAgent, oapicodegen.Agent]() }
