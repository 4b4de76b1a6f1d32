// An application that uses the package, as Vite builds it.
import { check } from "callagent";

document.title = check('{"llmModel":"gpt-5","name":7}').violations[0].message;
