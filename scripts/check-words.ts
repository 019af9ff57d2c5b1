/**
 * What no committed file may hold: a path of somebody's machine, a binary blob (recorded data stays
 * outside the project), and in Markdown a relative link or anchor that leads nowhere.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { checkedFolder, reportProblems } from "./check-outcome.ts";
import { trackedFiles } from "./tracked-files.ts";

const BINARY_NAME = /\.(?:bin|gz|tgz|zip|zst|xz|sqlite|db|so|exe|dll|node|wasm)$/;
/** Prompts and recordings are Markdown too, but their links are examples. */
const IS_DOCUMENT = /^(?!prompts\/|recordings\/).*\.md$/;
const LINK = /\]\((?!<)([^)\s]+)(?:\s+"[^"]*")?\)|<(?:img|a)\b[^>]*?\b(?:src|href)="([^"]+)"/g;
const FENCED = /^(```+|~~~+)[^\n]*\n[\s\S]*?^\1[ \t]*$/gm;
const INLINE_CODE = /`[^`\n]+`/g;
/** Homes that stand for any reader's, and those that hostile samples reach for. */
const HOME_FOLDER = /\/(?:home|Users)\/(?!you\b|user\b|alice\b|bob\b|me\b|\$|<|\*)[\w.-]+\//;

const root = resolve(checkedFolder());

/** Short ones such as `/root` or `/app` are everybody's and would only raise false alarms. */
function isTelling(path: string): boolean {
  return path.split("/").length > 2;
}

const ownPaths = [root, homedir(), dirname(root)].filter(isTelling);

function machinePaths(file: string, text: string): string[] {
  return text.split("\n").flatMap((line, index) => {
    const own = ownPaths.find((path) => line.includes(`${path}/`) || line.endsWith(path));
    const found = own ?? HOME_FOLDER.exec(line)?.[0];
    return found === undefined ? [] : [`${file}:${index + 1}: holds the machine's path ${found}`];
  });
}

/** As GitHub makes them from a heading. */
function anchors(markdown: string): Set<string> {
  const found = new Set<string>();
  for (const [, heading = ""] of markdown.replace(FENCED, "").matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
    let unique = slug;
    for (let count = 1; found.has(unique); count += 1) {
      unique = `${slug}-${count}`;
    }
    found.add(unique);
  }
  return found;
}

function linkProblem(file: string, link: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) {
    return;
  }
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? join(root, file) : resolve(root, dirname(file), decodeURI(path));
  if (!existsSync(target)) {
    return `${file}: links to ${link}, which does not exist`;
  }
  const hasAnchor = anchor !== undefined && target.endsWith(".md");
  return hasAnchor && !anchors(readFileSync(target, "utf8")).has(anchor)
    ? `${file}: links to ${link}, but there is no such heading`
    : undefined;
}

function brokenLinks(file: string, text: string): string[] {
  const prose = text.replace(FENCED, "").replace(INLINE_CODE, "");
  return [...prose.matchAll(LINK)]
    .map(([, markdown, html]) => linkProblem(file, markdown ?? html ?? ""))
    .filter((problem) => problem !== undefined);
}

function problemsOf(file: string): string[] {
  if (BINARY_NAME.test(file)) {
    return [`${file}: is a binary; recorded data and builds stay out of the project`];
  }
  if (file === "package-lock.json" || !statSync(join(root, file)).isFile()) {
    return [];
  }
  const text = readFileSync(join(root, file), "utf8");
  const links = IS_DOCUMENT.test(file) ? brokenLinks(file, text) : [];
  return [...machinePaths(file, text), ...links];
}

const files = trackedFiles(root);
reportProblems(files.flatMap(problemsOf), `${files.length} files`);
