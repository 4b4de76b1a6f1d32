// The client of openapi-generator as an adapter.
package main

import (
	"callagent/generators/generated/openapigenerator"
	"callagent/generators/judge"
)

func main() { judge.Run[openapigenerator.UpdateAgent, openapigenerator.Agent]() }
