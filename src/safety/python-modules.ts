/** Python 3.14's `sys.stdlib_module_names`, private ones left out. */
const pythonModules: ReadonlySet<string> = new Set(
  `abc annotationlib antigravity argparse array ast asyncio atexit base64 bdb binascii bisect
  builtins bz2 cProfile calendar cmath cmd code codecs codeop collections colorsys compileall
  compression concurrent configparser contextlib contextvars copy copyreg csv ctypes curses
  dataclasses datetime dbm decimal difflib dis doctest email encodings ensurepip enum errno
  faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt
  getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib importlib
  inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox marshal math
  mimetypes mmap modulefinder msvcrt multiprocessing netrc nt ntpath nturl2path numbers opcode
  operator optparse os pathlib pdb pickle pickletools pkgutil platform plistlib poplib posix
  posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri
  random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex
  shutil signal site smtplib socket socketserver sqlite3 sre_compile sre_constants sre_parse ssl
  stat statistics string stringprep struct subprocess symtable sys sysconfig syslog tabnanny tarfile
  tempfile termios textwrap this threading time timeit tkinter token tokenize tomllib trace
  traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uuid venv
  warnings wave weakref webbrowser winreg winsound wsgiref xml xmlrpc zipapp zipfile zipimport zlib
  zoneinfo __future__ __main__ _thread js pyodide pyodide_js _pyodide _pyodide_core`.split(/\s+/),
);

/**
 * Modules of the standard library that a skill cannot use: those that the WebAssembly build of
 * CPython 3.14 leaves out (each import was tried), and those whose work needs processes or threads.
 */
const missingModules: Readonly<Record<string, string>> = {
  _thread: "there are no threads; do the work one after another",
  curses: "there is no terminal; return text",
  dbm: "keep the data in a dict or in a file of the work folder",
  ensurepip: "nothing can be installed; use the standard library",
  grp: "there are no users or groups",
  msvcrt: "it exists on Windows only",
  multiprocessing: "there are no further processes; do the work one after another",
  nt: "it exists on Windows only",
  pwd: "there are no users or groups",
  pydoc_data: "return the text itself",
  readline: "there is no terminal; take the input as an argument",
  resource: "limits are set from outside",
  syslog: "return what is to be told",
  tkinter: "there is no screen; return data",
  turtle: "there is no screen; return data",
  turtledemo: "there is no screen; return data",
  idlelib: "there is no screen; return data",
  venv: "nothing can be installed; use the standard library",
  winreg: "it exists on Windows only",
  winsound: "it exists on Windows only",
};

const network = "skills have no network: take the data as an argument and return the result";

/** What to use instead of well-known packages. */
const replacements: Readonly<Record<string, string>> = {
  aiohttp: network,
  boto3: network,
  flask: network,
  fastapi: network,
  django: network,
  grpc: network,
  httpx: network,
  paramiko: network,
  requests: network,
  selenium: network,
  urllib3: network,
  websockets: network,
  attr: "use dataclasses",
  attrs: "use dataclasses",
  bs4: "use html.parser, or xml.etree.ElementTree for well-formed documents",
  chardet: "try the encodings in turn with bytes.decode",
  click: "use argparse",
  cryptography: "use hashlib, hmac and secrets",
  Crypto: "use hashlib, hmac and secrets",
  cv2: "work on plain bytes and lists",
  dateutil: "use datetime, and datetime.timezone with a fixed offset",
  dotenv: "read the lines with str.partition",
  html5lib: "use html.parser",
  jinja2: "use string.Template or f-strings",
  jsonschema: "write the checks by hand over json.loads",
  lxml: "use xml.etree.ElementTree",
  markdown: "write the conversion with re and html.escape",
  matplotlib: "return the numbers; there is no screen",
  networkx: "use dicts of neighbours, heapq and collections.deque, or graphlib",
  nltk: "use re and str methods",
  numpy: "use math, statistics, array and lists",
  openpyxl: "use csv, or zipfile with xml.etree.ElementTree",
  orjson: "use json",
  pandas: "use csv, and lists of dicts",
  PIL: "work on plain bytes and lists",
  psutil: "a skill cannot look at the machine",
  pydantic: "use dataclasses and checks by hand",
  pytest: "the tests are not part of the skill; leave them out",
  pytz: "use datetime.timezone with a fixed offset; there is no time zone data",
  regex: "use re",
  scipy: "use math and statistics",
  setuptools: "a skill is one file; leave it out",
  simplejson: "use json",
  six: "write for Python 3.14",
  sklearn: "use math and statistics",
  sortedcontainers: "use bisect and lists",
  sympy: "use fractions, decimal and math",
  tabulate: "use str.ljust and str.join",
  tensorflow: "use math and lists",
  termcolor: "return plain text",
  toml: "use tomllib",
  torch: "use math and lists",
  tqdm: "leave it out; nobody watches",
  typing_extensions: "use typing",
  xmltodict: "use xml.etree.ElementTree",
  yaml: "write a small parser for what you need, or use json",
  ruamel: "write a small parser for what you need, or use json",
};

/** What to do instead of a module that is not there, or undefined. */
export function unavailablePythonModule(module: string): string | undefined {
  if (module.startsWith(".")) return "a skill is one file; put the code into it";
  if (Object.hasOwn(missingModules, module)) return missingModules[module];
  if (pythonModules.has(module) || module === "") return undefined;
  // Accelerators of the standard library: `_json`, `_collections`.
  if (module.startsWith("_") && pythonModules.has(module.slice(1))) return undefined;
  return Object.hasOwn(replacements, module)
    ? replacements[module]
    : "write what you need of it with the standard library";
}
