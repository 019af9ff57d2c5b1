/**
 * How a native CPython shuts the door behind itself, before any skill code is compiled: bounds the
 * folders, makes the program's tree read-only, gives up every capability and installs the seccomp
 * filter. Each step is checked; one that fails ends the process. Reaches C through `_ctypes` alone,
 * since `ctypes` costs a cold start several milliseconds.
 */
export const harnessLock = `
import _ctypes

_REMOUNT, _BIND, _READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_EXECUTION = 32, 4096, 1, 2, 4, 8
_SET_NO_NEW_PRIVILEGES = 38
_CAPABILITY_VERSION_3 = 0x20080522
_SET_MODE_FILTER, _SYNCHRONIZE_THREADS = 1, 1
_EPERM, _EACCES = 1, 13


class _Long(_ctypes._SimpleCData):
    _type_ = "l"


class _Unsigned(_ctypes._SimpleCData):
    _type_ = "L"


class _Pointer(_ctypes._SimpleCData):
    _type_ = "z"


class _Function(_ctypes.CFuncPtr):
    # The C convention, errno kept apart.
    _flags_ = 1 | 8
    _restype_ = _Long


_system_call = _Function(_ctypes.dlsym(_ctypes.dlopen(None, 0), "syscall"))


def _kernel(name, *arguments):
    """0, or the errno that the kernel refused with."""
    passed = [_Long(item) if isinstance(item, int) else item for item in arguments]
    result = _system_call(_Long(_CONFIGURATION["systemCalls"][name]), *passed)
    return 0 if result >= 0 else _ctypes.get_errno()


def _require(step, refusal):
    if refusal != 0:
        raise OSError(refusal, "%s: %s" % (step, os.strerror(refusal)))


class _Limits(_ctypes.Array):
    """struct rlimit64: what holds now, and what it may be raised to."""
    _type_ = _Unsigned
    _length_ = 2


def _bound_resources():
    """What the kernel enforces even when the host is dead; whoever has less already keeps that."""
    for limit, most in _CONFIGURATION["resourceLimits"]:
        found = _Limits()
        _require("reading limit %d" % limit, _kernel("prlimit64", 0, limit, None, found))
        bounds = _Limits(*(min(most, each) for each in found))
        _require("setting limit %d" % limit, _kernel("prlimit64", 0, limit, bounds, None))


def _bound_folder(folder, options):
    """Bounds what a folder may hold, its number of files too, which bubblewrap cannot."""
    flags = _REMOUNT | _NO_SUID | _NO_DEVICES
    refusal = _kernel("mount", b"tmpfs", folder.encode(), b"tmpfs", flags, options.encode())
    # Where AppArmor keeps capabilities from us, bubblewrap's own bound of the bytes stands alone.
    if refusal not in (_EPERM, _EACCES):
        _require("bounding " + folder, refusal)


def _make_read_only(folder):
    flags = _REMOUNT | _BIND | _READ_ONLY | _NO_SUID | _NO_DEVICES
    refusal = _kernel("mount", b"none", folder.encode(), b"", flags, b"")
    if refusal in (_EPERM, _EACCES):
        _forbid_writing_but_in(_CONFIGURATION["writableFolders"])
    else:
        _require("making %s read-only" % folder, refusal)


def _protect_devices():
    """The nodes are the host's own: where root is nobody inside, nobody could change their mode."""
    flags = _REMOUNT | _BIND | _READ_ONLY | _NO_SUID | _NO_EXECUTION
    for device in _CONFIGURATION["devices"]:
        refusal = _kernel("mount", b"none", device.encode(), b"", flags, b"")
        if refusal not in (_EPERM, _EACCES) or _owns(device):
            _require("protecting " + device, refusal)


def _owns(path):
    """Asks the kernel: seen from inside, root's files and anybody else's look alike."""
    try:
        os.chmod(path, os.stat(path).st_mode & 0o7777)
    except OSError:
        return False
    return True


def _forbid_writing_but_in(folders):
    """Landlock: needs no capability, and holds for the process where a mount cannot be changed."""
    _require("giving up new privileges", _kernel("prctl", _SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    version = _system_call(_Long(444), _Long(0), _Long(0), _Long(1))
    if version < 3:
        raise OSError("Landlock of version 3 is wanted to hold a tree read-only, it is %d" % version)
    # WRITE_FILE and TRUNCATE, and between them everything that makes, moves or removes a name.
    content = 2 | 1 << 14
    rights = content | sum(1 << bit for bit in range(4, 14))
    ruleset = _system_call(_Long(444), rights.to_bytes(8, sys.byteorder), _Long(8), _Long(0))
    if ruleset < 0:
        raise OSError(_ctypes.get_errno(), "making a Landlock ruleset")
    for path, allowed in [*((folder, rights) for folder in folders), ("/dev/null", content)]:
        descriptor = os.open(path, os.O_PATH)
        beneath = allowed.to_bytes(8, sys.byteorder) + descriptor.to_bytes(4, sys.byteorder)
        _require("allowing " + path, _kernel("landlock_add_rule", ruleset, 1, beneath, 0))
        os.close(descriptor)
    _require("restricting itself", _kernel("landlock_restrict_self", ruleset, 0))
    os.close(ruleset)


def _give_up_capabilities():
    header = _CAPABILITY_VERSION_3.to_bytes(4, sys.byteorder) + bytes(4)
    _require("giving up capabilities", _kernel("capset", header, bytes(24)))
    _require("giving up new privileges", _kernel("prctl", _SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0))


def _install_filter():
    instructions = bytearray(_from_base64(_CONFIGURATION["filterBase64"]))
    own = os.getpid().to_bytes(4, "little")
    for offset in _CONFIGURATION["pidOffsets"]:
        instructions[offset:offset + 4] = own
    held = _Pointer(bytes(instructions))
    # struct sock_fprog: the count, padding to a pointer's width, the pointer.
    count = (len(instructions) // 8).to_bytes(2, sys.byteorder)
    program = count + bytes(6) + bytes(memoryview(held))
    refusal = _kernel("seccomp", _SET_MODE_FILTER, _SYNCHRONIZE_THREADS, program)
    _require("installing the seccomp filter", refusal)
    # Without a filter this asks for nothing and is granted.
    if _kernel("unshare", 0) != _EPERM:
        raise OSError("the seccomp filter is not in force")


def _lock():
    _protect_devices()
    _make_read_only(_PROGRAM_FOLDER)
    _give_up_capabilities()
    _install_filter()
`;
