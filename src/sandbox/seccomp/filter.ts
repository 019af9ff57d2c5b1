import {
  type AllowedCall,
  type ArgumentRule,
  callsOf,
  type SeccompArchitecture,
  type SeccompProfile,
} from "./system-calls.ts";

/** A filter as the kernel takes it, and where in it the own process id stands. */
export interface SeccompFilter {
  /** An array of `struct sock_filter`, 8 bytes each, little endian. */
  readonly bytes: Uint8Array;
  /**
   * Offsets in `bytes` of 32-bit little endian numbers: each must hold the id of the process, as that
   * process itself sees it, before the filter is installed. Until then they hold `noProcess`.
   */
  readonly pidOffsets: readonly number[];
}

/** Above every process id Linux can give out, so that an unpatched filter signals nobody. */
export const noProcess = 0x7f_ff_ff_ff;

/** `struct sock_filter`: what to do, two jump distances, and an operand. */
interface Instruction {
  readonly code: number;
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly operand: number | "own-pid";
}

/** Classic BPF: load a word of the call's data, compare with a constant, end with an answer. */
const loadWord = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAnyBit = 0x45;
const answer = 0x06;

/** Offsets in `struct seccomp_data`; the arguments are six 64-bit numbers after the rest. */
const numberOffset = 0;
const architectureOffset = 4;
const argumentsOffset = 16;

const allow = 0x7f_ff_00_00;
const killProcess = 0x80_00_00_00;
const refuseWith = (errno: number): number => 0x00_05_00_00 + errno;
/** A call that fails with no error has succeeded, as its caller sees it. */
const noError = 0;
const operationNotPermitted = 1;
const functionNotImplemented = 38;

/** `AUDIT_ARCH_X86_64` and `AUDIT_ARCH_AARCH64`: 64 bits, little endian, the machine's ELF number. */
const auditArchitectures: Readonly<Record<SeccompArchitecture, number>> = {
  x64: 0xc0_00_00_3e,
  arm64: 0xc0_00_00_b7,
};

/** Numbers with this bit are calls of x32, a second table that x64 kernels may have. */
const x32Bit = 0x40_00_00_00;
/** It hides its flags behind a pointer, which no filter can follow: libc then uses `clone`. */
const clone3Number = 435;
const maxJump = 255;
const maxInstructions = 4_096;
const instructionBytes = 8;

/**
 * Returns the allow-list of a profile as a BPF program: a call of another architecture kills the
 * process, `clone3` does not exist, what is not listed, or breaks a rule of its entry, answers EPERM, and
 * what an entry only pretends answers success.
 * Without `ownPid` the process patches its own id in at `pidOffsets` first; unpatched, it holds and
 * lets no signal through.
 */
export function seccompFilter(
  profile: SeccompProfile,
  architecture: SeccompArchitecture,
  ownPid?: number,
): SeccompFilter {
  return encode(instructionsOf(profile, architecture), ownPid ?? noProcess);
}

function instructionsOf(
  profile: SeccompProfile,
  architecture: SeccompArchitecture,
): readonly Instruction[] {
  return [
    load(architectureOffset),
    jumpEqual(auditArchitectures[architecture], 1, 0),
    end(killProcess),
    load(numberOffset),
    ...(architecture === "x64"
      ? [{ code: jumpIfAnyBit, ifTrue: 0, ifFalse: 1, operand: x32Bit }, end(killProcess)]
      : []),
    ...callsOf(profile).flatMap((call) => {
      const number = call[architecture];
      return number === undefined ? [] : whenNumberIs(number, permit(call));
    }),
    ...whenNumberIs(clone3Number, [end(refuseWith(functionNotImplemented))]),
    end(refuseWith(operationNotPermitted)),
  ];
}

/** The body must end with an answer on every path: it overwrites the number that was loaded. */
function whenNumberIs(number: number, body: readonly Instruction[]): Instruction[] {
  return [jumpEqual(number, 0, body.length), ...body];
}

function permit({ rules, pretends }: AllowedCall): Instruction[] {
  if (pretends === "always") {
    return [end(refuseWith(noError))];
  }
  return [
    ...(pretends === undefined ? [] : pretendIfHeld(pretends)),
    ...rules.flatMap(refuseUnlessHeld),
    end(allow),
  ];
}

/** Answers success when the argument has one of the rule's values, else falls through. */
function pretendIfHeld({ argument, values }: ArgumentRule): Instruction[] {
  const low = argumentsOffset + argument * 8;
  return [
    load(low + 4),
    jumpEqual(0, 0, values.length + 2),
    load(low),
    // From value number n to the end behind them; from the last one past it.
    ...values.map((value, index) =>
      jumpEqual(value, values.length - 1 - index, index === values.length - 1 ? 1 : 0),
    ),
    end(refuseWith(noError)),
  ];
}

/**
 * Falls through when the argument has one of the rule's values. Both halves are looked at: the kernel
 * reads some arguments as 64 bits and some as 32, so a value hidden above must not pass as the lower.
 */
function refuseUnlessHeld({ argument, values }: ArgumentRule): Instruction[] {
  const low = argumentsOffset + argument * 8;
  const refusal = end(refuseWith(operationNotPermitted));
  return [
    load(low + 4),
    jumpEqual(0, 1, 0),
    refusal,
    load(low),
    // From value number n, past those after it and past the refusal.
    ...values.map((value, index) => jumpEqual(value, values.length - index, 0)),
    refusal,
  ];
}

function load(offset: number): Instruction {
  return { code: loadWord, ifTrue: 0, ifFalse: 0, operand: offset };
}

function jumpEqual(operand: number | "own-pid", ifTrue: number, ifFalse: number): Instruction {
  return { code: jumpIfEqual, ifTrue, ifFalse, operand };
}

function end(result: number): Instruction {
  return { code: answer, ifTrue: 0, ifFalse: 0, operand: result };
}

function encode(instructions: readonly Instruction[], pid: number): SeccompFilter {
  const bytes = new Uint8Array(instructions.length * instructionBytes);
  const view = new DataView(bytes.buffer);
  const pidOffsets: number[] = [];
  if (instructions.length > maxInstructions) {
    throw new RangeError(
      `encoding a seccomp filter: it has ${instructions.length} instructions, the kernel takes ` +
        `${maxInstructions}; list fewer calls`,
    );
  }
  for (const [index, { code, ifTrue, ifFalse, operand }] of instructions.entries()) {
    if (Math.max(ifTrue, ifFalse) > maxJump) {
      throw new RangeError(
        `encoding a seccomp filter: instruction ${index} jumps over more than ${maxJump}; ` +
          "give the call fewer rules",
      );
    }
    const offset = index * instructionBytes;
    view.setUint16(offset, code, true);
    view.setUint8(offset + 2, ifTrue);
    view.setUint8(offset + 3, ifFalse);
    view.setUint32(offset + 4, operand === "own-pid" ? pid : operand, true);
    if (operand === "own-pid") {
      pidOffsets.push(offset + 4);
    }
  }
  return { bytes, pidOffsets };
}
