/** The few members of Deno's global that the runners use; `@types/node` knows none of them. */
export interface DenoRuntime {
  readonly args: readonly string[];
  readonly pid: number;
  readonly build: { readonly arch: string };
  exitCode: number;
  readonly stdin: { read(buffer: Uint8Array): Promise<number | null> };
  readonly stdout: { writeSync(bytes: Uint8Array): number };
  readonly permissions: { revokeSync(descriptor: { name: string }): { state: string } };
  readonly errors: Readonly<Record<string, new (message: string) => Error>>;
  /** The address of a buffer; it must outlive every use of it. */
  readonly UnsafePointer: {
    of(buffer: Uint8Array): object | null;
    value(pointer: object | null): number | bigint;
  };
  /** Opens a C library. What `description` says of its functions, no type checks: a slip there crashes. */
  dlopen<Symbols>(
    library: string,
    description: Readonly<Record<keyof Symbols, object>>,
  ): { readonly symbols: Symbols; close(): void };
  addSignalListener(signal: string, listener: () => void): void;
  removeSignalListener(signal: string, listener: () => void): void;
  readFileSync(path: string): Uint8Array;
  exit(code?: number): never;
  /** The name of a member that holds what Deno's own code shares; it is taken away. */
  readonly internal: symbol;
}

/** Returns Deno's global; only a runner that Deno itself started may call it. */
export function denoRuntime(): DenoRuntime {
  const { Deno: runtime } = globalThis as unknown as { Deno?: DenoRuntime };
  if (runtime === undefined) {
    throw new TypeError(
      "starting a sandbox runner: it runs in Deno only, start it through sandbox/",
    );
  }
  return runtime;
}
