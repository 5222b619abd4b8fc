"""Pictures in an object store: an address for each name, which is read when it is looked at."""

import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from facesearch.errors import InputError, quoted

NAME = "{name}"
FORM = f"https://HOST/PATH/{NAME} or s3://BUCKET/PATH/{NAME}"
LARGEST = 32 << 20  # bytes of a picture
CONNECT, ANSWER = 5.0, 15.0  # seconds to wait for a connection, and for what comes next
AWAY = 10.0  # seconds in which a store that could not be reached is not asked again

log = logging.getLogger(__name__)


class PictureStore:
    """Pictures by the paths of a gallery's photographs.

    Args:
        template: an address of https, http or s3, in whose path `{name}` stands for a photograph's
            path, which is escaped. What follows a "?", as of an address that is signed, stays.

    Secrets of S3 come from where boto3 looks for them: environment, files, the machine's role.
    Raises `InputError` for another address, and where s3 is asked for and its package is missing.
    """

    def __init__(self, template: str) -> None:
        try:
            parts = urlsplit(template)
            secret = parts.username is not None or parts.password is not None
        except ValueError:
            raise InputError(f"--images is no address: give one such as {FORM}") from None
        if parts.scheme not in ("http", "https", "s3"):
            raise InputError(
                f"--images {quoted(template)}: give a folder, or an address such as {FORM}"
            )
        if secret:
            raise InputError(
                "--images holds a password, which the shell's history would keep: leave it out."
            )
        if not parts.netloc or template.count(NAME) != 1 or NAME not in parts.path:
            raise InputError(
                f"--images {quoted(template)}: {NAME} must stand once, in the path, as in {FORM}"
            )
        self._template, self.host = template, parts.netloc
        self._away_until = 0.0
        self._read: Callable[[str], bytes | None] = _of_s3() if parts.scheme == "s3" else _of_web()

    def __str__(self) -> str:
        """Where it is, less what may be secret."""
        return self.host

    def address(self, photo: str) -> str:
        """Where a photograph is. In S3 a name is a name; elsewhere it is escaped."""
        name = photo if self._template.startswith("s3:") else quote(photo)
        return self._template.replace(NAME, name)

    def read(self, photo: str) -> bytes | None:
        """A photograph's bytes; None where there is none, it is too large, or the store is away,
        which the log says."""
        if time.monotonic() < self._away_until:
            return None
        try:
            return self._read(self.address(photo))
        except FileNotFoundError:
            return None
        except Exception as error:  # whatever the libraries below raise: names stand in
            self._away_until = time.monotonic() + AWAY
            log.warning(
                "Pictures can't be had from %s (%s): names stand in for them.",
                self,
                type(error).__name__,
            )
            return None


def _of_web() -> Callable[[str], bytes | None]:
    """Reads an address, without being led to another one."""
    import httpx

    client = httpx.Client(timeout=httpx.Timeout(ANSWER, connect=CONNECT), follow_redirects=False)

    def read(address: str) -> bytes | None:
        deadline, content = time.monotonic() + ANSWER, bytearray()
        with client.stream("GET", address) as answer:
            if answer.status_code in (401, 403) or answer.status_code >= 500:
                raise PermissionError(f"status {answer.status_code}")
            if answer.status_code != 200:
                return None
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > LARGEST:
                    return None
                if time.monotonic() > deadline:
                    raise TimeoutError
        return bytes(content)

    return read


def _of_s3() -> Callable[[str], bytes | None]:
    try:
        import s3fs
    except ModuleNotFoundError as error:
        raise InputError(
            f"Pictures in S3 need packages that are not here ({error.name}). Install them with: "
            'pip install "facesearch[s3]"'
        ) from None
    waits = {"connect_timeout": CONNECT, "read_timeout": ANSWER, "retries": {"max_attempts": 1}}
    files: Any = s3fs.S3FileSystem(config_kwargs=waits)

    def read(address: str) -> bytes | None:
        content: bytes = files.cat_file(address, start=0, end=LARGEST + 1)
        return content if len(content) <= LARGEST else None

    return read
