import { allowedTypeScriptModule, typescriptModules } from "../typescript-modules.ts";

/** What a specifier stands for, or in words why it stands for nothing. */
export type Resolution = { readonly target: string } | { readonly problem: string };

const readable = /\.(?:ts|mts|js|mjs|json)$/;

/**
 * Finds what a file of a program imports: a module of Node's that may be used, or one of the program's
 * own files, by a path from its own folder on. Compares texts and looks nowhere else.
 */
export function resolveModule(
  specifier: string,
  importer: string,
  files: ReadonlySet<string>,
): Resolution {
  const builtin = allowedTypeScriptModule(specifier);
  if (builtin !== undefined) return { target: builtin };
  const shown = JSON.stringify(specifier.slice(0, 200));
  if (!/^\.\.?\//.test(specifier)) {
    return {
      problem: `the module ${shown} cannot be imported: only the program's own files by a path that begins with ./ or ../ can, and of the standard library ${typescriptModules.join(", ")}.`,
    };
  }
  const path = joined(importer, specifier);
  if (path === undefined) {
    return {
      problem: `${shown} leads out of the program's folder; its own files can be imported.`,
    };
  }
  const found = [path, sourceOfOutput(path)].find((each) => files.has(each));
  if (found !== undefined) return { target: found };
  return { problem: `${shown} ${whyNot(path, files)}` };
}

function joined(importer: string, specifier: string): string | undefined {
  const parts = importer.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== ".") {
      parts.push(part);
    }
  }
  return parts.join("/");
}

/** TypeScript's own way to write it: `./a.js` for the file `a.ts` that it will be made of. */
function sourceOfOutput(path: string): string {
  return path.replace(/\.(m?)js$/, ".$1ts");
}

function whyNot(path: string, files: ReadonlySet<string>): string {
  const meant = [".ts", ".js", ".mts", ".mjs", "/index.ts", "/index.js"].find((end) =>
    files.has(path + end),
  );
  if (meant !== undefined) return `is no file; write it in full, with ${meant} at its end.`;
  return readable.test(path)
    ? "is not among the program's files; give the folder that holds it and a main file."
    : "is no module; .ts, .mts, .js, .mjs and .json can be imported.";
}
