import { isIP } from "node:net";

/** Takes the hostname of a parsed URL, in which odd spellings of an address are already undone. */
export function isLoopbackName(hostname: string): boolean {
  const name = hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  if (name === "localhost" || name.endsWith(".localhost") || name === "::1") return true;
  if (isIP(name) === 4) return name.startsWith("127.");
  return /^::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}$/.test(name);
}
