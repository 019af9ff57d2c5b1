import { AgentError, type ErrorCode } from "../shared/errors.ts";
import type { Role } from "../shared/events.ts";
import type { ChatModel } from "./chat-model.ts";

/** One model of a chain, opened when it is first asked. */
export interface ChainLink {
  readonly name: string;
  /** @throws {AgentError} REMOTE_NOT_ALLOWED and whatever else keeps it from being asked. */
  readonly open: () => Promise<ChatModel>;
}

/** Roles that share their models share the very list. */
export type RoleLinks = Readonly<Record<Role, readonly ChainLink[]>>;

const downCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "MODEL_BUSY",
  "MODEL_MISSING",
  "MODEL_SERVER_ERROR",
  "MODEL_STREAM_CUT",
  "MODEL_UNREACHABLE",
]);

/**
 * True for a model that is down: nobody answers, it is not installed, or its server fails or is
 * overloaded, after whatever its client tries again. Not what a person has to decide or mend: a
 * consent that was refused, an account, an address that is no model's server, a cut prompt.
 */
export function isDown(error: unknown): error is AgentError {
  return error instanceof AgentError && downCodes.has(error.code);
}
