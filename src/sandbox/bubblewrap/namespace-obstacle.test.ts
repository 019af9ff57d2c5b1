import { describe, expect, it } from "vitest";
import { type NamespaceSettings, namespaceObstacle } from "./namespace-obstacle.ts";

const open: NamespaceSettings = {
  apparmorRestricts: undefined,
  unprivilegedClone: undefined,
  maxUserNamespaces: 15_000,
  isRoot: false,
  isContainer: false,
};

type Case = [string, string, Partial<NamespaceSettings>, RegExp, RegExp];
const cases: Case[] = [
  [
    "AppArmor refuses the map",
    "bwrap: setting up uid map: Permission denied\n",
    { apparmorRestricts: 1 },
    /AppArmor forbids/,
    /^sudo apt-get install apparmor-profiles && sudo ln -s \/usr\/share\/apparmor\/extra-profiles\/bwrap-userns-restrict \/etc\/apparmor\.d\/ && sudo apparmor_parser -r \/etc\/apparmor\.d\/bwrap-userns-restrict$/,
  ],
  [
    "AppArmor refuses the network",
    "bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted\n",
    { apparmorRestricts: 1 },
    /AppArmor forbids/,
    /bwrap-userns-restrict/,
  ],
  [
    "Debian's switch is off",
    "bwrap: No permissions to create new namespace, likely because the kernel does not allow " +
      "non-privileged user namespaces. See <https://deb.li/bubblewrap>.\n",
    { unprivilegedClone: 0 },
    /for root only/,
    /kernel\.unprivileged_userns_clone=1/,
  ],
  [
    "the count is set to 0",
    "bwrap: Creating new namespace failed: nesting depth or /proc/sys/user/max_*_namespaces exceeded (ENOSPC)\n",
    { maxUserNamespaces: 0 },
    /switched off/,
    /user\.max_user_namespaces=/,
  ],
  [
    "the count is used up",
    "bwrap: Creating new namespace failed: nesting depth or /proc/sys/user/max_*_namespaces exceeded (ENOSPC)\n",
    {},
    /no more user namespaces/,
    /user\.max_user_namespaces=/,
  ],
  [
    "the kernel has none",
    "bwrap: Creating new namespace failed, likely because the kernel does not support user namespaces.  bwrap must be installed setuid on such systems.\n",
    {},
    /no user namespaces/,
    /CONFIG_USER_NS/,
  ],
  [
    "a container forbids it",
    "bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces.\n",
    { isContainer: true, isRoot: true },
    /container/,
    /seccomp=unconfined/,
  ],
  ["bwrap is old", "bwrap: Unknown option --size\n", {}, /too old/, /0\.7\.0/],
  ["nothing is known", "bwrap: pivot_root: Invalid argument\n", {}, /pivot_root/, /bwrap/],
];

describe("namespaceObstacle", () => {
  it.each(cases)("namespaceObstacle() names cause and remedy when %s", (_name, ...given) => {
    const [stderr, settings, reason, remedy] = given;
    const obstacle = namespaceObstacle(stderr, { ...open, ...settings });
    expect(obstacle.reason).toMatch(reason);
    expect(obstacle.remedy).toMatch(remedy);
  });

  it("namespaceObstacle() does not blame what binds only others when it is root", () => {
    const settings = { ...open, apparmorRestricts: 1, unprivilegedClone: 0, isRoot: true };
    expect(namespaceObstacle("bwrap: x", settings).reason).toBe(
      "bwrap could not make namespaces (bwrap: x)",
    );
  });
});
