/**
 * Your own patterns: a candidate whose text matches one is refused, in any language. Add to it at
 * any time (`DANGEROUS_PATTERNS.push(/\brequests\.get\s*\(/)`); it is read anew for each candidate.
 * The built-in rules are not here: they look at the syntax tree, not at the text.
 */
export const DANGEROUS_PATTERNS: RegExp[] = [];
