/** Where another error is raised, or caught, in place of one. */
export interface KnownErrors {
  /** Names of the contract's errors; undefined when none is known to count more than another. */
  readonly declared: readonly string[] | undefined;
  /** Classes that the source defines. */
  readonly ownClasses: ReadonlySet<string>;
  /** Whether the source catches anything itself. */
  readonly isCaught: boolean;
}

/**
 * Whether anybody can tell that another error is raised: the source, where it catches some; a caller,
 * who goes by the contract's names. A class of the source may derive from one of those.
 */
export function isErrorSeen(name: string, known: KnownErrors): boolean {
  const { declared, ownClasses, isCaught } = known;
  return declared === undefined || isCaught || ownClasses.has(name) || declared.includes(name);
}
