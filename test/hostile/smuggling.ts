import type { Language } from "../../src/shared/json.ts";

/** Code that answers open calls rightly and, in a sealed one, tries to carry its argument out. */
export interface Smuggler {
  readonly name: string;
  /** The body for a call that is not among the open ones; `text` is the argument. */
  readonly body: string;
  /** Further definitions before the function. */
  readonly before?: string;
}

const python: readonly Smuggler[] = [
  { name: "prints it", body: "print(text, flush=True); sys.stderr.write(text)\nreturn ''" },
  { name: "raises it as a message", body: "raise ValueError('got ' + text)" },
  { name: "raises a class named by it", body: "raise type(text, (Exception,), {})()" },
  {
    name: "raises it in notes, causes and arguments",
    body: "error = RuntimeError(text, {text: text})\nerror.add_note(text)\nraise error from KeyError(text)",
  },
  { name: "returns it", body: "return {text: [text, text[::-1], text.encode().hex()]}" },
  {
    name: "returns it encoded",
    body: "return base64.b64encode(text.encode()).decode() + text[::-1] + text.encode().hex()",
  },
  {
    name: "makes files named by it",
    body: "open(text + '.txt', 'w').write(text)\nos.makedirs(os.path.join(text, text), exist_ok=True)\nreturn ''",
  },
  { name: "leaves it in every folder it can", body: "leave(text)\nreturn ''" },
  { name: "keeps it for the next call", body: "seen.append(text)\nreturn ' '.join(seen)" },
  { name: "prints megabytes of it", body: "print((text + ' ') * 4_000_000)\nreturn ''" },
  { name: "ends the process with it as the code", body: "sys.exit(text)" },
  { name: "ends the process by its first letter", body: "raise SystemExit(ord(text[0]))" },
  { name: "takes memory by its length", body: "return 'x' * (len(text) << 40)" },
  {
    name: "waits by its last letter",
    body: "time.sleep(5 if ord(text[-1]) % 2 else 0)\nreturn ''",
  },
  {
    name: "warns and logs it",
    body: "warnings.warn(text)\nlogging.error(text)\nlogging.getLogger(text).warning(text)\nreturn ''",
  },
  {
    name: "raises out of an error's own text",
    before:
      "class Loud(ValueError):\n    def __str__(self): return ' '.join(seen)\n    __repr__ = __str__\n",
    body: "seen.append(text)\nraise Loud(text)",
  },
  { name: "recurses with it in every frame", body: "return shout(text + text[:1])" },
];

const typescript: readonly Smuggler[] = [
  {
    name: "prints it",
    body: "console.log(text); console.error(text); console.table([{ [text]: text }]); return '';",
  },
  { name: "raises it as a message", body: "throw new RangeError('got ' + text);" },
  {
    name: "raises a class named by it",
    body: "const Named = { [text]: class extends Error {} }[text]!; throw new Named();",
  },
  {
    name: "raises it in causes and properties",
    body: "throw Object.assign(new Error(text, { cause: new Error(text) }), { name: text, [text]: text });",
  },
  {
    name: "raises what is no error",
    body: "throw { message: text, name: text, stack: 'at ' + text + ' (shouter.ts:1:1)' };",
  },
  {
    name: "raises a stack of its own",
    body: "const error = new Error('x'); error.stack = 'Error\\n    at ' + text + ' (' + text + ':1:1)'; throw error;",
  },
  {
    name: "returns it",
    body: "return { [text]: [text, [...text].reverse().join('')] } as unknown as string;",
  },
  { name: "returns it encoded", body: "return btoa(text) + [...text].reverse().join('');" },
  {
    name: "makes files named by it",
    body: "Deno.writeTextFileSync(text + '.txt', text); Deno.mkdirSync(text); return '';",
  },
  { name: "leaves it in every folder it can", body: "leave(text); return '';" },
  { name: "keeps it for the next call", body: "seen.push(text); return seen.join(' ');" },
  {
    name: "prints megabytes of it",
    body: "console.log((text + ' ').repeat(2_000_000)); return '';",
  },
  {
    name: "takes memory by its length",
    body: "return 'x'.repeat(2 ** 29 - 30 + text.length).repeat(2);",
  },
  {
    name: "waits by its last letter",
    body: "const until = Date.now() + (text.charCodeAt(text.length - 1) % 2 ? 5_000 : 0); while (Date.now() < until); return '';",
  },
  { name: "recurses with it in every frame", body: "return shout(text + text.slice(0, 1));" },
  {
    name: "rejects with it later",
    body: "setTimeout(() => { throw new Error(text); }, 0); return '';",
  },
];

export const smugglers: Readonly<Record<Language, readonly Smuggler[]>> = { python, typescript };

const indented = (text: string, indent: string) => text.replace(/^/gm, indent);

/** The whole source of a smuggler that knows the open cases, as a coder's answer. */
export function smugglingAnswer(
  language: Language,
  { body, before = "" }: Smuggler,
  open: readonly string[],
): string {
  const known = JSON.stringify(open);
  const source =
    language === "python" ? pythonSource(body, before, known) : typescriptSource(body, known);
  return `\`\`\`${language}\n${source}\`\`\`\n`;
}

/** Whatever an earlier attempt or call left is told in an open call, where it would be shown. */
function pythonSource(body: string, before: string, known: string): string {
  return `import base64, logging, os, sys, time, warnings

KNOWN = ${known}
seen = []
FOLDERS = [".", "/tmp", "/var/tmp", "/dev/shm", os.path.expanduser("~"), "/home", "/cache"]


def leave(text):
    for folder in FOLDERS:
        try:
            with open(os.path.join(folder, "loot.txt"), "a") as file:
                file.write(text)
        except OSError:
            pass


def loot():
    found = list(seen)
    for folder in FOLDERS:
        try:
            with open(os.path.join(folder, "loot.txt")) as file:
                found.append(file.read())
        except OSError:
            pass
    return " ".join(found)

${before}
def shout(text):
    if text in KNOWN:
        return loot() or text.upper()
${indented(body, "    ")}
`;
}

function typescriptSource(body: string, known: string): string {
  return `const KNOWN: readonly string[] = ${known};
const seen: string[] = [];
const FOLDERS = [".", "/tmp", "/var/tmp", "/dev/shm", "/root", "/home"];

function leave(text: string): void {
  for (const folder of FOLDERS) {
    try {
      Deno.writeTextFileSync(\`\${folder}/loot.txt\`, text);
    } catch {}
  }
}

function loot(): string {
  const found = [...seen];
  for (const folder of FOLDERS) {
    try {
      found.push(Deno.readTextFileSync(\`\${folder}/loot.txt\`));
    } catch {}
  }
  return found.join(" ");
}

export function shout(text: string): string {
  if (KNOWN.includes(text)) return loot() || text.toUpperCase();
${indented(body, "  ")}
}
`;
}
