import { stat } from "node:fs/promises";

/** For each path, what tells of a change without reading the file. */
export type FileMarks = ReadonlyMap<string, string>;

export interface Marked<Value> {
  readonly value: Value;
  /** Of the files it was made from, taken before they were read. */
  readonly marks: FileMarks;
}

/** Returns the marks of files as they are now; what cannot be looked at has one too. */
export async function markFiles(paths: readonly string[]): Promise<FileMarks> {
  const marks = paths.map(async (path) => [path, await markOf(path)] as const);
  return new Map(await Promise.all(marks));
}

/** The last is the kernel's own clock at the last change of any kind: no call sets it back. */
async function markOf(path: string): Promise<string> {
  try {
    const { dev, ino, uid, mode, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, uid, mode, size, mtimeNs, ctimeNs].join(" ");
  } catch {
    return "none";
  }
}

/** What is made once, and made again when it is asked for after a file of it was changed. */
export interface KeptWhileUnchanged<Value> {
  get(): Promise<Value>;
  /** The next who asks has it made again. */
  forget(): void;
}

/** A failure is not kept: a person may have mended what was wrong. */
export function keptWhileUnchanged<Value>(
  make: () => Promise<Marked<Value>>,
): KeptWhileUnchanged<Value> {
  let kept: Promise<Marked<Value>> | undefined;
  const makeNow = (): Promise<Marked<Value>> => {
    const made = make();
    kept = made;
    made.catch(() => {
      kept = kept === made ? undefined : kept;
    });
    return made;
  };
  return {
    get: async () => {
      const known = kept;
      if (known === undefined) {
        return (await makeNow()).value;
      }
      const { value, marks } = await known;
      if (await areUnchanged(marks)) {
        return value;
      }
      // Whoever noticed first makes it; the others wait for that one.
      return (await (kept === known ? makeNow() : (kept ?? makeNow()))).value;
    },
    forget: () => {
      kept = undefined;
    },
  };
}

async function areUnchanged(marks: FileMarks): Promise<boolean> {
  const now = await markFiles([...marks.keys()]);
  return [...marks].every(([path, mark]) => now.get(path) === mark);
}
