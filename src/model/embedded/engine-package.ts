/** What has to be installed, and nothing that is built or downloaded on top of it. */
export const engineRemedy =
  "npm install --omit=optional node-llama-cpp@3.22.0 @node-llama-cpp/linux-x64@3.22.0";

/** Returns the version of the engine's package, or undefined where it is not installed. */
export async function engineVersion(): Promise<string | undefined> {
  try {
    const { getModuleVersion } = await import("node-llama-cpp");
    return await getModuleVersion();
  } catch {
    // Optional: that it cannot be loaded is the answer.
    return undefined;
  }
}
