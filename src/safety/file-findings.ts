import { posix } from "node:path";
import type { ReachedName } from "../syntax/source-facts.ts";
import type { FileRule, Policy } from "./policy.ts";
import type { SafetyFinding } from "./safety.ts";

type Constant = string | number | boolean | null;

/** Refuses constant paths that lead out of the work folder; what is not known, the sandbox holds. */
export function fileFinding(reached: ReachedName, policy: Policy): SafetyFinding | undefined {
  if (reached.use !== "call") return undefined;
  const rule = policy.files.find(({ names }) => names.includes(reached.name));
  const path = rule && pathsOf(reached, rule).find(isOutside);
  if (rule === undefined || path === undefined) return undefined;
  const where = `Line ${reached.line}: \`${policy.shownName(reached.name)}\` on ${JSON.stringify(path)}`;
  const instead = 'Use a relative path such as "result.txt", or take the content as an argument.';
  return writes(reached, rule)
    ? {
        tier: "forbidden",
        rule: "write-outside",
        line: reached.line,
        message: `${where} writes outside the work folder, which no skill may. ${instead}`,
      }
    : {
        tier: "approval",
        rule: "file-outside",
        line: reached.line,
        message: `${where} reads outside the work folder, which needs a person's approval, and nobody has given it. ${instead}`,
      };
}

function pathsOf(reached: ReachedName, rule: FileRule): string[] {
  const found: (Constant | undefined)[] = rule.paths.map((place) =>
    place === "receiver" ? reached.receiverArgs?.[0] : reached.constantArgs?.[place],
  );
  for (const keyword of rule.keywords ?? []) found.push(reached.constantKeywords?.[keyword]);
  return found.filter((path) => typeof path === "string");
}

/** A mode that is not known counts as writing. */
function writes(reached: ReachedName, rule: FileRule): boolean {
  if (typeof rule.access === "string") return rule.access === "write";
  const named = reached.constantKeywords?.["mode"];
  const placed = reached.constantArgs?.[rule.access.modeAt];
  const mode = named === undefined ? placed : named;
  if (mode === undefined) return false;
  return typeof mode !== "string" || /[wax+]/.test(mode);
}

/** Absolute, of a home folder, of a drive, of a URL, or climbing above the folder it begins in. */
function isOutside(path: string): boolean {
  if (/^(?:[/\\~]|[A-Za-z]:|file:)/.test(path)) return true;
  const normal = posix.normalize(path.replaceAll("\\", "/"));
  return normal === ".." || normal.startsWith("../");
}
