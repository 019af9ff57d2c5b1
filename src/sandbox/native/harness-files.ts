/**
 * The folders of a native CPython: empties them, lays files out, and reads the work folder back. Each
 * name in it is the skill's choice, so nothing is followed, and nothing is read before it is measured.
 */
export const harnessFiles = `
_WORK = "/work"
_MAX_PATH = 1_000


class _FolderProblem(Exception):
    def __init__(self, detail, limit=None):
        super().__init__(detail)
        self.limit = limit


def _free_name(folder, serial):
    while True:
        serial += 1
        path = "%s/.flat-%d" % (folder, serial)
        if not os.path.lexists(path):
            return path, serial


def _empty_folder(folder):
    """Flattens as it goes: a tree deeper than a path may be long has no other way to be removed."""
    os.chmod(folder, 0o755)
    serial = 0
    names = os.listdir(folder)
    while names:
        for name in names:
            path = folder + "/" + name
            if not _is_folder(path):
                os.unlink(path)
                continue
            os.chmod(path, 0o700)
            for inner in os.listdir(path):
                below = path + "/" + inner
                if _is_folder(below):
                    os.chmod(below, 0o700)
                    target, serial = _free_name(folder, serial)
                    os.rename(below, target)
                else:
                    os.unlink(below)
            os.rmdir(path)
        names = os.listdir(folder)


def _is_folder(path):
    return os.lstat(path).st_mode & 0o170000 == 0o040000


def _write_files(folder, files):
    for path, content in files.items():
        full = folder + "/" + path
        parent = full.rpartition("/")[0]
        if parent != folder:
            os.makedirs(parent, exist_ok=True)
        with _open_text(full, "wb") as file:
            file.write(content)


def _fill_work(files):
    os.chdir("/")
    _empty_folder(_WORK)
    _empty_folder("/tmp")
    _write_files(_WORK, files)
    os.chdir(_WORK)


def _entries(folder):
    """Every file below, lazily: three hundred thousand must not be listed to be refused."""
    folders = [folder]
    while folders:
        current = folders.pop()
        if len(current) > len(_WORK) + _MAX_PATH:
            raise _FolderProblem("it made folders in folders, a path of %d characters" % len(current))
        os.chmod(current, 0o700)
        with os.scandir(current) as found:
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    yield entry.path


def _measure_work(limits):
    """The files of the work folder in order; refuses what is no plain file, or too much."""
    paths = []
    total = 0
    for path in _entries(_WORK):
        status = os.lstat(path)
        shown = path[len(_WORK) + 1:]
        if status.st_mode & 0o170000 != 0o100000 or status.st_nlink != 1:
            name = shown.rpartition("/")[2].encode("utf-8", "replace").decode()
            raise _FolderProblem("it made %s, which is no plain file" % name[:200])
        if len(shown) > _MAX_PATH:
            raise _FolderProblem("it made a path of %d characters" % len(shown))
        if shown.encode("utf-8", "surrogateescape").decode("utf-8", "ignore") != shown:
            raise _FolderProblem("it made a name that is no text")
        paths.append(shown)
        total += status.st_size
        if len(paths) > limits["maxFiles"]:
            raise _FolderProblem("it made too many files", "maxFiles")
        if total > limits["maxFileBytes"]:
            raise _FolderProblem("its files are too large", "maxFileBytes")
    return sorted(paths, key=lambda path: path.split("/"))


def _send_files(id, limits):
    # base64 takes a third more than the bytes, and the path some too.
    size = max(3, limits["maxMessageBytes"] // 6 * 3)
    for path in _measure_work(limits):
        full = _WORK + "/" + path
        os.chmod(full, 0o600)
        with _open_text(full, "rb") as file:
            content = file.read(limits["maxFileBytes"] + 1)
        start = 0
        while True:
            piece = _to_base64(content[start:start + size], newline=False).decode("ascii")
            start += size
            last = start >= len(content)
            message = {"type": "file", "id": id, "path": path, "contentBase64": piece, "last": last}
            _send(message)
            if last:
                break
`;
