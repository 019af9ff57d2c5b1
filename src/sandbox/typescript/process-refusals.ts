type ErrorClass = new (message: string) => Error;

/** Stands in for whatever would start a process, a thread or foreign code, and knows its own refusals. */
export interface ProcessRefusals {
  readonly denoMembers: Readonly<Record<string, unknown>>;
  readonly globals: Readonly<Record<string, unknown>>;
  /** Whether the skill let such a refusal come out of it, which is the end of its process. */
  isRefusal(error: unknown): boolean;
}

/** Returns the refusals, thrown as the error Deno itself throws for a missing permission. */
export function createProcessRefusals(NotCapable: ErrorClass): ProcessRefusals {
  const refusals = new WeakSet<object>();
  const refusing = (what: string) =>
    function refused(): never {
      const error = new NotCapable(`${what} is not possible here: 0 processes are allowed`);
      refusals.add(error);
      throw error;
    };
  return {
    denoMembers: { Command: refusing("Deno.Command"), dlopen: refusing("Deno.dlopen") },
    globals: { Worker: refusing("Worker") },
    isRefusal: (error) => typeof error === "object" && error !== null && refusals.has(error),
  };
}
