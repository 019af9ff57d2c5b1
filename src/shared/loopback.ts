import { isIPv4 } from "node:net";

/**
 * Takes the hostname of a parsed URL, in which odd spellings of an address are already undone. No other
 * name is this machine: a resolver need not obey RFC 6761, so that `x.localhost`, and `localhost.` with
 * its dot, may be asked of a name server.
 */
export function isLoopbackName(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname === "[::1]" ||
    (isIPv4(hostname) && hostname.startsWith("127."))
  );
}
