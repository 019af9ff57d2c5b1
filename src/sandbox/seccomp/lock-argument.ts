/** The first argument of a runner that must lock itself before it says ready. */
export const lockArgument = "--lock";
