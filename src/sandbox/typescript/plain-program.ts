import type { Program } from "../sandbox.ts";

/**
 * What only Node's layer has, or leads to it: a program that names any of these is given that layer. The
 * global object stands here since each of the others could be asked of it by a text.
 */
const namesOfNode =
  /\b(?:Buffer|clearImmediate|clearInterval|clearTimeout|console|global|globalThis|process|self|setImmediate|setInterval|setTimeout|__modules|prepareStackTrace)\b/;
/** A letter of a name that is written as its number, or a digit of it. */
const escapedLetter = /\\u(?:\{0*|00)[4-7][0-9a-f]/i;
/** A path that can stand in a comment which names a script. */
const simplePath = /^[\w./-]+$/;

/**
 * Whether a program needs no more than the language and what Deno has of the web: it imports nothing,
 * and names nothing that only Node's layer has. Such a process never gets that layer.
 *
 * Nobody is protected by this but from surprise: what a program could ask for in a disguise is not there.
 * Only `import` must be seen wherever it is, since it loads modules: V8 takes no other spelling of that
 * word, and the text is the very one that V8 is given.
 */
export function isPlain(program: Omit<Program, "language" | "files">): boolean {
  const { entry, imports, modules = [], source, fileName } = program;
  const isScript = entry !== undefined && imports === undefined && modules.length === 0;
  return (
    isScript &&
    !source.includes("import") &&
    !namesOfNode.test(source) &&
    !escapedLetter.test(source) &&
    simplePath.test(fileName)
  );
}
