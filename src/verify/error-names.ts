import type { Language } from "../shared/json.ts";
import type { Contract } from "./contract.ts";

/** Built-in classes that Python's own errors derive from, where skills commonly meet them. */
const pythonBases: Readonly<Record<string, readonly string[]>> = {
  JSONDecodeError: ["ValueError"],
  UnicodeDecodeError: ["UnicodeError", "ValueError"],
  UnicodeEncodeError: ["UnicodeError", "ValueError"],
  UnicodeError: ["ValueError"],
  KeyError: ["LookupError"],
  IndexError: ["LookupError"],
  ZeroDivisionError: ["ArithmeticError"],
  OverflowError: ["ArithmeticError"],
  FileNotFoundError: ["OSError"],
  FileExistsError: ["OSError"],
  PermissionError: ["OSError"],
  IsADirectoryError: ["OSError"],
  NotADirectoryError: ["OSError"],
  TimeoutError: ["OSError"],
  RecursionError: ["RuntimeError"],
  NotImplementedError: ["RuntimeError"],
  ModuleNotFoundError: ["ImportError"],
};

/**
 * True when a skill that keeps the contract can raise this type: it is declared, or a declared one
 * derives from it. The roots of all errors count only when declared, since any crash satisfies them.
 */
export function isDeclaredError(errorType: string, contract: Contract): boolean {
  return contract.errors.some(
    ({ type }) =>
      type === errorType ||
      (contract.language === "python" && isSameOrBuiltinBase(errorType, type)),
  );
}

/** True for the type itself and for a built-in class that a built-in type derives from. */
export function isSameOrBuiltinBase(base: string, errorType: string): boolean {
  const bases = Object.hasOwn(pythonBases, errorType) ? pythonBases[errorType] : undefined;
  return base === errorType || bases?.includes(base) === true;
}

const rootErrors: Readonly<Record<Language, readonly string[]>> = {
  python: ["BaseException", "Exception"],
  typescript: ["Error"],
};

/** True for a class from which every error derives, so that a crash would pass for it too. */
export function isRootError(errorType: string, language: Language): boolean {
  return rootErrors[language].includes(errorType);
}
