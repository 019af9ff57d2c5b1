import { describe, expect, it } from "vitest";
import { namespaceArguments, outermostPaths } from "./namespace-arguments.ts";

const view = {
  readOnlyPaths: ["/usr/lib/python3.11", "/lib64/ld.so"],
  hiddenPaths: ["/usr/lib/python3.11/site-packages"],
  memoryFolders: [{ path: "/work", bytes: 64 }],
  hasProcesses: false,
  capabilities: ["CAP_SYS_ADMIN"],
  workingFolder: "/work",
  environment: { HOME: "/work" },
};

describe("namespaceArguments", () => {
  it("namespaceArguments() gives a process every namespace, no right and nobody's name", () => {
    expect(namespaceArguments(view).join(" ")).toBe(
      "--unshare-all --unshare-user --uid 65534 --gid 65534 --hostname sandbox --die-with-parent " +
        "--cap-drop ALL --cap-add CAP_SYS_ADMIN --clearenv --setenv HOME /work " +
        "--ro-bind /lib64/ld.so /lib64/ld.so --ro-bind /usr/lib/python3.11 /usr/lib/python3.11 " +
        "--size 4096 --tmpfs /usr/lib/python3.11/site-packages " +
        "--remount-ro /usr/lib/python3.11/site-packages " +
        "--dev-bind /dev/null /dev/null --dev-bind /dev/zero /dev/zero " +
        "--dev-bind /dev/urandom /dev/urandom --size 64 --tmpfs /work --remount-ro / " +
        "--chdir /work --",
    );
  });

  it("namespaceArguments() mounts processes read-only when a runtime needs them", () => {
    const args = namespaceArguments({ ...view, hasProcesses: true }).join(" ");
    expect(args).toContain("--proc /proc --remount-ro /proc");
  });

  it("namespaceArguments() never shares the network or gives a folder to write on the disk", () => {
    const args = namespaceArguments({ ...view, hasProcesses: true });
    expect(args.filter((arg) => /^--(?:share-net|bind|bind-try|dev)$/.test(arg))).toEqual([]);
  });
});

describe("outermostPaths", () => {
  it("outermostPaths() leaves out what another path holds, and what comes twice", () => {
    expect(outermostPaths(["/usr/lib", "/usr/lib/a", "/usr/library", "/usr/lib"])).toEqual([
      "/usr/lib",
      "/usr/library",
    ]);
  });
});
