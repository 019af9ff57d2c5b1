/** A system call as the kernel shows it to a filter: `struct seccomp_data`. */
export interface SystemCall {
  /** `AUDIT_ARCH_…` of the instruction that made it. */
  readonly auditArchitecture: number;
  readonly number: number;
  readonly args?: readonly bigint[];
}

const dataBytes = 64;
const instructionBytes = 8;

/**
 * Returns what a classic BPF program answers to a call, as the kernel would compute it: all numbers
 * are unsigned and little endian. Knows the instructions a seccomp filter needs, and throws at others
 * and at what the kernel would not load: a jump or a load out of bounds, an end without an answer.
 */
export function runFilter(program: Uint8Array, call: SystemCall): number {
  const code = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const data = dataOf(call);
  let accumulator = 0;
  for (let at = 0; at * instructionBytes < program.byteLength; at += 1) {
    const offset = at * instructionBytes;
    const operand = code.getUint32(offset + 4, true);
    const jump = (isTrue: boolean): number => code.getUint8(offset + (isTrue ? 2 : 3));
    switch (code.getUint16(offset, true)) {
      // BPF_LD | BPF_W | BPF_ABS
      case 0x20:
        accumulator = loadWord(data, operand);
        break;
      // BPF_JMP | BPF_JEQ | BPF_K
      case 0x15:
        at += jump(accumulator === operand);
        break;
      // BPF_JMP | BPF_JSET | BPF_K
      case 0x45:
        at += jump((accumulator & operand) !== 0);
        break;
      // BPF_RET | BPF_K
      case 0x06:
        return operand;
      default:
        throw new TypeError(`running a filter: instruction ${at} is none of those known`);
    }
  }
  throw new RangeError("running a filter: it ended, or jumped out, without an answer");
}

function loadWord(data: DataView, offset: number): number {
  if (offset % 4 !== 0) {
    throw new RangeError(`running a filter: it loads a word at ${offset}, which is not aligned`);
  }
  return data.getUint32(offset, true);
}

function dataOf({ number, auditArchitecture, args = [] }: SystemCall): DataView {
  const data = new DataView(new ArrayBuffer(dataBytes));
  data.setUint32(0, number, true);
  data.setUint32(4, auditArchitecture, true);
  for (const [index, argument] of args.entries()) {
    data.setBigUint64(16 + index * 8, BigInt.asUintN(64, argument), true);
  }
  return data;
}
