import { denoRuntime } from "../../src/sandbox/deno-runtime.ts";
import { seccompFilter } from "../../src/sandbox/seccomp/filter.ts";
import { installFilter } from "../../src/sandbox/seccomp/lock-process.ts";
import type { SeccompArchitecture } from "../../src/sandbox/seccomp/system-calls.ts";

/** What this program needs of Deno beyond what a runner does: the very things a lock must stop. */
interface WideOpenDeno {
  readTextFileSync(path: string): string;
  connect(address: { port: number }): Promise<{ close(): void }>;
  readonly Command: new (path: string) => { outputSync(): { code: number } };
}

interface CLibrary {
  readonly syscall: (number: number, ...args: readonly (number | bigint)[]) => bigint;
  readonly __errno_location: () => object;
  readonly memcpy: (target: Uint8Array, source: object, bytes: number) => object;
}

/** What the host asks for; the answer is one line of JSON. */
export interface LockRequest {
  /** `none` locks nothing; `hole` locks all but openat. */
  readonly lock: "none" | "whole" | "hole";
  readonly architecture: SeccompArchitecture;
  readonly filePath: string;
  readonly port: number;
  readonly openatNumber: number;
  /** Calls to make with arguments of zero but those given; each answers its errno, 0 when it worked. */
  readonly rawCalls: readonly (readonly [number: number, ...args: number[]])[];
}

export interface LockAnswer {
  readonly file: string;
  readonly connection: string;
  readonly command: string;
  readonly errnos: readonly number[];
}

const deno = denoRuntime();
const wide = deno as unknown as WideOpenDeno;
const request: LockRequest = JSON.parse(deno.args[0] ?? "");
// Opened before the lock and kept, so that nothing but the kernel stands in the way.
const { symbols: libc } = deno.dlopen<CLibrary>("libc.so.6", {
  syscall: { parameters: ["i64", "u64", "u64", "u64", "u64", "u64", "u64"], result: "i64" },
  __errno_location: { parameters: [], result: "pointer" },
  memcpy: { parameters: ["buffer", "pointer", "usize"], result: "pointer" },
});
const errnoAddress = libc.__errno_location();

if (request.lock !== "none") {
  // Deno makes its signal handling at the first process or exit, and would abort or wait for ever.
  const ignore = (): void => {};
  deno.addSignalListener("SIGUSR2", ignore);
  deno.removeSignalListener("SIGUSR2", ignore);
  const { bytes } = seccompFilter("deno", request.architecture, deno.pid);
  const filter = request.lock === "hole" ? withHole(bytes, request.openatNumber) : bytes;
  installFilter(deno, request.architecture, filter);
}
const answer: LockAnswer = {
  file: await attempt(() => wide.readTextFileSync(request.filePath)),
  connection: await attempt(async () => (await wide.connect({ port: request.port })).close()),
  command: await attempt(() => new wide.Command("/bin/true").outputSync()),
  errnos: request.rawCalls.map(errnoOf),
};
deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(answer)}\n`));
deno.exit(0);

async function attempt(action: () => unknown): Promise<string> {
  try {
    await action();
    return "done";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

function errnoOf([number, ...args]: readonly [number, ...number[]]): number {
  const six = Array.from({ length: 6 }, (_, index) => args[index] ?? 0);
  if (Number(libc.syscall(number, ...six)) >= 0) {
    return 0;
  }
  const errno = new Uint8Array(4);
  libc.memcpy(errno, errnoAddress, 4);
  return new DataView(errno.buffer).getInt32(0, true);
}

/** The filter with one call more, allowed just before its last answer, which refuses. */
function withHole(filter: Uint8Array, number: number): Uint8Array {
  const hole = new DataView(new ArrayBuffer(16));
  hole.setUint16(0, 0x15, true);
  hole.setUint8(3, 1);
  hole.setUint32(4, number, true);
  hole.setUint16(8, 0x06, true);
  hole.setUint32(12, 0x7f_ff_00_00, true);
  const end = filter.length - 8;
  return new Uint8Array([
    ...filter.subarray(0, end),
    ...new Uint8Array(hole.buffer),
    ...filter.subarray(end),
  ]);
}
