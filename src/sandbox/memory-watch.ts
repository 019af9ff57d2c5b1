import { residentBytes } from "./process-memory.ts";

const intervalMs = 50;

/**
 * Watches a process tree's resident memory until it is stopped, and calls `onExceeded` once when it
 * passes the limit. A sample every 50 ms: what grows faster meets the kernel's limit on Linux.
 */
export function watchMemory(
  pid: number,
  maxBytes: number,
  onExceeded: (bytes: number) => void,
): { stop(): void } {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const sample = async (): Promise<void> => {
    const bytes = await residentBytes(pid);
    if (isStopped) {
      return;
    }
    if (bytes > maxBytes) {
      isStopped = true;
      onExceeded(bytes);
      return;
    }
    timer = setTimeout(() => void sample(), intervalMs);
  };
  timer = setTimeout(() => void sample(), intervalMs);
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
