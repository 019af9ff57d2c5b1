import type { DraftCase } from "../verify/draft-case.ts";

/** Files the person named are in every case's work folder; a case's own file of that name wins. */
export function withInputs<T extends DraftCase>(one: T, inputs: DraftCase["files"]): T {
  const own = new Set(one.files.map((file) => file.path));
  return { ...one, files: [...inputs.filter((file) => !own.has(file.path)), ...one.files] };
}
