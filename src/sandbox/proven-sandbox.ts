import { AgentError } from "../shared/errors.ts";
import type { Sandbox } from "./sandbox.ts";
import { type SelfTestReport, selfTest } from "./self-test.ts";
import type { SelfTestCache } from "./self-test-cache.ts";

/**
 * Returns the sandbox behind its self-test: no program starts before every probe has held, in this
 * process or, for the same things underneath, within the last day. Fails closed.
 */
export function provenSandbox(
  sandbox: Sandbox,
  cache: SelfTestCache,
  test: (sandbox: Sandbox) => Promise<SelfTestReport> = selfTest,
): Sandbox {
  let proof: Promise<void> | undefined;

  const prove = async (): Promise<void> => {
    if (await cache.hasPassed()) {
      return;
    }
    const report = await test(sandbox);
    if (!report.passed) {
      throw unproven(report);
    }
    await cache.storePassed();
  };
  const proven = (): Promise<void> => {
    proof ??= prove().catch((error: unknown) => {
      // Not for good: a machine too busy to answer in time may answer the next time.
      proof = undefined;
      throw error;
    });
    return proof;
  };
  return {
    language: sandbox.language,
    backend: sandbox.backend,
    runtime: sandbox.runtime,
    start: async (program, limits, signal) => {
      await proven();
      return await sandbox.start(program, limits, signal);
    },
    warm: async () => {
      await proven();
      await sandbox.warm();
    },
    close: () => sandbox.close(),
  };
}

function unproven(report: SelfTestReport): AgentError {
  const broken = report.findings.filter((finding) => !finding.held);
  const names = broken.map(({ name, detail }) => `${name} (${detail})`).join("; ");
  return new AgentError(
    "SANDBOX_UNAVAILABLE",
    `Testing the sandbox ${report.backend}: ${names} did not hold, every probe must; ` +
      "run autodidact doctor; nothing is executed meanwhile.",
    { blame: "environment" },
  );
}
