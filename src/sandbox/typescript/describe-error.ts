import { errorTextLimits, type RaisedError } from "../protocol.ts";

/** Returns what the host may know of a thrown value: names, message, and the skill's own lines. */
export function describeError(thrown: unknown, ownNames: ReadonlySet<string>): RaisedError {
  try {
    return describe(thrown, ownNames);
  } catch {
    // A getter or a proxy of the skill's threw once more.
    return {
      errorType: "Error",
      errorBases: [],
      message: "an error that cannot be read",
      trace: "",
    };
  }
}

function describe(thrown: unknown, ownNames: ReadonlySet<string>): RaisedError {
  if (!(thrown instanceof Error)) {
    const name =
      thrown === null || thrown === undefined ? String(thrown) : Object(thrown).constructor?.name;
    return {
      errorType: clip(String(name ?? "Object"), errorTextLimits.name),
      errorBases: [],
      message: clip(String(thrown), errorTextLimits.message),
      trace: "",
    };
  }
  const classes = classNames(thrown);
  const own = String(thrown.name);
  const isRenamed = own !== "" && own !== "Error" && !classes.includes(own);
  const [errorType = "Error", ...errorBases] = isRenamed ? [own, ...classes] : classes;
  return {
    errorType,
    errorBases: errorBases.slice(0, errorTextLimits.bases),
    message: clip(String(thrown.message), errorTextLimits.message),
    trace: clip(ownLines(String(thrown.stack), ownNames), errorTextLimits.trace),
  };
}

function classNames(error: Error): string[] {
  const names: string[] = [];
  for (
    let prototype: unknown = Object.getPrototypeOf(error);
    prototype instanceof Object && names.length <= errorTextLimits.bases;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    names.push(clip(String(prototype.constructor.name), errorTextLimits.name));
  }
  // The loop ends before Object.prototype, which is no instance of Object; Error.prototype is.
  return names.filter((name) => name !== "Object");
}

/** Frames of the skill's own files only: every other line names the runner or the host. */
function ownLines(stack: string, ownNames: ReadonlySet<string>): string {
  const lines: string[] = [];
  for (const line of stack.split("\n")) {
    const location = /^\s+at (?:.* \(|async )?(.*:\d+:\d+)\)?$/.exec(line)?.[1] ?? "";
    const position = /:\d+:\d+$/.exec(location)?.[0] ?? "";
    // The whole location, since `a.ts` also ends the path of the runner's own `data.ts`.
    if (position !== "" && ownNames.has(location.slice(0, -position.length))) {
      const name = /^\s+at (?:async )?([\w$.<>[\] ]{1,200}) \(/.exec(line)?.[1];
      // Every column is the same, which says nothing.
      const place = location.slice(0, location.lastIndexOf(":"));
      lines.push(`${place}${name ? ` in ${name}` : ""}`);
    }
  }
  return lines.slice(0, 40).join("\n");
}

function clip(text: string, length: number): string {
  return text.slice(0, length);
}
