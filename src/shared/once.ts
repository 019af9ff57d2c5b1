/**
 * Returns a function that makes a value when it is first called, and answers with the same one ever
 * after. What could not be made is tried again: a person may have mended what was missing.
 */
export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
