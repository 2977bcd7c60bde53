"""What a refusal of the operating system means for whoever keeps the files."""

import errno

_MEANINGS = {
    errno.ENOENT: "is missing. Put it back from a backup, or check how the path is spelt",
    errno.EACCES: "may not be used by this user. Give it back to the user of the broker: chown, "
    "chmod 700 for a folder, chmod 600 for a file",
    errno.EPERM: "may not be changed by this user. Run the command as the user of the broker",
    errno.EROFS: "lies on a disk that was mounted read-only. Look why, then mount it for writing",
    errno.ENOSPC: "cannot be written: the disk has no room. Free some space, then run it again",
    errno.EDQUOT: "cannot be written: the user's quota is used up. Free some space",
    errno.EIO: "cannot be read or written by the disk. Look at the disk before anything else",
    errno.ENOTDIR: "is no folder, or lies below something that is none. Move that away",
    errno.EISDIR: "is a folder where a file should be. Move it away",
    errno.EEXIST: "is there already. Name another, or move it away",
    errno.ELOOP: "is a symbolic link, which is not followed here. Put the real thing in its place",
}


def file_trouble(error: OSError) -> str:
    """Return a sentence that names the file and the remedy; for operators alone."""
    what = "A file of the broker" if error.filename is None else str(error.filename)
    meaning = _MEANINGS.get(error.errno or 0)
    if meaning is None:
        return f"{what} cannot be used ({error.strerror or type(error).__name__})."
    return f"{what} {meaning}."
