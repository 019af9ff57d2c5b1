import { AgentError } from "../../shared/errors.ts";

/** What follows `embedded:` in a model's name. */
export type EmbeddedSource =
  | { readonly kind: "file"; readonly path: string }
  | {
      readonly kind: "hugging-face";
      readonly owner: string;
      readonly repository: string;
      /** `Q4_K_M`; the hub's own choice when it is left out. */
      readonly quantization: string;
    };

/** Quantization that a hub chooses for a repository whose name says none. */
const hubsChoice = "latest";
/** No dot at the beginning: these become names of folders. */
const hubPart = /^\w[\w.-]*$/;

/**
 * Reads `FILE.gguf` or `hf:OWNER/REPO:QUANT`.
 *
 * @throws {AgentError} USAGE for anything else.
 */
export function parseEmbeddedName(target: string): EmbeddedSource {
  if (!target.startsWith("hf:")) {
    if (target.toLowerCase().endsWith(".gguf")) return { kind: "file", path: target };
    throw invalidName(
      target,
      `a file that ends in .gguf, or hf:OWNER/REPO:QUANT, is wanted, and where its path holds a comma a list, '["embedded:FILE"]'`,
    );
  }
  const [path = "", quantization = hubsChoice, ...rest] = target.slice(3).split(":");
  const [owner = "", repository = "", ...deeper] = path.split("/");
  const parts = [owner, repository, quantization];
  if (rest.length > 0 || deeper.length > 0 || !parts.every((part) => hubPart.test(part))) {
    throw invalidName(
      target,
      "hf:OWNER/REPO:QUANT is wanted, such as hf:Qwen/Qwen3-4B-GGUF:Q4_K_M",
    );
  }
  return { kind: "hugging-face", owner, repository, quantization };
}

function invalidName(target: string, wanted: string): AgentError {
  return new AgentError(
    "USAGE",
    `Opening an embedded model: ${JSON.stringify(target.slice(0, 100))} is no name of one; ${wanted}; correct --model.`,
    { blame: "caller" },
  );
}
