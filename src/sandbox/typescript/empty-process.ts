/**
 * Makes Node's own `process` nothing: Deno's code names it when it emits events and looks for streams,
 * and hands it to methods that a skill can have replaced. What is left of it is what a skill has
 * anyway, and its events call nobody.
 */
export function emptyProcess(real: object, members: object): void {
  // What Deno's own code for Node's modules needs; with it nothing is reached.
  const kept: readonly PropertyKey[] = ["nextTick", "_exiting"];
  for (const key of Reflect.ownKeys(real)) {
    if (!kept.includes(key)) {
      Reflect.deleteProperty(real, key);
    }
  }
  Object.setPrototypeOf(real, null);
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(members))) {
    if (!kept.includes(key)) {
      // Those that cannot be deleted stay: its number, its path. Nobody gets hold of them.
      Reflect.defineProperty(real, key, descriptor);
    }
  }
  for (const [key, answer] of Object.entries(silentEvents)) {
    Object.defineProperty(real, key, {
      value: () => answer,
      configurable: false,
      writable: false,
    });
  }
}

/** What the methods answer that would tell listeners, or look for some. */
const silentEvents = {
  emit: false,
  listenerCount: 0,
  on: undefined,
  once: undefined,
  off: undefined,
  addListener: undefined,
  prependListener: undefined,
  removeListener: undefined,
  removeAllListeners: undefined,
};
