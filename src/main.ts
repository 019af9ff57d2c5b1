import process from "node:process";

if (Number.parseInt(process.versions.node, 10) < 24) {
  // Starts a newer Node if the clone has one, or says what is wanted; then ends this process.
  await import(new URL("../bin/autodidact.mjs", import.meta.url).href);
} else {
  const { runProcess } = await import("./cli/process-environment.ts");
  await runProcess(async (settings) => {
    const { openApplication } = await import("./wiring.ts");
    return openApplication(settings);
  });
}
