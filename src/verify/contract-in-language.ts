import type { Language } from "../shared/json.ts";
import type { Contract } from "./contract.ts";
import { entryProblem, parameterNameProblem } from "./contract-parts.ts";

const freeEntry = "the_skill";

/** Classes that a program of the language need not define; others are its own. */
const builtInErrors: Readonly<Record<Language, string>> = {
  python:
    "BaseException Exception ArithmeticError AssertionError AttributeError BufferError EOFError FileExistsError FileNotFoundError FloatingPointError ImportError IndexError IsADirectoryError KeyError LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError OverflowError PermissionError RecursionError ReferenceError RuntimeError StopIteration SyntaxError TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError ValueError ZeroDivisionError",
  typescript:
    "AggregateError Error EvalError RangeError ReferenceError SyntaxError TypeError URIError",
};

export function otherLanguage(language: Language): Language {
  return language === "python" ? "typescript" : "python";
}

/**
 * The same promise for a program of another language: schemas and errors stay, names that the language
 * reserves are changed. Arguments go by position, so no caller sees the difference.
 */
export function contractIn(contract: Contract, language: Language): Contract {
  const { entry, parameters } = contract;
  const isFree = (name: string) => parameterNameProblem([name], language) === undefined;
  return {
    ...contract,
    language,
    entry: entryProblem(entry, language) === undefined ? entry : freeEntry,
    parameters: parameters.map((parameter) =>
      isFree(parameter.name) ? parameter : { ...parameter, name: `${parameter.name}_` },
    ),
  };
}

/** Errors of the contract for which its language has no class of its own. */
export function ownErrors({ errors, language }: Contract): readonly string[] {
  const known = new Set(builtInErrors[language].split(" "));
  return errors.map(({ type }) => type).filter((type) => !known.has(type));
}
