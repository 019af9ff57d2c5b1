import { nestsDeeperThan } from "../shared/nesting.ts";
import type { Death } from "./limit-texts.ts";
import { maxProgramFiles } from "./limits.ts";
import { fieldLimits, filePieceBytes, type HostMessage, protocolVersion } from "./protocol.ts";
import type { ExecutionLimits, Program, SandboxCall, WorkFile } from "./sandbox.ts";
import { workFilesProblem } from "./work-file.ts";

/** What goes to a process for one exchange, or why nothing of it is sent. */
export type HostLines =
  | { readonly kind: "lines"; readonly lines: readonly string[] }
  | { readonly kind: "refused"; readonly death: Death };

/** The lines that load a program: its files, then the program itself. */
export function loadLines(id: string, program: Program, limits: ExecutionLimits): HostLines {
  const {
    source,
    entry,
    fileName,
    imports,
    modules,
    files = [],
    args = [],
    clockOffsetMs = 0,
  } = program;
  const death = programProblem(program);
  if (death !== undefined) {
    return { kind: "refused", death };
  }
  const { maxOutputBytes, maxMessageBytes, maxFiles, maxFileBytes } = limits;
  const load: HostMessage = {
    protocolVersion,
    type: "load",
    id,
    program: {
      source,
      fileName,
      ...(entry === undefined ? {} : { entry }),
      ...(imports === undefined ? {} : { imports }),
      ...(modules === undefined ? {} : { modules }),
      ...(args.length === 0 ? {} : { args }),
      ...(clockOffsetMs === 0 ? {} : { clockOffsetMs }),
    },
    limits: { maxOutputBytes, maxMessageBytes, maxFiles, maxFileBytes },
  };
  const messages = [...filePieces(id, "program", files, maxMessageBytes), load];
  return { kind: "lines", lines: messages.map((message) => JSON.stringify(message)) };
}

/** The lines of one call: the work folder's files, then the call itself. */
export function callLines(id: string, call: SandboxCall, limits: ExecutionLimits): HostLines {
  const files = call.files ?? [];
  const problem = workFilesProblem(files, limits);
  if (problem !== undefined) {
    const detail = `its input files were refused: ${problem}`;
    return { kind: "refused", death: { reason: "file-limit", detail } };
  }
  const refused = (detail: string, allowed: string): HostLines => ({
    kind: "refused",
    death: { reason: "protocol-error", detail, allowed },
  });
  if (call.args.length > fieldLimits.arguments) {
    return refused(`it is called with ${call.args.length} arguments`, `${fieldLimits.arguments}`);
  }
  // Before it is written: writing what is nested too deeply overflows the host's stack.
  if (nestsDeeperThan([...call.args], fieldLimits.lineDepth)) {
    return refused("its arguments are nested too deeply", `${fieldLimits.lineDepth} levels`);
  }
  const collectFiles = call.collectFiles === true;
  const line = JSON.stringify({ type: "call", id, args: call.args, collectFiles });
  const bytes = Buffer.byteLength(line);
  if (bytes > limits.maxMessageBytes) {
    const detail = `what is sent to it takes ${bytes} bytes`;
    return {
      kind: "refused",
      death: { reason: "protocol-error", detail, limit: "maxMessageBytes" },
    };
  }
  const pieces = filePieces(id, "work", files, limits.maxMessageBytes);
  return { kind: "lines", lines: [...pieces.map((piece) => JSON.stringify(piece)), line] };
}

function programProblem(program: Program): Death | undefined {
  const { source, entry, fileName, files = [] } = program;
  const reason = "file-limit";
  const filesProblem = workFilesProblem(files, maxProgramFiles);
  if (filesProblem !== undefined) {
    const { maxFiles, maxFileBytes } = maxProgramFiles;
    const allowed = `${maxFiles} files of ${maxFileBytes} bytes together, no setting changes it`;
    return { reason, detail: `the program's files were refused: ${filesProblem}`, allowed };
  }
  const sourceBytes = Buffer.byteLength(source);
  if (sourceBytes > fieldLimits.sourceBytes) {
    const allowed = `${fieldLimits.sourceBytes} bytes in a main file, no setting changes it`;
    return { reason, detail: `its source takes ${sourceBytes} bytes`, allowed };
  }
  const modulesProblem = moduleProblem(program);
  if (modulesProblem !== undefined) {
    return modulesProblem;
  }
  const detail =
    nameProblem("file name", fileName, fieldLimits.fileNameCharacters) ??
    nameProblem("entry", entry ?? "", fieldLimits.entryCharacters) ??
    (source.isWellFormed() ? undefined : "its source is no valid Unicode text") ??
    clockProblem(program);
  return detail === undefined ? undefined : { reason: "protocol-error", detail };
}

/** Each comes from a file, so that the bounds of those hold for what was made of them. */
function moduleProblem({ modules = [] }: Program): Death | undefined {
  const { maxFiles, maxFileBytes } = maxProgramFiles;
  const bytes = modules.reduce((sum, { source }) => sum + Buffer.byteLength(source), 0);
  if (modules.length > maxFiles || bytes > maxFileBytes) {
    const allowed = `${maxFiles} files of ${maxFileBytes} bytes together, no setting changes it`;
    return { reason: "file-limit", detail: `its modules take ${bytes} bytes`, allowed };
  }
  const isText = modules.every(({ path, source }) => path.isWellFormed() && source.isWellFormed());
  const detail = "its modules are no valid Unicode text";
  return isText ? undefined : { reason: "protocol-error", detail };
}

function clockProblem({ clockOffsetMs = 0 }: Program): string | undefined {
  return Number.isInteger(clockOffsetMs) && Math.abs(clockOffsetMs) <= fieldLimits.clockOffsetMs
    ? undefined
    : `its clock is to be ${clockOffsetMs} ms ahead, at most ${fieldLimits.clockOffsetMs} whole ones either way are allowed`;
}

function nameProblem(what: string, name: string, maxCharacters: number): string | undefined {
  if (name.length > maxCharacters) {
    return `its ${what} is ${name.length} characters long, ${maxCharacters} are allowed`;
  }
  return /\p{Cc}/u.test(name) || !name.isWellFormed()
    ? `its ${what} holds control characters or is no valid Unicode text`
    : undefined;
}

function filePieces(
  id: string,
  folder: "program" | "work",
  files: readonly WorkFile[],
  maxMessageBytes: number,
): HostMessage[] {
  const pieceBytes = filePieceBytes(maxMessageBytes);
  const messages: HostMessage[] = [];
  for (const { path, contentBase64 } of files) {
    const content = Buffer.from(contentBase64, "base64");
    let start = 0;
    do {
      const piece = content.subarray(start, start + pieceBytes).toString("base64");
      start += pieceBytes;
      const last = start >= content.length;
      messages.push({ type: "file", id, folder, path, contentBase64: piece, last });
    } while (start < content.length);
  }
  return messages;
}
