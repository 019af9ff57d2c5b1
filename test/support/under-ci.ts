/** Whether this is continuous integration, where nothing that a test needs may be missing. */
export function underCi(): boolean {
  return !["", "0", "false"].includes(process.env["CI"] ?? "");
}
