import { isOwnPeer } from "../config/model-chain.ts";
import type { RoleModels } from "../loop/role-models.ts";

/**
 * Peers in the order in which a server that holds one model at a time loads fewest: behind the coder's
 * programs the one that is the coder's own model, at the end the one that is asked next in another
 * role.
 */
export function peersInOrder(
  peers: readonly string[],
  models: Pick<RoleModels, "nameOf">,
): readonly string[] {
  const [coder, analyst] = [models.nameOf("coder"), models.nameOf("analyst")];
  const place = (name: string): number => {
    if (name === coder || isOwnPeer(name)) return 0;
    return name === analyst ? 2 : 1;
  };
  return peers.toSorted((one, other) => place(one) - place(other));
}
