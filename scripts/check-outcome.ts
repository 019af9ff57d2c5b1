/** Prints what is wrong, one line each, and ends the process with 1; with nothing wrong says so. */
export function reportProblems(problems: readonly string[], allWell: string): void {
  if (problems.length === 0) {
    console.log(allWell);
    return;
  }
  for (const problem of problems) {
    console.log(problem);
  }
  process.exitCode = 1;
}

/** The project's folder, or another one given as the first argument. */
export function checkedFolder(): string {
  return process.argv[2] ?? new URL("..", import.meta.url).pathname;
}
