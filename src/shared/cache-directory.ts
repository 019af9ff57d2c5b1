import { homedir } from "node:os";
import { join } from "node:path";

/** Returns where this user's caches belong on this system; nothing there is ever needed again. */
export function defaultCacheDirectory(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  if (platform === "win32") {
    return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "autodidact", "Cache");
  }
  if (platform === "darwin") {
    return join(homedir(), "Library", "Caches", "autodidact");
  }
  const configured = env["XDG_CACHE_HOME"];
  const isAbsolute = configured?.startsWith("/") === true;
  return join(isAbsolute ? configured : join(homedir(), ".cache"), "autodidact");
}
