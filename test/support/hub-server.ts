import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface HubServerOptions {
  /** By their path in the repository. */
  readonly files: Readonly<Record<string, Buffer>>;
  /** What `X-Linked-Etag` says instead of the right digest. */
  readonly claimedSha256?: string;
  /** What `X-Linked-Size` says instead of the right size. */
  readonly claimedBytes?: number;
  /** The whole answer that says which files there are. */
  readonly manifest?: string;
  /** Each answer with a file's bytes breaks after so many of them, once for each entry. */
  readonly breaksAfterBytes?: readonly number[];
  /** Sends the whole file where a part was asked for. */
  readonly ignoresRanges?: boolean;
  /** For every request. */
  readonly status?: number;
  /** Where a file's address leads, instead of this server's own storage. */
  readonly redirectTo?: string;
}

export interface HubServer {
  readonly url: string;
  /** `METHOD path range` of each request. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** A Hugging Face hub with one repository, as far as downloads see it. */
export async function startHubServer(options: HubServerOptions): Promise<HubServer> {
  const requests: string[] = [];
  const breaks = [...(options.breaksAfterBytes ?? [])];
  const server = createServer((request, response) => {
    const { range = "-" } = request.headers;
    requests.push(`${request.method} ${request.url} ${range}`);
    answer(options, breaks, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(
  options: HubServerOptions,
  breaks: number[],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = decodeURIComponent(new URL(request.url ?? "", "http://hub").pathname);
  if (options.status !== undefined) {
    response.writeHead(options.status).end("{}");
    return;
  }
  const [first = ""] = Object.keys(options.files);
  if (path.includes("/manifests/")) {
    const asks = request.headers["user-agent"] === "llama-cpp";
    const manifest = JSON.stringify(asks ? { ggufFile: { rfilename: first } } : {});
    response.end(options.manifest ?? manifest);
    return;
  }
  const name = path.replace(/^.*\/(?:resolve\/main|storage)\//, "");
  const bytes = options.files[name];
  if (bytes === undefined) {
    response.writeHead(404).end();
  } else if (path.startsWith("/storage/")) {
    sendBytes(options, breaks, request, response, bytes);
  } else {
    const sha256 = options.claimedSha256 ?? createHash("sha256").update(bytes).digest("hex");
    response
      .writeHead(302, {
        location: options.redirectTo ?? `/storage/${name}`,
        "x-linked-size": options.claimedBytes ?? bytes.length,
        "x-linked-etag": `"${sha256}"`,
      })
      .end();
  }
}

function sendBytes(
  options: HubServerOptions,
  breaks: number[],
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer,
): void {
  const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
  const from = options.ignoresRanges === true || start === undefined ? 0 : Number(start);
  const part = bytes.subarray(from);
  response.writeHead(start === undefined || options.ignoresRanges === true ? 200 : 206, {
    "content-length": part.length,
    ...(from > 0 ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  });
  const breakAfter = breaks.shift();
  if (breakAfter === undefined) {
    response.end(part);
  } else {
    response.write(part.subarray(0, breakAfter), () => setTimeout(() => response.destroy(), 20));
  }
}
