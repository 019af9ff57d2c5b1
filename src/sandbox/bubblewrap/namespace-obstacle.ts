/** What the kernel says of user namespaces; a setting this kernel does not have is undefined. */
export interface NamespaceSettings {
  /** kernel.apparmor_restrict_unprivileged_userns: Ubuntu's since 23.10. */
  readonly apparmorRestricts: number | undefined;
  /** kernel.unprivileged_userns_clone: Debian's. */
  readonly unprivilegedClone: number | undefined;
  /** user.max_user_namespaces */
  readonly maxUserNamespaces: number | undefined;
  readonly isRoot: boolean;
  readonly isContainer: boolean;
}

export interface Obstacle {
  readonly reason: string;
  readonly remedy: string;
}

const apparmorRemedy =
  "sudo apt-get install apparmor-profiles && " +
  "sudo ln -s /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ && " +
  "sudo apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict";

/**
 * Says why bubblewrap could not make a namespace, and the remedy. The kernel's settings decide first;
 * bubblewrap is another program that has no code for its failures, so its words are read only for
 * what no setting shows.
 */
export function namespaceObstacle(stderr: string, settings: NamespaceSettings): Obstacle {
  const said = stderr.trim().split("\n")[0]?.slice(0, 300) ?? "";
  const because = said === "" ? "" : ` (${said})`;
  if (settings.maxUserNamespaces === 0) {
    return {
      reason: `user namespaces are switched off: user.max_user_namespaces is 0${because}`,
      remedy: "sudo sysctl -w user.max_user_namespaces=15000",
    };
  }
  if (settings.unprivilegedClone === 0 && !settings.isRoot) {
    return {
      reason: `user namespaces are for root only: kernel.unprivileged_userns_clone is 0${because}`,
      remedy: "sudo sysctl -w kernel.unprivileged_userns_clone=1",
    };
  }
  if (settings.apparmorRestricts === 1 && !settings.isRoot) {
    return {
      reason: `AppArmor forbids user namespaces to bwrap${because}`,
      remedy: apparmorRemedy,
    };
  }
  if (/unknown option/i.test(said)) {
    return {
      reason: `this bubblewrap is too old${because}`,
      remedy: "install bubblewrap 0.7.0 or newer",
    };
  }
  if (/max_\*_namespaces exceeded/.test(said)) {
    return {
      reason: `no more user namespaces are allowed${because}`,
      remedy: "sudo sysctl -w user.max_user_namespaces=15000",
    };
  }
  if (/does not support user namespaces/.test(said)) {
    return {
      reason: `this kernel has no user namespaces${because}`,
      remedy: "boot a kernel with CONFIG_USER_NS",
    };
  }
  if (settings.isContainer) {
    return {
      reason: `the container around this process forbids namespaces${because}`,
      remedy:
        "start the container with --security-opt seccomp=unconfined --security-opt " +
        "apparmor=unconfined, or run outside of it",
    };
  }
  return {
    reason: `bwrap could not make namespaces${because}`,
    remedy: "run bwrap --unshare-all --ro-bind / / true and repair what it says",
  };
}
