import type { HostileProgram, HostileTopic } from "./hostile-program.ts";

type PythonAttack = Omit<HostileProgram, "language" | "topic" | "source"> & {
  /** Statements of `f`, after the mark; see `opening` for the names they may use. */
  readonly body: string;
};

/*
 * `reached()` says that it got through, `attempt()` tries one of several roads and keeps what came
 * of it, `system_call()` makes one by its numbers on x64 and arm64.
 */
const opening = `
def f(world):
    said = []
    def reached():
        print("reached " + world["marker"], flush=True)
    def attempt(road):
        try:
            said.append(repr(road())[:4000])
        except BaseException as error:
            said.append((type(error).__name__ + ": " + str(error))[:300])
        return said
    def system_call(x64, arm64, *arguments):
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        number = arm64 if os.uname().machine == "aarch64" else x64
        held = [ctypes.c_long(part) if isinstance(part, int) else part for part in arguments]
        libc.syscall.restype = ctypes.c_long
        answer = libc.syscall(ctypes.c_long(number), *held)
        return answer if answer >= 0 else -ctypes.get_errno()
    print("attacking", flush=True)
`;

/** Returns the attacks of one topic as programs. */
export function pythonAttacks(
  topic: HostileTopic,
  attacks: readonly PythonAttack[],
): HostileProgram[] {
  return attacks.map(({ body, ...attack }) => ({
    ...attack,
    language: "python",
    topic,
    source: `${opening.trimStart()}${indent(body)}\n    return said\n`,
  }));
}

function indent(body: string): string {
  return body
    .trim()
    .split("\n")
    .map((line) => (line === "" ? "" : `    ${line}`))
    .join("\n");
}
