/** Names that CPython 3.14 gives every module. */
export const pythonBuiltins: ReadonlySet<string> = new Set(
  `abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile
  complex copyright credits delattr dict dir divmod enumerate eval exec exit filter float format
  frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len license
  list locals map max memoryview min next object oct open ord pow print property quit range repr
  reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip
  __import__ __build_class__ __loader__ __spec__ __debug__
  ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError
  BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError
  ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning
  EnvironmentError Exception ExceptionGroup False FileExistsError FileNotFoundError
  FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError
  IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError
  ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError OSError
  OverflowError PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError
  RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration
  StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True TypeError
  UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError
  UnicodeWarning UserWarning ValueError Warning ZeroDivisionError`.split(/\s+/),
);

/** Attributes that lead from any value to its class, its frames, its module's names. */
export const introspectionAttributes: ReadonlySet<string> = new Set([
  "__base__",
  "__bases__",
  "__builtins__",
  "__class__",
  "__closure__",
  "__code__",
  "__getattribute__",
  "__globals__",
  "__loader__",
  "__mro__",
  "__spec__",
  "__subclasses__",
  "ag_frame",
  "cr_frame",
  "f_back",
  "f_builtins",
  "f_globals",
  "f_locals",
  "gi_frame",
  "mro",
  "tb_frame",
]);

/** Modules that other modules carry as an attribute: `shutil.os` and `random._os` are `os`. */
const carriedModules: ReadonlySet<string> = new Set([
  "builtins",
  "ctypes",
  "importlib",
  "io",
  "os",
  "pathlib",
  "posix",
  "shutil",
  "socket",
  "subprocess",
  "sys",
]);

/** Submodules of their own that merely share such a name. */
const ownSubmodules: ReadonlySet<string> = new Set(["asyncio.subprocess"]);

/** `os` + `system` is `os.system`; `shutil` + `os` is `os`. */
export function attributeName(owner: string, attribute: string): string {
  const joined = `${owner}.${attribute}`;
  const bare = attribute.replace(/^_+/, "");
  if (owner.includes("()") || ownSubmodules.has(joined)) return joined;
  return carriedModules.has(bare) ? bare : joined;
}
