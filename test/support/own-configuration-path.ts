import { tmpdir } from "node:os";
import { join } from "node:path";

/** In the process that starts the tests; those it starts find it in their environment. */
export const ownConfiguration = join(tmpdir(), `autodidact-test-configuration-${process.pid}`);
